import type { Incident } from "./incident.ts";
import type { IncidentFile } from "./incident-file.ts";
import type { IncidentFiles, IncidentStore } from "./incident-store.ts";

/** What pruning removes, and what it leaves although it is as old. */
export interface Pruning {
  readonly removed: readonly Incident[];
  /** Not closed yet, or closed while an alert of it fires that would open it anew. */
  readonly kept: readonly Incident[];
}

/**
 * Removes the incidents that were closed before a time. The others stay, however old they are: an
 * incident is a record, and whoever closes it has said that it is not needed any more.
 *
 * @param options - `before`: ISO 8601, UTC; `dryRun`: only say what would be removed
 * @throws Error with a system code; then some may be removed, and doing it again removes the others
 */
export async function pruneIncidents(
  store: IncidentStore,
  { before, dryRun }: { readonly before: string; readonly dryRun: boolean },
): Promise<Pruning> {
  // Asked before, since a change would make the folder.
  const planned = sortOut(await store.list(), before);
  if (dryRun || planned.removed.length === 0) return incidentsOf(planned);
  return store.change((files) => {
    const sorted = sortOut(files, before);
    return { result: incidentsOf(sorted), changed: [], removed: sorted.removed };
  });
}

interface Sorted {
  readonly removed: readonly IncidentFile[];
  readonly kept: readonly IncidentFile[];
}

function sortOut(files: IncidentFiles, before: string): Sorted {
  const removed: IncidentFile[] = [];
  const kept: IncidentFile[] = [];
  for (const file of files.values()) {
    const { incident } = file;
    if ((incident.closed ?? incident.started) >= before) continue;
    (isOver(incident) ? removed : kept).push(file);
  }
  return { removed, kept };
}

/** Without its record, an alert that still fires would be taken for a new one when it is repeated. */
function isOver({ closed, alerts }: Incident): boolean {
  return closed !== undefined && alerts.every(({ endsAt }) => endsAt !== undefined);
}

function incidentsOf({ removed, kept }: Sorted): Pruning {
  const incidents = (files: readonly IncidentFile[]) => files.map(({ incident }) => incident);
  return { removed: incidents(removed), kept: incidents(kept) };
}

const HOURS = { h: 1, d: 24, w: 168 } as const;
const HOUR_MS = 3_600_000;

/**
 * An age such as "12h", "90d" or "2w" in milliseconds.
 *
 * @throws RangeError for anything else, and for none
 */
export function parseAge(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const age = Number(count) * HOUR_MS * HOURS[unit as keyof typeof HOURS];
  if (!(age > 0)) {
    throw new RangeError(`an age is like 12h, 90d or 2w, and more than none; got "${text}"`);
  }
  return age;
}
