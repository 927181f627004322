/** Does some work under a title and shows that it goes on. */
export type Activity = <T>(title: string, work: () => Promise<T>) => Promise<T>;

/** What work shows its progress with, and what ends it. */
export interface Running {
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/** The part of a stream that progress needs; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** A line that is written again and again. */
export interface LiveLine {
  show(text: string): void;
  /** Ends the line, so that the next text starts on its own. */
  end(): void;
}

/** On a terminal one line counts the seconds; elsewhere a line now and then must do. */
const TERMINAL_MS = 1_000;
const LOG_MS = 10_000;
const LIVE_LOG_MS = 5_000;

/** Returns to the beginning of the line and empties it. */
const AGAIN = "\r\x1b[K";

/** Makes an {@link Activity} that writes to `stream`, in plain ASCII. */
export function activityOn(stream: ProgressStream): Activity {
  return async (title, work) => {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const show = stream.isTTY
      ? () => stream.write(`${AGAIN}${fit(`${title} ... ${seconds()} s`, stream.columns)}`)
      : () => stream.write(`${title}: still at it, ${seconds()} s\n`);
    stream.write(stream.isTTY ? `${title} ...` : `${title} ...\n`);
    const timer = setInterval(show, stream.isTTY ? TERMINAL_MS : LOG_MS);
    let outcome = "failed";
    try {
      const result = await work();
      outcome = "done";
      return result;
    } finally {
      clearInterval(timer);
      const took = seconds() > 0 ? ` (${seconds()} s)` : "";
      stream.write(`${stream.isTTY ? AGAIN : ""}${title}: ${outcome}${took}\n`);
    }
  };
}

/** A line that is rewritten in place on a terminal and elsewhere printed every five seconds. */
export function liveLineOn(stream: ProgressStream, now: () => number = Date.now): LiveLine {
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (text) => {
      if (stream.isTTY) stream.write(`${AGAIN}${fit(text, stream.columns)}`);
      else if (now() - last < LIVE_LOG_MS) return;
      else stream.write(`${text}\n`);
      shown = true;
      last = now();
    },
    end: () => {
      if (stream.isTTY && shown) stream.write("\n");
      shown = false;
    },
  };
}

/** Says a line of its own, also where a line stands that is rewritten. */
export function say(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? AGAIN : ""}${text}\n`);
}

/** Cuts a text to the width of a terminal, since a line that wraps cannot be rewritten. */
export function fit(text: string, columns = 80): string {
  return text.length < columns ? text : `${text.slice(0, columns - 4)}...`;
}
