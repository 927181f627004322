import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A running exporter. */
export interface RunningExporter {
  readonly url: string;
  /** Ends it by its process id and waits for that. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts the real exporter with the simulated engine on a free port.
 *
 * @param settings - environment variables, for example HEADROOM_SIMULATE_ERROR_RATIO
 * @throws Error with what it printed when it ends before it listens
 */
export async function startSimulatedExporter(
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningExporter> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(HEADROOM|NODE)_/.test(name));
  const child = spawn(process.execPath, ["exporter/src/main.ts", "--simulate"], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), HEADROOM_PORT: "0", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  const printed: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      printed.push(line);
      const found = /"url":"([^"]+)"/.exec(line)?.[1];
      if (found && line.includes('"listening"')) resolve(found);
    });
    void closed.then(() => reject(new Error(`the exporter ended:\n${printed.join("\n")}`)));
  });
  return {
    url,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await closed;
    },
  };
}
