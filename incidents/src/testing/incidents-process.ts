import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The incidents process, without rights of root. */
export interface OwnIncidents {
  readonly url: string;
  /** What it has logged since it listens. */
  readonly logged: readonly string[];
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("./without-rights.ts", import.meta.url));

/**
 * Starts the incidents process.
 *
 * @param options - `fullAtKilobytes`: no file can become larger, as on a disk that is nearly full
 * @throws Error when it ends before it listens
 */
export async function startOwnIncidents(
  folder: string,
  { fullAtKilobytes }: { readonly fullAtKilobytes?: number } = {},
): Promise<OwnIncidents> {
  const limit = fullAtKilobytes === undefined ? "" : `ulimit -S -f ${fullAtKilobytes} && `;
  const child = spawn("bash", ["-c", `${limit}exec "$@"`, "bash", process.execPath, PROGRAM], {
    env: {
      PATH: process.env["PATH"],
      HEADROOM_INCIDENTS_PORT: "0",
      HEADROOM_INCIDENTS_FOLDER: folder,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  let url: string | undefined;
  let withoutRights = false;
  const logged: string[] = [];
  // The log and the line about rights may come in either order.
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "without rights") withoutRights = true;
    else url ??= (JSON.parse(line) as { url?: string }).url;
    if (url === undefined || !withoutRights) continue;
    // What it logs from now on must not fill the pipe.
    child.stdout.setEncoding("utf8").on("data", (text: string) => logged.push(text));
    return { url, logged, stop };
  }
  throw new Error("the incidents process ended before it listened");
}
