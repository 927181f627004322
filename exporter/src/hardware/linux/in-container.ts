import type { HardwareSources } from "../sources.ts";

/** Files that container runtimes make: Docker, Podman, and Kubernetes for its service account. */
const MARKS = ["/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io"];

/**
 * Whether this process runs in a container. Without a mark the group of the first process tells it,
 * unless the container has a namespace of its own for control groups.
 */
export async function inContainer(sources: HardwareSources): Promise<boolean> {
  try {
    const marks = await Promise.all(MARKS.map((path) => sources.exists(path)));
    if (marks.includes(true)) return true;
    return /docker|kubepods|containerd|libpod|lxc/.test(await sources.readFile("/proc/1/cgroup"));
  } catch {
    // The file is closed to others on some systems, which are hosts.
    return false;
  }
}
