import { uptime } from "node:os";
import type { UptimeState } from "./snapshot.ts";

/** Reads how long the machine has been running; a container shows the time of its host. */
export async function readUptime(): Promise<UptimeState> {
  return { seconds: uptime() };
}
