import { fsSize } from "systeminformation";
import type { DiskState } from "./snapshot.ts";
import { plainName } from "./name.ts";
import { amount } from "./reader.ts";

/** What `df` tells about one file system, as systeminformation names it; sizes in bytes. */
export interface FileSystem {
  /** The device, or what stands in for one. */
  readonly fs: string;
  readonly type: string;
  readonly size: number;
  readonly used: number;
  readonly available: number;
  readonly mount: string;
  readonly rw: boolean | null;
}

/** File systems in memory or inside an image: they never fill up, or always are full. */
const NOT_A_DISK = new Set(
  "tmpfs devtmpfs ramfs rootfs squashfs cramfs erofs iso9660 udf autofs devfs nullfs".split(" "),
);

/** Single files that a container runtime mounts, and helpers of the system volume of macOS. */
const PART_OF_ANOTHER = /^\/(etc|dev|proc|sys|System\/Volumes)\//;

/**
 * Reads the file systems that hold data. It runs `df`, which hangs as long as a mounted server does
 * not answer; on macOS it also blocks the event loop while it runs `diskutil`.
 *
 * @throws Error when `df` gives nothing, because it is missing or failed
 */
export async function readDisks(): Promise<readonly DiskState[]> {
  const fileSystems = await fsSize();
  if (fileSystems.length === 0) throw new Error("the system lists no file systems");
  return disksOf(fileSystems);
}

/** The disks among the file systems: one for each device, by mount. */
export function disksOf(fileSystems: readonly FileSystem[]): readonly DiskState[] {
  const byDevice = new Map<string, FileSystem>();
  for (const entry of fileSystems.filter(holdsData)) {
    const known = byDevice.get(device(entry));
    if (!known || entry.mount.length < known.mount.length) byDevice.set(device(entry), entry);
  }
  return [...byDevice.values()]
    .sort((a, b) => (a.mount < b.mount ? -1 : 1))
    .map(diskState)
    .filter(({ totalBytes }) => totalBytes > 0);
}

function holdsData({ type, mount, rw }: FileSystem): boolean {
  const kind = type.toLowerCase();
  if (mount === "/") return true;
  if (NOT_A_DISK.has(kind) || kind === "overlay") return false;
  if (PART_OF_ANOTHER.test(mount)) return false;
  // A mounted disk image of macOS. Elsewhere `rw` is also false for what systeminformation does not
  // know, such as ZFS.
  return !(isApple(kind) && rw === false);
}

/** Volumes of one APFS container, such as disk3s1 and disk3s5, share its space. */
function device({ fs, type }: FileSystem): string {
  return isApple(type.toLowerCase()) ? fs.replace(/(?<=\/disk\d+)s.*$/, "") : fs;
}

function isApple(type: string): boolean {
  return type === "apfs" || type === "hfs";
}

function diskState({ type, size, used, available, mount }: FileSystem): DiskState {
  // The system volume of macOS holds 10 GB while its neighbours fill the container, so what is not
  // available counts. Elsewhere the size also contains blocks that only root may use: as `df` does,
  // they are left out, so that a disk is full when programs can write no more.
  const usedBytes = type.toLowerCase() === "apfs" ? amount(size - available) : amount(used);
  return { mount: plainName(mount), totalBytes: usedBytes + amount(available), usedBytes };
}
