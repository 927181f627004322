import type { ProgressStream } from "./activity.ts";
import { fit } from "./activity.ts";

/** A line that is written again and again. */
export interface LiveLine {
  show(text: string): void;
  /** Ends the line, so that the next text starts on its own. */
  end(): void;
}

/** Outside a terminal, so often and no more often. */
const LOG_MS = 5_000;

/** A line that is rewritten in place on a terminal and elsewhere printed every five seconds. */
export function liveLineOn(stream: ProgressStream, now: () => number = Date.now): LiveLine {
  if (stream.isTTY) {
    let shown = false;
    return {
      show: (text) => {
        shown = true;
        stream.write(`\r\x1b[K${fit(text, stream.columns)}`);
      },
      end: () => {
        if (shown) stream.write("\n");
        shown = false;
      },
    };
  }
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (text) => {
      if (now() - last < LOG_MS) return;
      last = now();
      stream.write(`${text}\n`);
    },
    end: () => {},
  };
}
