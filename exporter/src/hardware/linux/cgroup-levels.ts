import type { HardwareSources } from "../sources.ts";

/** The two generations of control groups. */
export type CgroupVersion = "cgroup1" | "cgroup2";

/** Where the control groups of this process are, from its own up to the root of the mount. */
export interface CgroupLevels {
  readonly version: CgroupVersion;
  readonly folders: readonly string[];
}

const MOUNT = "/sys/fs/cgroup";

/**
 * Finds the groups whose limits hold for this process, for one controller. The limit of each parent
 * holds too. In a container the path is often the one outside, of which only the root can be seen,
 * and that is the container's own group; folders that are not there are left to the reader.
 *
 * Sources: cgroups(7); Documentation/admin-guide/cgroup-v2.rst of the Linux kernel.
 *
 * @param membership - the text of /proc/self/cgroup
 * @returns undefined when the controller is in no group
 */
export function cgroupLevels(
  membership: string,
  controller: "memory" | "cpu",
): CgroupLevels | undefined {
  const lines = membership.split("\n").flatMap((line) => {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    return match ? [{ controllers: match[1]!, path: match[2]! }] : [];
  });
  // With both generations mounted, a controller that the first one lists is only there.
  const first = lines.find(({ controllers }) => controllers.split(",").includes(controller));
  if (first) {
    return { version: "cgroup1", folders: upwards(`${MOUNT}/${first.controllers}`, first.path) };
  }
  const second = lines.find(({ controllers }) => controllers === "");
  return second && { version: "cgroup2", folders: upwards(MOUNT, second.path) };
}

function upwards(root: string, path: string): string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== "..");
  return Array.from({ length: names.length + 1 }, (_, dropped) =>
    [root, ...names.slice(0, names.length - dropped)].join("/"),
  );
}

/** The text of a file; undefined when there is none. @throws Error when it cannot be read */
export async function readIfThere(
  sources: HardwareSources,
  path: string,
): Promise<string | undefined> {
  return (await sources.exists(path)) ? (await sources.readFile(path)).trim() : undefined;
}
