import type { Limit } from "@headroom/alerts/limits";
import type { HardwareReport } from "@headroom/exporter/hardware/report";
import { parseMetrics, type Sample } from "@headroom/loadtest/report/prometheus-text";
import { type Identity, readCapacities, readIdentity } from "@headroom/loadtest/report/snapshot";
import { CouldNotRun } from "@headroom/loadtest/run";
import { exporterClient } from "@headroom/loadtest/run/exporter-client";
import { reason } from "@headroom/loadtest/run/preflight";
import { withinTime } from "./within-time.ts";

/** A busy exporter may answer late. */
const TIMEOUT_MS = 10_000;

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
  const get = (path: string): Promise<string> =>
    withinTime(TIMEOUT_MS, signal, async (limited) => {
      const response = await fetch(`${url}${path}`, {
        headers: token ? { authorization: `Bearer ${token}` } : {},
        signal: limited,
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return body;
    });
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
