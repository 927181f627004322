import { statfs } from "node:fs/promises";
import { attempt, type Fact } from "@headroom/exporter/hardware/facts";

/** Room on the disk of the checkout. */
export interface DiskSpace {
  readonly folder: string;
  readonly freeBytes: Fact<number>;
  /** Below this npm start may fail half way. */
  readonly neededBytes: number;
}

/**
 * k6 and Prometheus take 47 and 52 MB when they are built here, the default chat model takes 98 MB,
 * a run some MB of logs and series; and something must be left.
 */
const NEEDED_BYTES = 300e6;

/** How much room this user has left where the checkout is. */
export async function examineDisk(folder: string): Promise<DiskSpace> {
  const freeBytes = await attempt(async () => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  });
  return { folder, freeBytes, neededBytes: NEEDED_BYTES };
}
