import type { StatusEvent } from "./request.ts";
import type { Statement, Summary } from "./summary.ts";

/** Tells a client, in order and only once each, what happens on the way to its answer. */
export class Telling {
  readonly #tell: (event: StatusEvent) => void;
  #foundTold = false;
  #text = "";
  #finished = false;

  constructor(onEvent: ((event: StatusEvent) => void) | undefined) {
    this.#tell = onEvent ?? (() => {});
  }

  findings({ status, takenAt, findings, unavailable }: Statement): void {
    if (this.#foundTold || this.#finished) return;
    this.#foundTold = true;
    this.#tell({ type: "findings", statement: { status, takenAt, findings, unavailable } });
  }

  /** The next piece of a summary; one that comes after the answer is dropped. */
  text(piece: string): void {
    if (this.#finished) return;
    this.#text += piece;
    this.#tell({ type: "delta", text: piece });
  }

  /** Tells what is missing, or takes back what does not belong to the summary. */
  finish(summary: Summary): void {
    this.findings(summary);
    this.#finished = true;
    if (this.#text === "") {
      this.#tell({ type: "delta", text: summary.summary });
    } else if (this.#text.trim() !== summary.summary) {
      const { fallback } = summary;
      this.#tell({ type: "replace", summary: summary.summary, ...(fallback && { fallback }) });
    }
  }
}
