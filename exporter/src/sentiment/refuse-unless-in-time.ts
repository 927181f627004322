import { HeadroomError } from "../errors.ts";

/** The share of its time that a request's own work may take: others are served beside it. */
const OWN_SHARE = 0.5;

/**
 * Refuses a request that could not be answered in time, before anything is done for it.
 *
 * @param tokens - what it costs
 * @param ahead - what is served before it, in tokens
 * @param perSecond - what all scorers together evaluate, in tokens a second
 * @throws HeadroomError `too_much_work` when it would be late even if nobody else asked, `overloaded` when
 * it would be late because others did
 */
export function refuseUnlessInTime(
  tokens: number,
  ahead: number,
  perSecond: number,
  deadlineSeconds: number,
): void {
  const limit = Math.floor(perSecond * deadlineSeconds * OWN_SHARE);
  const cost = Math.ceil(tokens);
  if (cost > limit) {
    throw new HeadroomError(
      "too_much_work",
      `About ${cost} tokens would have to be evaluated for this request, and this machine can do ${limit} ` +
        "in half of a request's time. Send fewer or shorter messages at once, choose the attribution " +
        "method prefix or none, or allow more time with HEADROOM_REQUEST_TIMEOUT_SECONDS.",
      { members: { cost, limit, unit: "tokens" } },
    );
  }
  const lateSeconds = (ahead + cost) / perSecond - deadlineSeconds;
  if (lateSeconds <= 0) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(lateSeconds));
  throw new HeadroomError(
    "overloaded",
    `So much work waits for the model that this request would not be answered within ${deadlineSeconds} s, ` +
      `so it was not started. Send it again after ${retryAfterSeconds} s, or send less at once.`,
    { retryAfterSeconds, members: { limit: deadlineSeconds, unit: "seconds" } },
  );
}
