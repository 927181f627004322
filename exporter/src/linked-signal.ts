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
 * Not `AbortSignal.any`: on Node 24.21 its signal is safe only while somebody listens to it, as `fetch` does.
 * When garbage is collected at another time, it lets go of a source that nobody else holds, such as an
 * `AbortSignal.timeout` (https://github.com/nodejs/node/issues/57736), and the deadline is lost.
 *
 * @param milliseconds - no time limit when absent
 */
export function linkSignals(sources: readonly AbortSignal[], milliseconds?: number): LinkedSignal {
  const controller = new AbortController();
  const { signal } = controller;
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;
  const follow = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  const release = () => {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener("abort", follow);
  };
  const aborted = sources.find((source) => source.aborted);
  if (aborted) {
    controller.abort(aborted.reason);
  } else {
    for (const source of sources) source.addEventListener("abort", follow, { once: true });
    signal.addEventListener("abort", release, { once: true });
    if (milliseconds !== undefined) timer = setTimeout(timeOut, milliseconds);
  }
  function timeOut(): void {
    timedOut = true;
    controller.abort(new DOMException("the time is over", "TimeoutError"));
  }
  return {
    signal,
    get timedOut() {
      return timedOut;
    },
    release,
  };
}
