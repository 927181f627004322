import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** An exporter in a process of its own, which has no rights of root. */
export interface ExporterProcess {
  readonly url: string;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("./exporter-process.ts", import.meta.url));

/**
 * Starts an exporter with the simulated engine.
 *
 * @param options - `fullAtKilobytes`: no file can become larger, as on a disk that is nearly full
 * @throws Error when it ends before it listens
 */
export async function startExporterProcess(
  dataFolder: string,
  { fullAtKilobytes }: { readonly fullAtKilobytes?: number } = {},
): Promise<ExporterProcess> {
  const limit = fullAtKilobytes === undefined ? "" : `ulimit -S -f ${fullAtKilobytes} && `;
  const child = spawn(
    "bash",
    ["-c", `${limit}exec "$@"`, "bash", process.execPath, "--import", "tsx", PROGRAM],
    {
      env: {
        PATH: process.env["PATH"],
        HEADROOM_PORT: "0",
        HEADROOM_SIMULATE: "true",
        HEADROOM_DATA_FOLDER: dataFolder,
        // The files of its cache would be too large as well.
        TSX_DISABLE_CACHE: "1",
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  let url: string | undefined;
  let withoutRights = false;
  // The log and the line about rights may come in either order.
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "without rights") withoutRights = true;
    else url ??= (JSON.parse(line) as { url?: string }).url;
    if (url === undefined || !withoutRights) continue;
    // What it logs from now on must not fill the pipe.
    child.stdout.resume();
    return { url, stop };
  }
  throw new Error("the exporter ended before it listened");
}
