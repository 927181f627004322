import type { Logger } from "pino";
import { ConfigError } from "./config/setting.ts";
import { createLogger, leave } from "./log.ts";

/** What stopping may take beyond the time for requests in flight, whatever hangs. */
const STOP_SECONDS = 1.5;

/** A program that serves until it is told to stop. */
interface Served {
  readonly logLevel: string;
  /** Time for requests in flight when it is stopped. */
  readonly drainSeconds: number;
  readonly start: (logger: Logger) => Promise<{ stop(): Promise<void> }>;
}

/**
 * Runs a program until SIGINT or SIGTERM. The exit code is 2 for a wrong configuration, and 1 when it
 * cannot start, or is stopped before it has, or twice, or takes too long to stop.
 *
 * @param name - begins what is said when it fails
 * @param prepare - reads the configuration
 */
export async function runUntilSignal(name: string, prepare: () => Served): Promise<void> {
  try {
    const { logLevel, drainSeconds, start } = prepare();
    const { logger, flush } = createLogger(logLevel);
    let running: { stop(): Promise<void> } | undefined = undefined;
    let stopping = false;
    const stop = async (signal: NodeJS.Signals) => {
      // Before the start is done nothing can be lost, and asked twice it shall not wait any longer.
      if (!running || stopping) return leave(1);
      stopping = true;
      logger.info({ signal }, "stopping");
      setTimeout(() => leave(1), 1000 * (drainSeconds + STOP_SECONDS));
      await running.stop();
      flush(() => leave(0));
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
    // A file beyond the limit of the process (ulimit -f) fails to be written, and that is all.
    process.on("SIGXFSZ", () => {});
    running = await start(logger);
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}
