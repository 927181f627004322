import { lastOfTimeline, withTimelineLine } from "./incident-body.ts";
import type { Incident, IncidentFile } from "./incident.ts";
import type { IncidentFiles, IncidentStore } from "./incident-store.ts";
import { inMarkdown } from "./notification.ts";

/** Longest note, in Unicode code points. */
const MAX_NOTE_CODE_POINTS = 2000;

/** What a person asked for cannot be done with the incidents as they are. */
export class NotPossible extends Error {}

/**
 * Finds an incident by its id, or by any part of it that no other has.
 *
 * @throws NotPossible when there is none, or more than one
 */
export function findIncident(files: IncidentFiles, part: string): IncidentFile {
  const exact = files.get(part);
  if (exact) return exact;
  const found = [...files.values()].filter(({ incident }) => incident.id.includes(part));
  if (part !== "" && found.length === 1) return found[0]!;
  const ids = found.slice(0, 5).map(({ incident }) => `\n  ${incident.id}`);
  throw new NotPossible(
    found.length === 0
      ? `There is no incident ${JSON.stringify(part)}; "list" shows them all.`
      : `${found.length} incidents are meant by ${JSON.stringify(part)}; write more of the id:${ids.join("")}`,
  );
}

/**
 * Adds a note to an incident's timeline. One that is its last line already is not added again, so
 * that a command that was killed can be repeated.
 *
 * @throws NotPossible when it is not there, or when the text is empty or too long
 */
export function addNote(store: IncidentStore, part: string, text: string): Promise<IncidentFile> {
  const length = [...text].length;
  if (text.trim() === "") throw new NotPossible("The note is empty; write what is to be kept.");
  if (length > MAX_NOTE_CODE_POINTS) {
    throw new NotPossible(
      `The note has ${length} characters, and at most ${MAX_NOTE_CODE_POINTS} are taken. ` +
        "Write the rest into the incident's file itself.",
    );
  }
  const line = `**note** ${inMarkdown(text, MAX_NOTE_CODE_POINTS)}`;
  return changeOne(store, part, (file) => {
    if (lastOfTimeline(file.body) === line) return file;
    return { ...file, body: withTimelineLine(file.body, new Date().toISOString(), line) };
  });
}

/**
 * Closes an incident: a person is done with it. Its alerts may still fire; they are noted in it, and
 * a new one opens a new incident.
 *
 * @throws NotPossible when it is not there or closed already
 */
export function closeIncident(store: IncidentStore, part: string): Promise<IncidentFile> {
  return changeOne(store, part, ({ incident, body }) => {
    if (incident.status === "closed") {
      throw new NotPossible(
        `The incident ${incident.id} has been closed since ${incident.closed}.`,
      );
    }
    const closed = new Date().toISOString();
    return {
      incident: { ...incident, status: "closed", closed },
      body: withTimelineLine(body, closed, `**closed** while ${incident.status}`),
    };
  });
}

async function changeOne(
  store: IncidentStore,
  part: string,
  change: (file: IncidentFile) => IncidentFile,
): Promise<IncidentFile> {
  // Asked before, since a change would make the folder.
  findIncident(await store.list(), part);
  return store.change((files) => {
    const before = findIncident(files, part);
    const result = change(before);
    return { result, changed: result === before ? [] : [result] };
  });
}

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
  if (dryRun || planned.removed.length === 0) return planned;
  return store.change((files) => {
    const result = sortOut(files, before);
    return { result, changed: [], removed: result.removed.map(({ id }) => files.get(id)!) };
  });
}

function sortOut(files: IncidentFiles, before: string): Pruning {
  const removed: Incident[] = [];
  const kept: Incident[] = [];
  for (const { incident } of files.values()) {
    if ((incident.closed ?? incident.started) >= before) continue;
    (isOver(incident) ? removed : kept).push(incident);
  }
  return { removed, kept };
}

/** Without its record, an alert that still fires would be taken for a new one when it is repeated. */
function isOver({ closed, alerts }: Incident): boolean {
  return closed !== undefined && alerts.every(({ endsAt }) => endsAt !== undefined);
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
