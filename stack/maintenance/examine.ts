import type { Limit } from "@headroom/alerts/limits";
import { JOBS } from "@headroom/alerts/rules/options";
import type { HardwareReport } from "@headroom/exporter/hardware/report";
import { parseMetrics, type Sample } from "@headroom/loadtest/report/prometheus-text";
import { type Identity, readCapacities, readIdentity } from "@headroom/loadtest/report/snapshot";
import { CouldNotRun } from "@headroom/loadtest/run";
import { exporterClient } from "@headroom/loadtest/run/exporter-client";
import { reason } from "@headroom/loadtest/run/could-not-run";
import { PrometheusReader } from "./prometheus-reader.ts";

/** A busy exporter may answer late. */
const TIMEOUT_MS = 10_000;

/** Addresses of what is checked, without a slash at the end. */
export interface Addresses {
  readonly prometheus: string;
  readonly url: string;
  /** Where runbooks are served. */
  readonly incidents: string;
  /** Of the exporter, when it wants one. */
  readonly token: string | undefined;
}

/** What an exporter says of itself. */
export interface ExporterState {
  readonly url: string;
  readonly token: string | undefined;
  readonly identity: Identity;
  /** The metrics page as text, which also names the families, and taken apart. */
  readonly page: string;
  readonly samples: readonly Sample[];
  readonly limits: readonly Limit[];
  readonly hardware: HardwareReport;
  /** Why `/readyz` is not content; undefined when it is. */
  readonly notReady: string | undefined;
}

/** What the steps of a check look at. */
export interface Examined {
  readonly prometheus: PrometheusReader;
  readonly exporter: ExporterState;
  /** Address of the incidents process, which serves the runbooks. */
  readonly incidents: string;
  /** What Prometheus calls the exporter. */
  readonly instance: string;
  /** Label matchers of the exporter's series, without braces. */
  readonly matchers: string;
  /** When the check began, in seconds since 1970; every query is asked for this moment. */
  readonly at: number;
}

/**
 * Reads the exporter and finds its series in Prometheus.
 *
 * @throws CouldNotRun when one of both is not there
 */
export async function examine(
  { prometheus: address, url, incidents, token }: Addresses,
  signal: AbortSignal,
): Promise<Examined> {
  const prometheus = new PrometheusReader(address, signal);
  const at = Date.now() / 1000;
  const job = JOBS.exporter;
  const scraped = await prometheus.samples(`up{job="${job}"}`, at);
  const exporter = await readExporter(url, token, signal);
  // The only exporter is this one, whatever it is called: names in containers differ from those outside.
  const only = scraped.length === 1 ? scraped[0]!.labels["instance"] : undefined;
  const instance = only ?? new URL(url).host;
  const matchers = `job="${job}", instance="${instance}"`;
  return { prometheus, exporter, incidents, instance, matchers, at };
}

/**
 * Reads everything that a check needs of an exporter.
 *
 * @throws CouldNotRun when there is no exporter of Headroom at the address
 */
export async function readExporter(
  url: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<ExporterState> {
  const get = async (path: string): Promise<string> => {
    const response = await fetch(`${url}${path}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return body;
  };
  try {
    const page = await get("/metrics");
    const samples = parseMetrics(page);
    const identity = readIdentity(samples);
    if (!identity) throw new Error("/metrics has no headroom_build_info");
    const client = exporterClient(url, token);
    return {
      url,
      token,
      identity,
      page,
      samples,
      limits: await client.limits(readCapacities(samples)),
      hardware: JSON.parse(await get("/v1/hardware")) as HardwareReport,
      notReady: await client.ready().then(() => undefined, reason),
    };
  } catch (cause) {
    signal.throwIfAborted();
    throw new CouldNotRun(
      `the exporter at ${url} cannot be read`,
      reason(cause),
      "Start the stack with `npm start`, or name another address with --url; " +
        "HEADROOM_TOKEN is sent when it is set",
      { cause },
    );
  }
}
