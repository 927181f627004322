import { addNote, closeIncident, pruneIncidents } from "../records/by-hand.ts";
import { Incidents } from "../records/record-notifications.ts";
import type { IncidentStore } from "../records/incident-store.ts";
import { notification } from "./example-alerts.ts";

/** Something that is done to the incidents of a folder; `answered` is told of each answer. */
type Work = (store: IncidentStore, answered: (answer: string) => void) => Promise<void>;

/** When the example alert is resolved. */
export const RESOLVED_AT = "2026-01-02T03:14:05.000Z";

/** Later than whatever a test has closed. */
const FAR_AHEAD = "9999-01-01T00:00:00.000Z";

/** Each way that incidents are changed; all but the first find one that the test has made. */
export const WORKS = {
  async open(store, answered) {
    for (const fingerprint of ["1", "2"]) {
      await incidentsIn(store).receive([notification({ fingerprint })]);
      answered(fingerprint);
    }
  },
  async resolve(store, answered) {
    await incidentsIn(store).receive([notification({ status: "resolved", endsAt: RESOLVED_AT })]);
    answered("resolved");
  },
  async note(store, answered) {
    await addNote(store, "HeadroomMemoryHigh", "restarted the import");
    answered("noted");
  },
  async close(store, answered) {
    await closeIncident(store, "HeadroomMemoryHigh");
    answered("closed");
  },
  async prune(store, answered) {
    await pruneIncidents(store, { before: FAR_AHEAD, dryRun: false });
    answered("pruned");
  },
} satisfies Record<string, Work>;

/** Whether there is a work of this name. */
export function isWork(name: string): name is keyof typeof WORKS {
  return Object.hasOwn(WORKS, name);
}

/** The incidents of a store, with nobody to tell. */
export function incidentsIn(store: IncidentStore): Incidents {
  const nothing = (): void => {};
  return new Incidents({
    store,
    observer: { notified: nothing, resolved: nothing },
    logger: { info: nothing, warn: nothing, error: nothing },
  });
}
