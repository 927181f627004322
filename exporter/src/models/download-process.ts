/**
 * The process that downloads a model. A process, because ipull, which downloads for node-llama-cpp, goes on
 * trying for minutes after it was cancelled, and because the library would take 45 MB of the exporter for good.
 */
import { createModelDownloader } from "node-llama-cpp";

/** What is to be downloaded. */
export interface DownloadOrder {
  /** As node-llama-cpp takes it. */
  readonly uri: string;
  readonly folder: string;
  readonly fileName: string;
  /** Address of the hub, ending in a slash. */
  readonly hub: string;
  /** Undefined while it is not known. */
  readonly sizeBytes?: number | undefined;
}

/** What the process tells. */
export type FromDownload =
  | { readonly type: "progress"; readonly bytes: number; readonly totalBytes?: number | undefined }
  /** With the size that the server told; 0 when it did not. */
  | { readonly type: "done"; readonly totalBytes: number }
  | { readonly type: "failed"; readonly message: string };

const send = (message: FromDownload): void => void process.send?.(message);

/** @returns the size that the server told */
async function download(order: DownloadOrder): Promise<number> {
  const { uri, folder, fileName, hub, sizeBytes } = order;
  const downloader = await createModelDownloader({
    modelUri: uri,
    dirPath: folder,
    fileName,
    endpoints: { huggingFace: hub },
    onProgress: ({ downloadedSize, totalSize }) =>
      send({ type: "progress", bytes: downloadedSize, totalBytes: totalSize || undefined }),
  });
  const { totalFiles, totalSize } = downloader;
  if (totalFiles > 1) {
    throw new Error(
      `the model comes in ${totalFiles} files, which are not fetched here: ` +
        'fetch them with "npx node-llama-cpp pull" and set HEADROOM_CHAT_MODEL to the path of the first',
    );
  }
  // Better known before five gigabytes have arrived.
  if (sizeBytes !== undefined && totalSize > 0 && totalSize !== sizeBytes) {
    throw new Error(`the file offered has ${totalSize} bytes instead of ${sizeBytes}`);
  }
  await downloader.download();
  return totalSize;
}

process.once("message", (order: DownloadOrder) => {
  download(order).then(
    (totalBytes) => send({ type: "done", totalBytes }),
    (error: Error) => send({ type: "failed", message: error.message }),
  );
});
// Whoever wanted the file is gone, however it ended.
process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches every process of it; the one that wanted the file decides.
process.on("SIGINT", () => {}).on("SIGTERM", () => {});
