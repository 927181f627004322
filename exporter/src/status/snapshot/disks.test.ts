import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { findingsOf } from "../findings/machine-findings.ts";
import { disksOf, type FileSystem, readDisks, withAccess } from "./disks.ts";

function entry(
  fs: string,
  type: string,
  mount: string,
  more: Partial<FileSystem> = {},
): FileSystem {
  return { fs, type, mount, size: 100e9, used: 40e9, available: 60e9, rw: true, ...more };
}

/** The file systems that `df` wrote into a fixture; whether they may be written to is not known. */
function dfOf(name: string): readonly FileSystem[] {
  const text = readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");
  const lines = text.trim().split("\n").slice(1);
  return lines.map((line) => {
    const [fs = "", type = "", size, used, available, , mount = ""] = line.split(/\s+/);
    const bytes = { size: +size! * 1024, used: +used! * 1024, available: +available! * 1024 };
    return { fs, type, mount, ...bytes, rw: null };
  });
}

/** Disks as `mount share`. */
function told(fileSystems: readonly FileSystem[]): readonly string[] {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return disksOf(fileSystems).map(
    ({ mount, usedBytes, totalBytes }) => `${mount} ${percent(usedBytes / totalBytes)}`,
  );
}

function mounts(...entries: readonly FileSystem[]): readonly string[] {
  return disksOf(entries).map(({ mount }) => mount);
}

describe("disksOf", () => {
  it("leaves out what is no disk", () => {
    const found = mounts(
      entry("/dev/sda1", "ext4", "/"),
      entry("tmpfs", "tmpfs", "/run"),
      entry("/dev/loop3", "squashfs", "/snap/core/1"),
      entry("overlay", "overlay", "/var/lib/docker/overlay2/x/merged"),
      entry("/dev/sr0", "iso9660", "/media/cd"),
      entry("/dev/sdb1", "xfs", "/data"),
      entry("pool/home", "zfs", "/home", { rw: false }),
      entry("/dev/sdc1", "ext4", "/empty", { used: 0, available: 0 }),
    );
    expect(found).toEqual(["/", "/data", "/home"]);
  });

  it("shows a container its root and not the files that were mounted into it", () => {
    const found = mounts(
      entry("overlay", "overlay", "/", { rw: false }),
      entry("/dev/vda1", "ext4", "/etc/hosts"),
      entry("/dev/vda1", "ext4", "/dev/termination-log"),
      entry("/dev/vdb1", "ext4", "/data"),
    );
    expect(found).toEqual(["/", "/data"]);
  });

  it("shows one device once, at its shortest mount", () => {
    const twice = [entry("/dev/sda1", "ext4", "/srv/copy"), entry("/dev/sda1", "ext4", "/srv")];
    expect(mounts(...twice)).toEqual(["/srv"]);
  });

  it("shows an APFS container once, with what all its volumes use", () => {
    const apfs = { size: 494e9, available: 200e9 };
    const disks = disksOf([
      entry("/dev/disk3s1s1", "APFS", "/", { ...apfs, used: 11e9, rw: false }),
      entry("/dev/disk3s5", "APFS", "/System/Volumes/Data", { ...apfs, used: 270e9 }),
      entry("/dev/disk3s7", "APFS", "/nix", { ...apfs, used: 9e9 }),
      entry("/dev/disk9s1", "APFS", "/Volumes/Installer", { available: 0, rw: false }),
    ]);
    expect(disks).toEqual([{ mount: "/", totalBytes: 494e9, usedBytes: 294e9 }]);
  });

  it("takes an image at / for no disk, and tells of the disk below it by its best mount", () => {
    expect(told(dfOf("composefs"))).toEqual(["/boot 42 %", "/var 18 %"]);
    const images = dfOf("composefs").map((one) =>
      one.mount === "/" ? { ...one, type: "erofs" } : one,
    );
    expect(told(images)).toEqual(["/boot 42 %", "/var 18 %"]);
  });

  it("leaves out snaps through FUSE and AppImages, and keeps disks through FUSE", () => {
    const full = { size: 131e6, used: 131e6, available: 0 };
    const fuse = [
      entry("Obsidian.AppImage", "fuse.Obsidian.AppImage", "/tmp/.mount_Obsid1", {
        ...full,
        rw: false,
      }),
      entry("/dev/fuse", "fuse", "/tmp/.mount_other", { ...full, rw: null }),
      entry("host:/srv", "fuse.sshfs", "/srv", { rw: null }),
      entry("/dev/sdb1", "fuseblk", "/windows", { ...full, rw: true }),
    ];
    expect(told([...dfOf("snapfuse"), ...fuse])).toEqual(["/ 41 %", "/srv 40 %", "/windows 100 %"]);
  });

  it("tells of two file systems whose source is called none", () => {
    expect(told(dfOf("gvisor"))).toEqual(["/ 10 %", "/data 100 %"]);
    const disks = disksOf(dfOf("gvisor"));
    expect(findingsOf({ takenAt: "", disks, unavailable: [] })[0]).toMatchObject({
      subject: "/data",
      severity: "critical",
    });
  });

  it("leaves out what nobody may write to, by each mount's own options", () => {
    const full = { used: 98e9, available: 2e9 };
    const fileSystems = [
      entry("overlay", "overlay", "/"),
      entry("/dev/mapper/usr", "ext4", "/usr", full),
      entry("/dev/vda9", "ext4", "/oem data"),
      entry("/dev/vda9", "ext4", "/run/secrets", { ...full, rw: false }),
      entry("/dev/vdc1", "ext4", "/not/listed", { rw: false }),
    ];
    const options = [
      "overlay / overlay rw,relatime,lowerdir=/a 0 0",
      "/dev/mapper/usr /usr ext4 ro,seclabel,relatime 0 0",
      "/dev/vda9 /oem\\040data ext4 rw,relatime 0 0",
      "/dev/vda9 /run/secrets ext4 ro,relatime 0 0",
    ].join("\n");
    expect(told(withAccess(fileSystems, options))).toEqual([
      "/ 40 %",
      "/not/listed 40 %",
      "/oem data 40 %",
    ]);
    expect(told([entry("/dev/dm-0", "ext4", "/usr", { ...full, rw: false })])).toEqual([]);
  });

  it("calls a container's root full when the disk below it is, to the last block", () => {
    const full = { used: 100e9, available: 0 };
    expect(told([entry("overlay", "overlay", "/", full)])).toEqual(["/ 100 %"]);
  });

  it("calls a disk full when programs can write no more", () => {
    // 5 % are kept for root, as ext4 does.
    const [disk] = disksOf([
      entry("/dev/sda1", "ext4", "/", { size: 100e9, used: 95e9, available: 0 }),
    ]);
    expect(disk).toEqual({ mount: "/", totalBytes: 95e9, usedBytes: 95e9 });
  });
});

describe("readDisks", () => {
  it("tells what this machine has", async () => {
    const disks = await readDisks();
    for (const { mount, totalBytes, usedBytes } of disks) {
      expect(mount).toMatch(/^\//);
      expect(usedBytes).toBeLessThanOrEqual(totalBytes);
    }
    expect(disks.length).toBeGreaterThan(0);
  });
});
