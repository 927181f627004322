import { wrap } from "@headroom/loadtest/report/columns";
import { fit, screenOn } from "@headroom/loadtest/report/terminal";

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
  /** @param paint - colours what of the text fits the terminal */
  show(text: string, paint?: (fitting: string) => string): void;
  /** Ends the line, so that the next text starts on its own. */
  end(): void;
}

/** On a terminal one line counts the seconds; elsewhere a line now and then must do. */
const TERMINAL_MS = 1_000;
const LOG_MS = 10_000;
const LIVE_LOG_MS = 5_000;

/** Returns to the beginning of the line and empties it, which a dumb terminal cannot. */
const AGAIN = "\r\x1b[K";
const isLive = ({ isTTY }: ProgressStream): boolean =>
  isTTY === true && process.env["TERM"] !== "dumb";

/** Makes an {@link Activity} that writes to `stream`, in plain ASCII. */
export function activityOn(stream: ProgressStream): Activity {
  return async (title, work) => {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const live = isLive(stream);
    const show = live
      ? () => stream.write(`${AGAIN}${fit(`${title} ... ${seconds()} s`, stream.columns)}`)
      : () => stream.write(`${title}: still at it, ${seconds()} s\n`);
    stream.write(live ? fit(`${title} ...`, stream.columns) : `${title} ...\n`);
    const timer = setInterval(show, live ? TERMINAL_MS : LOG_MS);
    let outcome = "failed";
    try {
      const result = await work();
      outcome = "done";
      return result;
    } finally {
      clearInterval(timer);
      const took = seconds() > 0 ? ` (${seconds()} s)` : "";
      stream.write(`${live ? AGAIN : ""}${title}: ${outcome}${took}\n`);
    }
  };
}

/** A line that is rewritten in place on a terminal and elsewhere printed every five seconds. */
export function liveLineOn(stream: ProgressStream, now: () => number = Date.now): LiveLine {
  const live = isLive(stream);
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (text, paint = (fitting) => fitting) => {
      if (live) stream.write(`${AGAIN}${paint(fit(text, stream.columns))}`);
      else if (now() - last < LIVE_LOG_MS) return;
      else stream.write(`${text}\n`);
      shown = true;
      last = now();
    },
    end: () => {
      if (live && shown) stream.write("\n");
      shown = false;
    },
  };
}

/** Says something on lines of its own, also where a line stands that is rewritten. */
export function say(text: string): void {
  const screen = screenOn(process.stderr);
  const lines = wrap(text, screen.columns, screen).join("\n");
  process.stderr.write(`${isLive(process.stderr) ? AGAIN : ""}${lines}\n`);
}
