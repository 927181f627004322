import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** 128 + the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;

/** Gives `use` a folder that is gone afterwards, also when Ctrl-C ends the process. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-train-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const interrupt = () => {
    remove();
    process.exit(INTERRUPTED);
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await use(folder);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    remove();
  }
}
