import { writeFileSync } from "node:fs";

/** How often a model's process says that it lives. */
const ALIVE_MILLISECONDS = 1_000;

/** What every model's process says, beside its answers, except while a call of its engine goes on. */
export interface Alive {
  readonly type: "alive";
}

/**
 * The child's end of a {@link "./model-process.ts" | model's process}: it ends with the exporter however
 * that ended, leaves signals of the terminal to it, is the first to go when memory runs out, and says
 * every second that it lives.
 *
 * @param alive - what it says
 * @returns sends a message, and calls back when it is on its way
 */
export function childEnd<From>(
  alive: () => Alive = () => ({ type: "alive" }),
): (message: From, then?: () => void) => void {
  dieFirst();
  process.on("disconnect", () => process.exit(0));
  process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  const send = (message: From | Alive, then?: () => void) =>
    void process.send?.(message, undefined, undefined, () => then?.());
  setInterval(() => send(alive()), ALIVE_MILLISECONDS).unref();
  return send;
}

/**
 * Has Linux end this process before all others when memory runs out (proc(5), oom_score_adj): the
 * exporter goes on without it. Raising the score needs no privilege.
 */
function dieFirst(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Some containers have /proc read-only; then the kernel chooses by size.
  }
}
