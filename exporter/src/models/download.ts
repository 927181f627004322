import type { ChildProcess } from "node:child_process";
import { stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { HeadroomError } from "../errors.ts";
import { forkProgram } from "../engine/model-process.ts";
import type { DownloadOrder, FromDownload } from "./download-process.ts";

/** How far a fetch is. */
export interface FetchProgress {
  readonly bytes: number;
  /** Undefined while it is not known. */
  readonly totalBytes?: number | undefined;
}

/** How to download. */
export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Without a new byte for so long, the download has failed. */
  readonly stallSeconds: number;
  readonly onProgress: (progress: FetchProgress) => void;
}

const WATCH_MS = 250;

/**
 * Downloads a model with node-llama-cpp, in a process of its own. A connection that breaks is taken up again
 * where it broke, and what a failed or aborted download leaves in the folder is used by the next.
 *
 * @returns the path of the downloaded file in the folder
 * @throws HeadroomError `model_failed` when the file cannot be had
 * @throws the signal's reason
 */
export async function downloadModel(
  order: DownloadOrder,
  options: DownloadOptions,
): Promise<string> {
  options.signal.throwIfAborted();
  const stall = watchForStall(options.stallSeconds);
  const signal = AbortSignal.any([options.signal, stall.signal]);
  const child = forkProgram(new URL("./download-process.ts", import.meta.url), "download");
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const outcome = whenDone(child, ({ bytes, totalBytes }) => {
      stall.progress(bytes);
      options.onProgress({ bytes, totalBytes });
    });
    child.send(order);
    const totalBytes = await outcome.finally(() => {
      kill();
      // Nobody writes into the folder after this function.
      return ended;
    });
    const file = join(order.folder, order.fileName);
    // ipull keeps its progress behind the end of the file, and may write it once more after it cut it off.
    if (totalBytes > 0 && (await stat(file)).size > totalBytes) await truncate(file, totalBytes);
    return file;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
    stall.stop();
  }
}

function whenDone(
  child: ChildProcess,
  onProgress: (progress: FromDownload & { type: "progress" }) => void,
): Promise<number> {
  const failed = (text: string) =>
    new HeadroomError("model_failed", `the download failed: ${text}`);
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromDownload) => {
      if (message.type === "progress") onProgress(message);
      if (message.type === "done") resolve(message.totalBytes);
      if (message.type === "failed") reject(failed(message.message));
    });
    child.once("error", (error) => reject(failed(error.message)));
    child.once("exit", (code, signal) => reject(failed(`its process ended (${signal ?? code})`)));
  });
}

/** Aborts when the number of bytes has not grown for some time. */
function watchForStall(stallSeconds: number) {
  const controller = new AbortController();
  let most = 0;
  let since = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - since < stallSeconds * 1000) return;
    const text = `the download stopped at ${most} bytes: nothing new for ${stallSeconds} s`;
    controller.abort(new HeadroomError("model_failed", text));
  }, WATCH_MS);
  return {
    signal: controller.signal,
    progress: (bytes: number) => {
      if (bytes <= most) return;
      most = bytes;
      since = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}
