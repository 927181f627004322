import { fileNotification, type Filing, type FilingContext } from "./file-notification.ts";
import type { IncidentFile } from "./incident-file.ts";
import type { IncidentFiles } from "./incident-store.ts";
import { alertKey } from "./incident.ts";
import type { AlertNotification } from "./notification.ts";

/** The alerts of one notification, filed one after the other. */
export class Batch {
  readonly filings: Record<Filing, number> = { opened: 0, added: 0, resolved: 0, repeated: 0 };
  readonly incidents = new Set<string>();
  /** Changed incidents by id, as they were before and as they are now. */
  readonly changed = new Map<string, { before: IncidentFile | undefined; after: IncidentFile }>();
  readonly #files: Map<string, IncidentFile>;
  readonly #idOfAlert = new Map<string, string>();
  readonly #open = new Set<string>();

  constructor(files: IncidentFiles) {
    this.#files = new Map(files);
    for (const file of files.values()) this.#index(file);
  }

  add(alert: AlertNotification, context: FilingContext): void {
    const known = this.#files.get(this.#idOfAlert.get(alertKey(alert)) ?? "");
    const open = [...this.#open].map((id) => this.#files.get(id)!);
    const { filing, file } = fileNotification(alert, { known, open }, context);
    const { id } = file.incident;
    this.filings[filing]++;
    this.incidents.add(id);
    const before = this.#files.get(id);
    if (file === before) return;
    this.#files.set(id, file);
    this.#index(file);
    const first = this.changed.get(id);
    this.changed.set(id, { before: first ? first.before : before, after: file });
  }

  #index({ incident }: IncidentFile): void {
    for (const alert of incident.alerts) this.#idOfAlert.set(alertKey(alert), incident.id);
    if (incident.status === "open") this.#open.add(incident.id);
    else this.#open.delete(incident.id);
  }
}
