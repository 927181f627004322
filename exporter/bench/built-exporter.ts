import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The bundle, as `npm start` runs it: a loader for TypeScript would take memory and time of its own. */
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** Settings that every measurement needs, whatever the environment says; empty means not set. */
const SETTINGS = {
  HEADROOM_HOST: "127.0.0.1",
  HEADROOM_PORT: "0",
  HEADROOM_TOKEN: "",
  HEADROOM_LOG_LEVEL: "info",
};

/** The built exporter in a process of its own, which ends when it is disposed of. */
export interface BuiltExporter extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/**
 * Starts the built exporter on a free port, and waits until it listens.
 *
 * @param settings - environment variables besides this process's own
 * @throws Error with what it said, when it ends before that
 * @throws the signal's reason when it aborts
 */
export async function startBuiltExporter(
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BuiltExporter> {
  signal.throwIfAborted();
  if (!existsSync(MAIN)) throw new Error(`There is no ${MAIN}. Run "npm run build" first.`);
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...SETTINGS, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const closed = once(child, "close");
  const stop = async () => {
    child.kill("SIGTERM");
    await closed;
  };
  const listening = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === "listening" && url) resolve(url);
    });
    void closed.then(() => reject(new Error(`The exporter ended:\n${said.join("\n")}`)));
  });
  try {
    return { url: await listening, pid: child.pid!, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
