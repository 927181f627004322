import { StringDecoder } from "node:string_decoder";
import type { RequestMeter } from "../request-timing.ts";
import { answerFrom, errorStatus, hasContent, noteFigures } from "./answer-fields.ts";

/** An event that is longer, in characters, passes unread. */
const LONGEST_EVENT = 1024 * 1024;

/**
 * Reads a streamed answer as it passes by: server-sent events (HTML Living Standard, section 9.2.6) whose data
 * are pieces of OpenAI's answers. It holds no more than one event, and of that no more than a bound.
 */
export class StreamReader {
  /** Whether the server said that nothing more comes. */
  isDone = false;
  /** Whether there was an event with a piece of an answer in it. */
  isAnswer = false;
  /** The status of an error that came as an event. */
  failure: number | undefined;
  readonly #meter: RequestMeter;
  readonly #decoder = new StringDecoder();
  #line = "";
  #isLineTooLong = false;
  /** Of the event so far. */
  #data: string | undefined;
  #pieces = 0;

  constructor(meter: RequestMeter) {
    this.#meter = meter;
  }

  /** Reads on. @returns how many pieces of content have become whole with this */
  read(bytes: Buffer): number {
    this.#pieces = 0;
    const lines = this.#decoder.write(bytes).split("\n");
    const begun = lines.pop()!;
    for (const end of lines) {
      if (!this.#isLineTooLong) this.#take(this.#line + end);
      this.#line = "";
      this.#isLineTooLong = false;
    }
    this.#line += begun;
    if (this.#line.length > LONGEST_EVENT) {
      this.#line = "";
      this.#isLineTooLong = true;
    }
    return this.#pieces;
  }

  /** The last event may lack the empty line after it. @returns as {@link read} does */
  end(): number {
    return this.read(Buffer.from("\n\n"));
  }

  #take(line: string): void {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (text === "") return this.#dispatch();
    if (!text.startsWith("data:")) return;
    const value = text.slice(text[5] === " " ? 6 : 5);
    const data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    this.#data = data.length > LONGEST_EVENT ? "" : data;
  }

  #dispatch(): void {
    const data = this.#data;
    this.#data = undefined;
    if (data === undefined) return;
    if (data === "[DONE]") return void (this.isDone = true);
    const answer = answerFrom(data);
    if (!answer) return;
    this.isAnswer = true;
    if (hasContent(answer)) this.#pieces += 1;
    noteFigures(answer, this.#meter);
    this.failure ??= errorStatus(answer);
  }
}
