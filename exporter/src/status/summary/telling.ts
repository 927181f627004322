import type { Statement, StatusEvent, Summary } from "../answer.ts";

/** Tells a client, in order and only once each, what happens on the way to its answer. */
export class Telling {
  readonly #tell: (event: StatusEvent) => void;
  #foundTold = false;
  #told = 0;
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
    this.#told += piece.length;
    this.#tell({ type: "delta", text: piece });
  }

  /** Tells what is missing; a summary begins with what was told of it. */
  finish(summary: Summary): void {
    this.findings(summary);
    this.#finished = true;
    const rest = summary.summary.slice(this.#told);
    if (rest !== "") this.#tell({ type: "delta", text: rest });
  }
}
