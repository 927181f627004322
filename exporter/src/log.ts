import { fstatSync } from "node:fs";
import { pino, type DestinationStream, type Logger } from "pino";
import SonicBoom from "sonic-boom";

/** Lines that wait to be written beyond this many bytes are dropped, and counted. */
const MOST_WAITING_BYTES = 1_000_000;

/**
 * A logger that writes JSON lines to the standard output, and never makes anybody wait: not for a program
 * that does not read them, nor for a disk that is slow. Lines that cannot be written (a full disk, a
 * file beyond `ulimit -f`) are lost, and the next one that can be says how many.
 */
export function createLogger(level: string): ExporterLog {
  const output = isFile(1) ? toFile() : toReader();
  return { logger: pino({ level }, countingLost(output)), flush: output.flush };
}

/** A logger, and the end of its lines. */
export interface ExporterLog {
  readonly logger: Logger;
  /** Calls back when all lines so far are written; never when they cannot be. */
  flush(done: () => void): void;
}

interface Output {
  /** @returns false when the line is lost */
  write(line: string): boolean;
  flush(done: () => void): void;
}

function countingLost({ write }: Output): DestinationStream {
  let lost = 0;
  return {
    write(line) {
      if (lost > 0) {
        const notice = {
          level: 40,
          time: Date.now(),
          lines: lost,
          msg: "lines of this log were lost",
        };
        if (write(`${JSON.stringify(notice)}\n`)) lost = 0;
      }
      if (!write(line)) lost += 1;
    },
  };
}

/** A pipe or terminal: Node writes what is taken, and keeps the rest. */
function toReader(): Output {
  // Nobody reads any more.
  process.stdout.on("error", () => {});
  return {
    write(line) {
      if (process.stdout.writableLength > MOST_WAITING_BYTES) return false;
      process.stdout.write(line);
      return true;
    },
    flush: (done) => void process.stdout.write("", () => done()),
  };
}

/** A file is written by another thread, because Node itself would wait for the disk. */
function toFile(): Output {
  const file = new SonicBoom.SonicBoom({
    fd: 1,
    sync: false,
    minLength: 1,
    maxLength: MOST_WAITING_BYTES,
  });
  let failed = false;
  let dropped = false;
  file.on("error", () => (failed = true));
  file.on("drop", () => (dropped = true));
  return {
    write(line) {
      dropped = false;
      file.write(line);
      const written = !dropped && !failed;
      failed = false;
      return written;
    },
    // In the callback itself the write still counts as one that runs, for which {@link leave} would not wait.
    flush: (done) => file.flush(() => setImmediate(done)),
  };
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    // It is closed, and writing to it fails like writing to a reader that has gone.
    return false;
  }
}

/** Ends this process, also when a disk does not answer: then exit would wait for it. */
export function leave(code: number): void {
  if (process.getActiveResourcesInfo().includes("FSReqCallback"))
    process.kill(process.pid, "SIGKILL");
  process.exit(code);
}
