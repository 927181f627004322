import { readFile } from "node:fs/promises";
import { fsSize } from "systeminformation";
import { amount, plainName } from "./reader.ts";
import type { DiskState } from "./snapshot.ts";

/** What `df` tells about one file system, as systeminformation names it; sizes in bytes. */
export interface FileSystem {
  /** The device, or what stands in for one. */
  readonly fs: string;
  readonly type: string;
  readonly size: number;
  readonly used: number;
  readonly available: number;
  readonly mount: string;
  /** Whether it may be written to; null when that is not known. */
  readonly rw: boolean | null;
}

/** File systems in memory, and those that hold nothing. */
const NOT_A_DISK = new Set("tmpfs devtmpfs ramfs rootfs autofs devfs nullfs".split(" "));

/** Images of a disk that nobody writes to: full by design. */
const IMAGES = new Set(
  "squashfs cramfs romfs erofs composefs iso9660 cd9660 udf fuse.snapfuse fuse.squashfuse".split(
    " ",
  ),
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
  if (process.platform !== "linux") return disksOf(fileSystems);
  const mounts = await readFile("/proc/self/mounts", "utf8").catch(() => "");
  return disksOf(withAccess(fileSystems, mounts));
}

/**
 * Says of each mount whether it may be written to. systeminformation says it of devices, by the last
 * of their mounts, and calls what has no device read-only.
 *
 * @param mounts - the text of `/proc/self/mounts`; see proc_pid_mounts(5) and fstab(5)
 */
export function withAccess(
  fileSystems: readonly FileSystem[],
  mounts: string,
): readonly FileSystem[] {
  const writable = new Map<string, boolean>();
  for (const line of mounts.split("\n")) {
    const [, mount = "", , options = ""] = line.split(" ");
    const plain = mount.replace(/\\([0-7]{3})/g, (_, code) =>
      String.fromCharCode(parseInt(code, 8)),
    );
    writable.set(plain, options.split(",")[0] === "rw");
  }
  return fileSystems.map((entry) => ({ ...entry, rw: writable.get(entry.mount) ?? null }));
}

/** The disks among the file systems, by mount: one for each device, at its best mount. */
export function disksOf(fileSystems: readonly FileSystem[]): readonly DiskState[] {
  const byDevice = new Map<string, FileSystem>();
  for (const entry of fileSystems.filter(holdsData)) {
    const known = byDevice.get(device(entry));
    if (!known || isBetter(entry.mount, known.mount)) byDevice.set(device(entry), entry);
  }
  return [...byDevice.values()]
    .sort((a, b) => (a.mount < b.mount ? -1 : 1))
    .map(diskState)
    .filter(({ totalBytes }) => totalBytes > 0);
}

function holdsData(entry: FileSystem): boolean {
  const kind = entry.type.toLowerCase();
  if (isImage(entry, kind)) return false;
  if (entry.mount === "/") return true;
  return !NOT_A_DISK.has(kind) && kind !== "overlay" && !PART_OF_ANOTHER.test(entry.mount);
}

/** Whether nothing can be written to it, so that it never fills up however full it looks. */
function isImage({ fs, size, used, available, mount, rw }: FileSystem, kind: string): boolean {
  if (IMAGES.has(kind)) return true;
  // The system volume of macOS is read-only and stands for its container; other such are images.
  if (isApple(kind)) return rw === false && mount !== "/";
  // Such as a `/usr` that dm-verity checks.
  if (isDevice(fs)) return rw === false;
  // An AppImage or composefs, which have no type of their own: not a block is left in an image. Where
  // programs fill a disk to the last block, it may be written to.
  const isExactlyFull = available === 0 && used >= size;
  return isExactlyFull && rw !== true && (kind === "overlay" || kind.startsWith("fuse"));
}

/**
 * What file systems with the same space have in common: their device, share or pool. Volumes of one
 * APFS container, such as disk3s1 and disk3s5, share its space. A source such as `none` names
 * nothing, so that each of its mounts is another file system.
 */
function device({ fs, type, mount }: FileSystem): string {
  if (isApple(type.toLowerCase())) return fs.replace(/(?<=\/disk\d+)s.*$/, "");
  return isDevice(fs) || /[:/]/.test(fs.slice(1)) ? fs : `${fs} at ${mount}`;
}

function isDevice(fs: string): boolean {
  return fs.startsWith("/") && fs !== "/dev/fuse";
}

/** The shortest says most; `/etc` is where nobody looks for the disk of an image-based system. */
function isBetter(mount: string, than: string): boolean {
  if ((mount === "/etc") !== (than === "/etc")) return than === "/etc";
  return mount.length < than.length;
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
