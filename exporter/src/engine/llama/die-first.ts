import { writeFileSync } from "node:fs";

/**
 * Has Linux end this process before all others when memory runs out (proc(5), oom_score_adj): the
 * exporter goes on without it. Raising the score needs no privilege.
 */
export function dieFirst(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Some containers have /proc read-only; then the kernel chooses by size.
  }
}
