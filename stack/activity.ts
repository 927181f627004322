/** Does some work under a title and shows that it goes on. */
export type Activity = <T>(title: string, work: () => Promise<T>) => Promise<T>;

/** The part of a stream that progress needs; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** On a terminal one line counts the seconds; elsewhere a line now and then must do. */
const TERMINAL_MS = 1_000;
const LOG_MS = 10_000;

/** Makes an {@link Activity} that writes to `stream`, in plain ASCII. */
export function activityOn(stream: ProgressStream): Activity {
  return async (title, work) => {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const show = stream.isTTY
      ? () => stream.write(`\r\x1b[K${fit(`${title} ... ${seconds()} s`, stream.columns)}`)
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
      stream.write(`${stream.isTTY ? "\r\x1b[K" : ""}${title}: ${outcome}${took}\n`);
    }
  };
}

/** Cuts a text to the width of a terminal, since a line that wraps cannot be rewritten. */
export function fit(text: string, columns = 80): string {
  return text.length < columns ? text : `${text.slice(0, columns - 4)}...`;
}
