import { type Outcome, outcomeOfStatus } from "../../alerts/limits.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * The base address of the exporter under load, without a slash at its end. Only this machine may
 * be put under load, so any address but loopback is refused, unless its host is named again.
 *
 * @param allowed - the other host that may be put under load
 * @throws RangeError when `address` is not `http://<loopback>[:port]`
 */
export function loopbackTarget(address: string, allowed?: string): string {
  const parts = /^http:\/\/(\[[^\]]*\]|[^/:?#@]*)(?::(\d{1,5}))?\/?$/i.exec(address);
  const host = parts?.[1];
  const port = parts?.[2];
  if (host === undefined) {
    throw new RangeError(
      `"${address}" is not an address to load; give http://HOST:PORT without a path, ` +
        `for example http://127.0.0.1:9700`,
    );
  }
  if (!mayBeLoaded(host, allowed)) {
    throw new RangeError(
      `refusing to put load on "${host}": load runs only against this machine. ` +
        `Use 127.0.0.1, localhost or [::1], and run k6 on the machine that runs the exporter; ` +
        `or, if that host is yours to load, name it again: --allow-remote ${host}`,
    );
  }
  return `http://${host.toLowerCase()}${port === undefined ? "" : `:${port}`}`;
}

/** Whether load may go to a host: this machine's, or the one that was named again. */
export const mayBeLoaded = (host: string, allowed?: string): boolean =>
  LOOPBACK.test(host) || (bare(host) !== "" && bare(host) === bare(allowed ?? ""));

/** A name in small letters, an address of IPv6 without its brackets. */
const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, "");

/** What k6 says of a request that came to its end. */
interface K6Response {
  /** Of HTTP; 0 when no answer came. */
  readonly status: number;
  /** k6's number for what went wrong; 0 when nothing did. */
  readonly error_code: number;
  /** In milliseconds, without connecting. */
  readonly timings: { readonly duration: number };
}

/** How a request ended for the client. */
export interface RequestEnd {
  readonly outcome: Outcome;
  /** Until the answer was there, or until the client gave up. */
  readonly milliseconds: number;
}

/** k6 gave up waiting. Source: https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
const TIMED_OUT = 1050;

/** k6 adds this to the status of an answer that says that something went wrong. */
const ANSWERED = 1000;

/**
 * How a request ended.
 *
 * @param waited - the whole time of the request in milliseconds; k6 tells none of a missing answer
 */
export function endOf({ status, error_code, timings }: K6Response, waited: number): RequestEnd {
  const gaveUp = error_code === TIMED_OUT;
  // An answer that breaks off in the middle has a status too, and is no answer.
  const isWhole = error_code === 0 || error_code === ANSWERED + status;
  return {
    outcome: outcomeOfStatus(isWhole ? status : 0, gaveUp),
    milliseconds: gaveUp ? waited : timings.duration,
  };
}
