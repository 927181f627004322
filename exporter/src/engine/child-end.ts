import { writeFileSync } from "node:fs";
import type { DeviceMemory } from "./generator.ts";

/** How often a model's process says that it lives. */
const ALIVE_MILLISECONDS = 1_000;

/** What every model's process says, beside its answers, except while a call of its engine goes on. */
export interface Alive {
  readonly type: "alive";
  /** Of the device that it uses, if that is not the machine's. */
  readonly memory: DeviceMemory | undefined;
}

/** The model cannot be loaded, and the process ends. */
export interface Refused {
  readonly type: "refused";
  readonly why: string;
}

/** Sends a message, and calls back when it is on its way. */
export type Tell<Message> = (message: Message, then?: () => void) => void;

/**
 * The child's end of a model's process: it ends with the exporter however that ended, leaves signals of
 * the terminal to it, is the first to go when memory runs out, and says every second that it lives.
 *
 * @param memory - of the device that it uses, if that is not the machine's
 */
export function childEnd<From>(
  memory: () => DeviceMemory | undefined = () => undefined,
): Tell<From> {
  dieFirst();
  process.on("disconnect", () => process.exit(0));
  process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  const tell = (message: From | Alive, then?: () => void) =>
    void process.send?.(message, undefined, undefined, () => then?.());
  setInterval(() => tell({ type: "alive", memory: memory() }), ALIVE_MILLISECONDS).unref();
  return tell;
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
