import { describe, expect, it } from "@jest/globals";
import { disksOf, type FileSystem } from "./disks.ts";

function entry(
  fs: string,
  type: string,
  mount: string,
  more: Partial<FileSystem> = {},
): FileSystem {
  return { fs, type, mount, size: 100e9, used: 40e9, available: 60e9, rw: true, ...more };
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

  it("calls a disk full when programs can write no more", () => {
    // 5 % are kept for root, as ext4 does.
    const [disk] = disksOf([
      entry("/dev/sda1", "ext4", "/", { size: 100e9, used: 95e9, available: 0 }),
    ]);
    expect(disk).toEqual({ mount: "/", totalBytes: 95e9, usedBytes: 95e9 });
  });
});
