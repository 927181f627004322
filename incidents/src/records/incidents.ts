import type { Logger } from "@headroom/exporter/http/logger";
import { Batch } from "./batch.ts";
import type { Filing } from "./file-notification.ts";
import type { IncidentFile } from "./incident-file.ts";
import type { IncidentSeverity } from "./incident.ts";
import type { IncidentFiles, IncidentStore } from "./incident-store.ts";
import { withMetrics } from "./incident-body.ts";
import type { MetricsBlock, MetricsReader, Moment } from "../prometheus/metrics-reader.ts";
import type { AlertNotification } from "./notification.ts";
import { storageProblem } from "./storage-problem.ts";

/** Is told what became of notifications and incidents. */
export interface IncidentObserver {
  notified(outcome: Filing | "failed" | "truncated", count: number): void;
  resolved(severity: IncidentSeverity, seconds: number): void;
}

/** What incidents are made of. */
export interface IncidentParts {
  readonly store: IncidentStore;
  readonly observer: IncidentObserver;
  readonly logger: Logger;
  /** Reads the key metrics from Prometheus; without it incidents hold none. */
  readonly metrics?: MetricsReader | undefined;
}

/** What became of the alerts of one notification. */
export interface Receipt {
  readonly filings: Readonly<Record<Filing, number>>;
  /** Ids of the incidents that these alerts belong to. */
  readonly incidents: readonly string[];
}

/** Turns notifications into incidents on the disk. */
export class Incidents {
  readonly #parts: IncidentParts;
  readonly #reading = new Set<Promise<void>>();
  readonly #closed = new AbortController();

  constructor(parts: IncidentParts) {
    this.#parts = parts;
  }

  /**
   * Files alerts; when it returns, they are on the disk. The same alerts again change nothing.
   *
   * @param truncated - how many more alerts there were, which the sender left out
   * @throws HeadroomError `storage_full` or `storage_failed`; then the alerts should be sent again
   */
  async receive(alerts: readonly AlertNotification[], truncated = 0): Promise<Receipt> {
    const { store, observer, logger } = this.#parts;
    const work = await store
      .change((files) => {
        const batch = this.#file(alerts, files);
        if (truncated > 0) batch.tellTruncated(truncated, new Date().toISOString());
        return { result: batch, changed: [...batch.changed.values()].map(({ after }) => after) };
      })
      .catch((error: unknown) => {
        observer.notified("failed", alerts.length);
        const problem = storageProblem(error);
        const reason = (error as Error).message;
        logger.error({ code: problem.code, reason, alerts: alerts.length }, problem.message);
        throw problem;
      });
    if (truncated > 0) {
      observer.notified("truncated", truncated);
      logger.warn(
        { truncated },
        "the sender left alerts out; raise its max_alerts or group by more",
      );
    }
    for (const [filing, count] of Object.entries(work.filings) as [Filing, number][]) {
      observer.notified(filing, count);
    }
    for (const { before, after } of work.changed.values()) this.#afterwards(before, after);
    return { filings: work.filings, incidents: [...work.incidents] };
  }

  /** How many incidents are open, by severity. */
  async open(): Promise<ReadonlyMap<IncidentSeverity, number>> {
    const counts = new Map<IncidentSeverity, number>();
    for (const { incident } of (await this.#parts.store.list()).values()) {
      if (incident.status !== "open") continue;
      counts.set(incident.severity, (counts.get(incident.severity) ?? 0) + 1);
    }
    return counts;
  }

  /** Asks Prometheus about incidents that an earlier process had no answer for when it ended. */
  async resume(): Promise<void> {
    for (const { incident } of (await this.#parts.store.list()).values()) {
      if (incident.snapshot !== "pending") continue;
      const ended = incident.resolved !== undefined;
      this.#inBackground(incident.id, ended ? ["start", "end"] : ["start"]);
    }
  }

  /** Ends what still asks Prometheus; incidents stay as they are. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#reading);
  }

  #file(alerts: readonly AlertNotification[], files: IncidentFiles): Batch {
    const batch = new Batch(files);
    const context = {
      snapshot: this.#parts.metrics ? "pending" : "off",
      now: new Date().toISOString(),
    } as const;
    for (const alert of alerts) batch.add(alert, context);
    return batch;
  }

  #afterwards(before: IncidentFile | undefined, { incident }: IncidentFile): void {
    const { observer, logger } = this.#parts;
    const { id, severity, durationSeconds } = incident;
    const recovered = incident.status === "resolved" && before?.incident.status !== "resolved";
    if (!before) logger.warn({ incident: id, severity }, "an incident was opened");
    if (recovered && durationSeconds !== undefined) {
      observer.resolved(severity, durationSeconds);
      logger.info({ incident: id, durationSeconds }, "an incident was resolved");
    }
    const moments: Moment[] = before ? [] : ["start"];
    if (recovered) moments.push("end");
    if (moments.length > 0) this.#inBackground(id, moments);
  }

  /** The incident is on the disk already: nothing is lost when Prometheus does not answer. */
  #inBackground(id: string, moments: readonly Moment[]): void {
    const { metrics } = this.#parts;
    if (!metrics) return;
    const reading = this.#addMetrics(id, moments, metrics)
      .catch((error: unknown) => {
        const reason = (error as Error).message;
        this.#parts.logger.error({ incident: id, reason }, "key metrics could not be recorded");
      })
      .finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
  }

  async #addMetrics(id: string, moments: readonly Moment[], metrics: MetricsReader): Promise<void> {
    for (const moment of moments) {
      const file = (await this.#parts.store.list()).get(id);
      if (!file || this.#closed.signal.aborted) return;
      const block = await metrics.read(file.incident, moment, this.#closed.signal);
      // Asked again after the next start.
      if (this.#closed.signal.aborted) return;
      await this.#parts.store.change((files) => {
        const current = files.get(id);
        return { result: undefined, changed: current ? [withValues(current, block)] : [] };
      });
    }
  }
}

function withValues({ incident, body }: IncidentFile, block: MetricsBlock): IncidentFile {
  const snapshot = block.taken ? "taken" : "unreachable";
  return { incident: { ...incident, snapshot }, body: withMetrics(body, block.markdown) };
}
