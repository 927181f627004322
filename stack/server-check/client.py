"""Asks a server with OpenAI's own client: client.py <address of its /v1> <model>

Prints one JSON object of what the client saw. Nothing is tried twice.
"""
import json
import sys
import time

from openai import APIStatusError, OpenAI

address, model = sys.argv[1:]
client = OpenAI(base_url=address, api_key="none", max_retries=0, timeout=120)


def ask(text, **more):
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(
        model=model, messages=messages, temperature=0, **{"max_tokens": 16, **more}
    )


def stream(text, pieces_wanted=None):
    began = time.monotonic()
    first = None
    pieces = 0
    finish = None
    with ask(text, stream=True) as chunks:
        for chunk in chunks:
            for choice in chunk.choices:
                if choice.delta.content:
                    first = first or time.monotonic() - began
                    pieces += 1
                finish = choice.finish_reason or finish
            if pieces == pieces_wanted:
                break
    return {"pieces": pieces, "first": first, "finish": finish}


def error():
    try:
        ask("too long " * 20_000)
        return None
    except APIStatusError as caught:
        return {"status": caught.status_code, "code": caught.code}


whole = ask("Say something about rivers.")
seen = {
    "models": [listed.id for listed in client.models.list()],
    "whole": {
        "text": whole.choices[0].message.content,
        "inputTokens": whole.usage.prompt_tokens,
        "outputTokens": whole.usage.completion_tokens,
    },
    "stream": stream("Say something about mountains."),
    "error": error(),
    "aborted": stream("Say something about the sea.", pieces_wanted=2),
}
print(json.dumps(seen))
