import http from "k6/http";
import { type Limit, limitsWithin } from "../../alerts/limits.ts";
import type { Profile } from "../plan/profiles.ts";
import { assess } from "../report/assessment.ts";
import { readK6Figures } from "../report/k6-figures.ts";
import { PLAIN } from "../report/columns.ts";
import { measure } from "../report/measurements.ts";
import { parseMetrics } from "../report/prometheus-text.ts";
import { renderTerminal } from "../report/render.ts";
import { readCapacities, readIdentity, readSnapshot } from "../report/snapshot.ts";
import { environment } from "./post.ts";

/** What the exporter said of itself at one moment: pages as they came, since k6 hands on only JSON. */
export interface Exporter {
  readonly at: number;
  /** Absent when it did not answer. */
  readonly metrics?: string;
  readonly limits?: readonly Limit[];
}

/** Asks the exporter for its metrics and its limits. */
export function askExporter(): Exporter {
  const get = (path: string): string | undefined => {
    const { status, body } = http.get(`${environment.target}${path}`, {
      headers: environment.token ? { Authorization: `Bearer ${environment.token}` } : {},
      responseType: "text",
    });
    return status === 200 && body ? body : undefined;
  };
  const [metrics, limits] = [get("/metrics"), get("/v1/limits")];
  return {
    at: Date.now(),
    ...(metrics !== undefined && { metrics }),
    ...(limits !== undefined && { limits: JSON.parse(limits).limits }),
  };
}

/** What is known where npm run load does not run along. */
const NOTE =
  "the exporter was read before the load and after it; npm run load reads it every second, and knows " +
  "the highest memory and where a rising load broke a limit";

/** The report of `npm run load` on what k6 alone can know. */
export function summaryOf(profile: Profile, figures: string, before?: Exporter): string {
  const after = askExporter();
  const first = before ?? after;
  const readings = [first, after].map(({ metrics = "", at }) => ({
    samples: parseMetrics(metrics),
    atSeconds: (at - first.at) / 1_000,
  }));
  const { samples } = readings[1]!;
  const limits = after.limits ?? first.limits ?? limitsWithin(readCapacities(samples));
  const k6 = readK6Figures(figures, profile);
  const measurements = measure({
    profile,
    complete: k6.seconds >= profile.durationSeconds,
    k6,
    snapshots: readings.map((reading) =>
      readSnapshot(reading.samples, reading.atSeconds, profile.sentiment?.attribution),
    ),
    answersAfter: after.metrics !== undefined,
    limits,
  });
  const unknown = "unknown";
  return renderTerminal(
    {
      profile,
      startedAt: new Date(first.at).toISOString(),
      target: environment.target,
      firstMessage: environment.firstMessage,
      exporter: readIdentity(samples) ?? {
        ...{ version: unknown, model: unknown, engine: unknown, architecture: unknown },
        simulated: false,
      },
      measurements,
      ...assess(profile, measurements, limits),
      gains: [],
      notes: [NOTE],
    },
    // Its terminal does not tell k6's scripts how wide it is.
    { ...PLAIN, columns: Number(__ENV["COLUMNS"]) || 80 },
  );
}
