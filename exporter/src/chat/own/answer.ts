import { randomUUID } from "node:crypto";
import type { Response } from "express";
import type { ChatOperation } from "@headroom/alerts/limits";
import type { ChatModelInfo, Generation } from "../../engine/generator.ts";
import type { Place } from "../../http/admission.ts";
import type { RequestMeter } from "../request-timing.ts";

/** What is the same in all parts of an answer. */
export interface AnswerHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  /** Changes with the model's file. */
  readonly system_fingerprint: string;
}

/** How OpenAI's two paths word an answer and its pieces. */
const WORDING = {
  chat: {
    id: "chatcmpl",
    object: { whole: "chat.completion", piece: "chat.completion.chunk" },
    whole: (text: string) => ({ message: { role: "assistant", content: text, refusal: null } }),
    piece: (text: string | undefined, isFirst: boolean) => ({
      delta: {
        ...(isFirst && { role: "assistant" }),
        ...((isFirst || text !== undefined) && { content: text ?? "" }),
      },
    }),
  },
  text_completion: {
    id: "cmpl",
    object: { whole: "text_completion", piece: "text_completion" },
    whole: (text: string) => ({ text }),
    piece: (text: string | undefined) => ({ text: text ?? "" }),
  },
} as const;

/** The paths that answer with a text. */
export type TextOperation = keyof typeof WORDING & ChatOperation;

/** Begins an answer. */
export function headOf(operation: TextOperation, { id, fingerprint }: ChatModelInfo): AnswerHead {
  return {
    id: `${WORDING[operation].id}-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: id,
    system_fingerprint: fingerprint,
  };
}

/** OpenAI's word for why a text ended. */
export const finishOf = ({ end }: Generation): "length" | "stop" =>
  end === "length" ? "length" : "stop";

/** The body of an answer in one piece. */
export function wholeAnswer(operation: TextOperation, head: AnswerHead, made: Generation): object {
  const { object, whole } = WORDING[operation];
  const choice = { index: 0, ...whole(made.text), logprobs: null, finish_reason: finishOf(made) };
  return { ...head, object: object.whole, choices: [choice], usage: usageOf(made) };
}

function usageOf({ tokens: { input, evaluated, output } }: Generation) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: Math.max(0, input - evaluated) },
  };
}

/**
 * An answer in pieces. Nothing leaves before the first. While its client does not read, what comes is joined to
 * one piece, and the client has its place only until another one needs it.
 */
export class StreamedAnswer {
  readonly #res: Response;
  readonly #place: Place;
  readonly #meter: RequestMeter;
  readonly #operation: TextOperation;
  readonly #head: AnswerHead;
  readonly #includeUsage: boolean;
  #pending = "";
  #isFirst = true;
  #isBlocked = false;

  constructor(
    {
      res,
      place,
      meter,
    }: { readonly res: Response; readonly place: Place; readonly meter: RequestMeter },
    { operation, head, includeUsage }: StreamedAs,
  ) {
    this.#res = res;
    this.#place = place;
    this.#meter = meter;
    this.#operation = operation;
    this.#head = head;
    this.#includeUsage = includeUsage;
  }

  /** Sends a piece of the text, or keeps it until the client has taken what it has. */
  add(text: string): void {
    this.#pending += text;
    if (!this.#isBlocked && this.#pending !== "") this.#write(this.#takePending());
  }

  /** Sends what is left, and why the text ended. */
  end(made: Generation): void {
    const left = this.#pending === "" ? "" : this.#takePending();
    const last = this.#event([{ ...this.#piece(undefined), finish_reason: finishOf(made) }]);
    const usage = this.#includeUsage ? this.#event([], usageOf(made)) : "";
    const rest = `${left}${last}${usage}data: [DONE]\n\n`;
    if (this.#isBlocked) this.#place.addAnswer(Buffer.byteLength(rest));
    this.#write(rest);
    this.#res.end();
  }

  #takePending(): string {
    const piece = this.#piece(this.#pending);
    this.#pending = "";
    this.#meter.content();
    return this.#event([{ ...piece, finish_reason: null }]);
  }

  #piece(text: string | undefined) {
    const { piece } = WORDING[this.#operation];
    const said = piece(text, this.#isFirst);
    this.#isFirst = false;
    return { index: 0, ...said, logprobs: null };
  }

  #event(choices: readonly object[], usage: object | null = null): string {
    const { object } = WORDING[this.#operation];
    const of = { ...this.#head, object: object.piece, choices };
    return `data: ${JSON.stringify(this.#includeUsage ? { ...of, usage } : of)}\n\n`;
  }

  #write(events: string): void {
    const res = this.#res;
    if (res.destroyed) return;
    if (!res.headersSent) {
      res.status(200);
      res.setHeader("Content-Type", "text/event-stream; charset=utf-8");
      res.setHeader("Cache-Control", "no-store");
      // Proxies such as nginx would collect the events otherwise.
      res.setHeader("X-Accel-Buffering", "no");
      this.#place.onEvict = () => res.destroy();
    }
    if (res.write(events) || this.#isBlocked) return;
    this.#isBlocked = true;
    const waits = res.writableLength;
    this.#place.addAnswer(waits);
    res.once("drain", () => {
      if (res.writableEnded) return;
      this.#isBlocked = false;
      this.#place.taken(waits);
      // From here on it waits for the model, which is not its fault.
      this.#place.received();
      this.add("");
    });
  }
}

interface StreamedAs {
  readonly operation: TextOperation;
  readonly head: AnswerHead;
  readonly includeUsage: boolean;
}
