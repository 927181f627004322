/** A signal that follows others; see {@link linkSignals}. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  readonly timedOut: boolean;
  /** Lets go of sources and timer; to be called when the work is over. */
  release(): void;
}

/**
 * A signal that aborts with the reason of the first source that does, or when the time is over.
 *
 * `AbortSignal.any` and `AbortSignal.timeout` are not used, because on Node 20 and others a collected
 * source never fires (https://github.com/nodejs/node/issues/57736): a deadline would be lost.
 *
 * @param milliseconds - no time limit when absent
 */
export function linkSignals(sources: readonly AbortSignal[], milliseconds?: number): LinkedSignal {
  const controller = new AbortController();
  let timedOut = false;
  const follow = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  const release = () => {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener("abort", follow);
  };
  const timer =
    milliseconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          controller.abort(new DOMException("the time is over", "TimeoutError"));
        }, milliseconds);
  for (const source of sources) {
    if (source.aborted) controller.abort(source.reason);
    source.addEventListener("abort", follow, { once: true });
  }
  controller.signal.addEventListener("abort", release, { once: true });
  if (controller.signal.aborted) release();
  return {
    signal: controller.signal,
    get timedOut() {
      return timedOut;
    },
    release,
  };
}
