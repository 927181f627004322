/** Outside a terminal, so often and no more often. */
const LOG_MS = 10_000;

/** Shows what is being done. */
export interface Progress {
  readonly tell: (what: string, done?: number, all?: number) => void;
  /** Clears the line on a terminal. */
  readonly end: () => void;
}

/** One line that is rewritten on a terminal; elsewhere a line for each step, and every ten seconds. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  let step = "";
  let last = 0;
  return {
    tell(what, done, all) {
      const text = all === undefined ? what : `${what}: ${done} of ${all}`;
      if (stream.isTTY) return void stream.write(`\r\x1b[K${text}`);
      if (what === step && performance.now() - last < LOG_MS) return;
      step = what;
      last = performance.now();
      stream.write(`${text}\n`);
    },
    end() {
      if (stream.isTTY) stream.write("\r\x1b[K");
    },
  };
}
