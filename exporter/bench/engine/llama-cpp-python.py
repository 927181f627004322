"""Prefix scores by llama-cpp-python, as its users get them: each message is evaluated with the scores
of all positions kept.

The first line of the input is the setup, each further one a list of texts; all are JSON. For each list
one line is answered with the sum of the whole texts' scores. The program ends with its input.
"""

import json
import sys

from llama_cpp import Llama

setup = json.loads(sys.stdin.readline())
before, unknown = setup["before"], setup["unknown"]
positive, negative = setup["positive"], setup["negative"]
llm = Llama(
    model_path=setup["file"],
    n_ctx=setup["tokens"],
    n_batch=setup["tokens"],
    n_gpu_layers=0,
    n_threads=1,
    n_threads_batch=1,
    logits_all=True,
    verbose=False,
)


def prefix_scores(text):
    known = [token for token in llm.tokenize(text.encode(), add_bos=False) if token != unknown]
    if not known:
        return None
    llm.reset()
    llm.eval((before + known)[: setup["tokens"]])
    rows = llm.scores[len(before) : llm.n_tokens]
    return rows[:, positive] - rows[:, negative]


print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    scores = [prefix_scores(text) for text in json.loads(line)]
    print(json.dumps(sum(float(one[-1]) for one in scores if one is not None)), flush=True)
