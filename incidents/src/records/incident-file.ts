import { incidentSchema, type Incident } from "./incident.ts";

/** An incident and the Markdown below its front matter, which people may have written in. */
export interface IncidentFile {
  readonly incident: Incident;
  readonly body: string;
}

const FENCE = "---";

/** An incident's file cannot be read as one, as after editing its front matter by hand. */
export class BrokenIncidentFile extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`The front matter ${why}. Repair it, or move the file out of the folder.`, options);
    this.name = "BrokenIncidentFile";
  }
}

/** The file's text. Each value of the front matter is JSON, which YAML contains. */
export function incidentText({ incident, body }: IncidentFile): string {
  const lines = Object.entries(incident)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [FENCE, ...lines, FENCE, "", body].join("\n");
}

/**
 * Reads the file's text.
 *
 * @throws BrokenIncidentFile
 */
export function readIncidentText(text: string): IncidentFile {
  const [, front, body] = /^---\n([^]*?)\n---\n\n?([^]*)$/.exec(text) ?? [];
  if (front === undefined || body === undefined) throw new BrokenIncidentFile("is missing");
  const parsed = incidentSchema.safeParse(Object.fromEntries(front.split("\n").map(readLine)));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new BrokenIncidentFile(`has no valid "${field}"`, { cause: parsed.error });
  }
  return { incident: parsed.data, body };
}

function readLine(line: string): [string, unknown] {
  const [, key = "", written = ""] = /^(\w+): (.*)$/.exec(line) ?? [];
  try {
    return [key, JSON.parse(written)];
  } catch (cause) {
    throw new BrokenIncidentFile(`has a line that is not "name: JSON"`, { cause });
  }
}
