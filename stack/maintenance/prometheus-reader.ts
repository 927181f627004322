import { NoAnswer, queryRange, type QueryRange } from "@headroom/incidents/prometheus-query";
import { CouldNotRun } from "@headroom/loadtest/run";
import { reason } from "@headroom/loadtest/run/preflight";
import { withinTime } from "./within-time.ts";

/** One series at one moment. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
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

/** Reads a Prometheus. Times are seconds since 1970. */
export class PrometheusReader {
  readonly url: string;
  readonly #signal: AbortSignal;

  constructor(url: string, signal: AbortSignal) {
    this.url = url;
    this.#signal = signal;
  }

  /** All series of a query at one moment. @throws QueryRefused, CouldNotRun */
  async samples(query: string, at: number): Promise<readonly Sample[]> {
    const { result, resultType } = await this.#get<VectorData>("query", { query, time: `${at}` });
    if (resultType === "scalar") return [{ labels: {}, value: Number(result[1]) }];
    return (result as VectorData["result"]).map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  }

  /** The value of a query with one series; NaN when there is none. @throws QueryRefused, CouldNotRun */
  async value(query: string, at: number): Promise<number> {
    return (await this.samples(query, at))[0]?.value ?? Number.NaN;
  }

  /** The numbers of a query with one series over time. @throws QueryRefused */
  async curve(query: string, range: QueryRange): Promise<readonly Point[]> {
    try {
      const curve = await withinTime(TIMEOUT_MS, this.#signal, (signal) =>
        queryRange(query, range, { url: this.url, signal }),
      );
      return [...curve].map(([at, value]) => ({ at, value }));
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof NoAnswer) throw new QueryRefused(error.message);
      throw error;
    }
  }

  /** @throws CouldNotRun */
  async targets(): Promise<readonly Target[]> {
    const parameters = { state: "active" };
    return (await this.#get<{ activeTargets: Target[] }>("targets", parameters)).activeTargets;
  }

  /** @throws CouldNotRun */
  async rules(): Promise<readonly RuleState[]> {
    const { groups } = await this.#get<{
      groups: { name: string; rules: Omit<RuleState, "group">[] }[];
    }>("rules", {});
    return groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, group: name })));
  }

  /** @throws CouldNotRun */
  async alerts(): Promise<readonly AlertState[]> {
    return (await this.#get<{ alerts: AlertState[] }>("alerts", {})).alerts;
  }

  /** Names of the series that had a sample in the time. @throws CouldNotRun */
  async names(matchers: string, start: number, end: number): Promise<readonly string[]> {
    const parameters = { "match[]": `{${matchers}}`, start: `${start}`, end: `${end}` };
    return this.#get<string[]>("label/__name__/values", parameters);
  }

  async #get<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const address = `${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const { status, body } = await withinTime(TIMEOUT_MS, this.#signal, async (signal) => {
      const answer = await fetch(address, { signal });
      const body = (await answer.json().catch(() => undefined)) as ApiAnswer<T> | undefined;
      return { status: answer.status, body };
    }).catch((cause: unknown) => {
      this.#signal.throwIfAborted();
      throw this.#couldNotRead(reason(cause), { cause });
    });
    this.#signal.throwIfAborted();
    if (body?.status === "success") return body.data;
    if (body?.status === "error") throw new QueryRefused(`Prometheus: ${body.error}`);
    throw this.#couldNotRead(`it answered with ${status} and not as a Prometheus does`);
  }

  #couldNotRead(why: string, options?: ErrorOptions): CouldNotRun {
    return new CouldNotRun(
      `Prometheus at ${this.url} cannot be read`,
      why,
      "Start the stack with `npm start`, or name another address with --prometheus",
      options,
    );
  }
}

/** One point of a curve; `at` in seconds since 1970. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

interface VectorData {
  readonly resultType: string;
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }[];
}

type ApiAnswer<T> =
  | { readonly status: "success"; readonly data: T }
  | { readonly status: "error"; readonly error: string };
