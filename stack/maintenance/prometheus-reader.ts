import { CouldNotRun } from "@headroom/loadtest/run";
import { reason } from "@headroom/loadtest/run/could-not-run";

/** One series at one moment. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One point of a curve; `at` in seconds since 1970. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A target of Prometheus, as its API has it. */
export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
}

/** A rule of Prometheus, as its API has it. */
export interface RuleState {
  readonly group: string;
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
  /** Its expression, as Prometheus writes it. */
  readonly query?: string;
}

/** An alert of Prometheus, as its API has it. */
export interface AlertState {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
}

/** Prometheus is there and refuses the query; the message says why. */
export class QueryRefused extends Error {}

/** A query over a week reads millions of samples. */
const TIMEOUT_MS = 60_000;

/** Time in seconds since 1970, and a value as text. */
type Pair = readonly [number, string];

type ApiAnswer<T> =
  | { readonly status: "success"; readonly data: T }
  | { readonly status: "error"; readonly error: string };

/**
 * Reads a Prometheus. Times are seconds since 1970. Every method throws CouldNotRun when it cannot be
 * read, and QueryRefused when it refuses.
 */
export class PrometheusReader {
  readonly url: string;
  readonly #signal: AbortSignal;

  constructor(url: string, signal: AbortSignal) {
    this.url = url;
    this.#signal = signal;
  }

  /** All series of a query at one moment. */
  async samples(query: string, at: number): Promise<readonly Sample[]> {
    const { result, resultType } = await this.#get<{
      resultType: string;
      result: Pair | readonly { metric: Record<string, string>; value: Pair }[];
    }>("query", { query, time: at });
    if (resultType === "scalar") return [{ labels: {}, value: Number(result[1]) }];
    return (result as Exclude<typeof result, Pair>).map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  }

  /** The value of a query with one series; NaN when there is none. */
  async value(query: string, at: number): Promise<number> {
    return (await this.samples(query, at))[0]?.value ?? Number.NaN;
  }

  /** The numbers of a query with one series, every `step` seconds. */
  async curve(
    query: string,
    range: { readonly start: number; readonly end: number; readonly step: number },
  ): Promise<readonly Point[]> {
    const { result } = await this.#get<{ result: readonly { values: readonly Pair[] }[] }>(
      "query_range",
      { query, ...range },
    );
    const points = (result[0]?.values ?? []).map(([at, text]) => ({ at, value: Number(text) }));
    return points.filter(({ value }) => Number.isFinite(value));
  }

  async targets(): Promise<readonly Target[]> {
    const parameters = { state: "active" };
    return (await this.#get<{ activeTargets: Target[] }>("targets", parameters)).activeTargets;
  }

  async rules(): Promise<readonly RuleState[]> {
    const { groups } = await this.#get<{
      groups: { name: string; rules: Omit<RuleState, "group">[] }[];
    }>("rules");
    return groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, group: name })));
  }

  async alerts(): Promise<readonly AlertState[]> {
    return (await this.#get<{ alerts: AlertState[] }>("alerts")).alerts;
  }

  /** Names of the series that had a sample in the time. */
  async names(matchers: string, start: number, end: number): Promise<readonly string[]> {
    return this.#get<string[]>("label/__name__/values", { "match[]": `{${matchers}}`, start, end });
  }

  async #get<T>(
    path: string,
    parameters: Readonly<Record<string, string | number>> = {},
  ): Promise<T> {
    const asked = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
    const address = `${this.url}/api/v1/${path}?${new URLSearchParams(asked)}`;
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const answer = await fetch(address, { signal }).catch((cause: unknown) => {
      throw this.#couldNotRead(reason(cause), { cause });
    });
    const body = (await answer.json().catch(() => undefined)) as ApiAnswer<T> | undefined;
    if (body?.status === "success") return body.data;
    if (body?.status === "error") throw new QueryRefused(`Prometheus: ${body.error}`);
    throw this.#couldNotRead(`it answered with ${answer.status} and not as a Prometheus does`);
  }

  /** @throws the signal's reason, when that is why */
  #couldNotRead(why: string, options?: ErrorOptions): CouldNotRun {
    this.#signal.throwIfAborted();
    return new CouldNotRun(
      `Prometheus at ${this.url} cannot be read`,
      why,
      "Start the stack with `npm start`, or name another address with --prometheus",
      options,
    );
  }
}
