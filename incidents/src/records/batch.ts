import { fileNotification, type Filing, type FilingContext } from "./file-notification.ts";
import type { IncidentFile } from "./incident-file.ts";
import type { IncidentFiles } from "./incident-store.ts";
import { isAbout } from "./incident.ts";
import { withTimelineLine } from "./incident-body.ts";
import type { AlertNotification } from "./notification.ts";

/** The alerts of one notification, filed one after the other. */
export class Batch {
  readonly filings: Record<Filing, number> = { opened: 0, added: 0, resolved: 0, repeated: 0 };
  readonly incidents = new Set<string>();
  /** Changed incidents by id, as they were before and as they are now. */
  readonly changed = new Map<string, { before: IncidentFile | undefined; after: IncidentFile }>();
  readonly #files: Map<string, IncidentFile>;
  /** Ids of the incidents that hold an alert of a fingerprint. */
  readonly #holding = new Map<string, Set<string>>();
  readonly #open = new Set<string>();

  constructor(files: IncidentFiles) {
    this.#files = new Map(files);
    for (const file of files.values()) this.#index(file);
  }

  add(alert: AlertNotification, context: FilingContext): void {
    this.filings[this.#file(alert, context)]++;
    // Closed by a person while it fired, it may fire in a later one as well.
    while (alert.status === "resolved" && this.#firing(alert)) this.#file(alert, context);
  }

  /**
   * Says in each changed incident that the sender left alerts out. What is told again changes nothing,
   * and so this is not told again either.
   */
  tellTruncated(count: number, now: string): void {
    const line = `**left out** ${count} more alerts of the same notification, by its sender`;
    for (const { after } of [...this.changed.values()]) {
      this.#keep({ ...after, body: withTimelineLine(after.body, now, line) });
    }
  }

  #file(alert: AlertNotification, context: FilingContext): Filing {
    const known = this.#firing(alert) ?? this.#holders(alert)[0];
    const open = [...this.#open].map((id) => this.#files.get(id)!);
    const { filing, file } = fileNotification(alert, { known, open }, context);
    this.incidents.add(file.incident.id);
    this.#keep(file);
    return filing;
  }

  /** The incidents that hold this alert. Whoever closed one does not want to hear more in it. */
  #holders(told: AlertNotification): IncidentFile[] {
    return [...(this.#holding.get(told.fingerprint) ?? [])]
      .map((id) => this.#files.get(id)!)
      .filter(({ incident: { alerts, closed } }) => {
        const isNew = told.status === "firing" && closed !== undefined && told.startsAt > closed;
        return !isNew && alerts.some((alert) => isAbout(alert, told));
      });
  }

  /** One of them in which it fires. */
  #firing(told: AlertNotification): IncidentFile | undefined {
    return this.#holders(told).find(({ incident }) =>
      incident.alerts.some((alert) => isAbout(alert, told) && alert.endsAt === undefined),
    );
  }

  #keep(file: IncidentFile): void {
    const { id } = file.incident;
    const before = this.#files.get(id);
    if (file === before) return;
    this.#files.set(id, file);
    this.#index(file);
    const first = this.changed.get(id);
    this.changed.set(id, { before: first ? first.before : before, after: file });
  }

  #index({ incident }: IncidentFile): void {
    for (const { fingerprint } of incident.alerts) {
      const ids = this.#holding.get(fingerprint) ?? new Set();
      this.#holding.set(fingerprint, ids.add(incident.id));
    }
    if (incident.status === "open") this.#open.add(incident.id);
    else this.#open.delete(incident.id);
  }
}
