import { isBroken } from "@headroom/alerts/headroom";
import { type Limit, limit, LIMITS } from "@headroom/alerts/limits";

/** Messages as k6 counts them, whatever became of their requests. */
interface Counted {
  readonly sent: number;
  readonly answered: number;
}

/**
 * Whether so many messages were answered that the figures of the answers say something of the load.
 * The share without an answer may be as large as that of errors; it also holds what was wrong, or
 * still under way at the end.
 */
export function enoughAnswered({ sent, answered }: Counted, limits: readonly Limit[]): boolean {
  const allowed = limit("error_ratio", "warning", [...limits, ...LIMITS]);
  return answered > 0 && !isBroken(allowed, (sent - answered) / sent);
}
