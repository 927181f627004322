import { HeadroomError } from "@headroom/exporter/errors";
import type { Logger } from "@headroom/exporter/http/problem";
import type { ReadMetrics, Moment } from "../key-metrics.ts";
import { fileAlerts, type Changed, type Filed, type Filing } from "./file-alerts.ts";
import { withMetrics } from "./incident-body.ts";
import type { Incident, IncidentSeverity } from "./incident.ts";
import type { IncidentStore } from "./incident-store.ts";
import type { AlertNotification } from "./notification.ts";

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
  readonly metrics?: ReadMetrics | undefined;
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
  async receive(alerts: readonly AlertNotification[], truncated = 0): Promise<Filed> {
    const { store, observer, logger, metrics } = this.#parts;
    const context = {
      snapshot: metrics ? "pending" : "off",
      now: new Date().toISOString(),
      truncated,
    } as const;
    let filed: Filed;
    try {
      filed = await store.change((files) => {
        const result = fileAlerts(alerts, files, context);
        return { result, changed: result.changed.map(({ after }) => after) };
      });
    } catch (error) {
      observer.notified("failed", alerts.length);
      const problem = storageProblem(error);
      const reason = (error as Error).message;
      logger.error({ code: problem.code, reason, alerts: alerts.length }, problem.message);
      throw problem;
    }
    if (truncated > 0) {
      observer.notified("truncated", truncated);
      logger.warn(
        { truncated },
        "the sender left alerts out; raise its max_alerts or group by more",
      );
    }
    for (const [filing, count] of Object.entries(filed.filings) as [Filing, number][]) {
      observer.notified(filing, count);
    }
    for (const changed of filed.changed) this.#tell(changed);
    return filed;
  }

  /** Those that are open. */
  async open(): Promise<readonly Incident[]> {
    const files = [...(await this.#parts.store.list()).values()];
    return files.map(({ incident }) => incident).filter(({ status }) => status === "open");
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

  #tell({ before, after: { incident } }: Changed): void {
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

  async #addMetrics(id: string, moments: readonly Moment[], metrics: ReadMetrics): Promise<void> {
    for (const moment of moments) {
      const file = (await this.#parts.store.list()).get(id);
      if (!file || this.#closed.signal.aborted) return;
      const block = await metrics(file.incident, moment, this.#closed.signal);
      // Asked again after the next start.
      if (this.#closed.signal.aborted) return;
      const snapshot = block.taken ? "taken" : "unreachable";
      await this.#parts.store.change((files) => {
        const current = files.get(id);
        if (!current) return { result: undefined, changed: [] };
        const incident = { ...current.incident, snapshot } as const;
        const body = withMetrics(current.body, block.markdown);
        return { result: undefined, changed: [{ incident, body }] };
      });
    }
  }
}

/** System codes of a disk or a quota that has no room left. */
const FULL: readonly string[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/**
 * What a client sees when incidents cannot be written: an answer of the 500s, after which
 * Alertmanager and Grafana send the notification again.
 */
export function storageProblem(error: unknown): HeadroomError {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && FULL.includes(code)) {
    return new HeadroomError(
      "storage_full",
      "There is no room left where incidents are kept, so the notification is not recorded. " +
        "Free space on the disk of HEADROOM_INCIDENTS_FOLDER, or name another folder; then send it again.",
      { cause: error, members: { reason: code } },
    );
  }
  return new HeadroomError(
    "storage_failed",
    "The folder of incidents cannot be used, so the notification is not recorded. Check that " +
      "HEADROOM_INCIDENTS_FOLDER names a folder that may be written; then send it again.",
    { cause: error, members: { reason: code } },
  );
}
