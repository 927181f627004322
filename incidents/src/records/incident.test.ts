import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { fileAlerts } from "./file-alerts.ts";
import { BrokenIncidentFile, incidentText, readIncidentText } from "./incident.ts";
import { notification } from "../testing/example-alerts.ts";

const context = {
  snapshot: "off",
  now: "2026-01-02T03:14:05.000Z",
  truncated: 0,
} as const;

describe("an incident's file", () => {
  it("holds whatever an alert says, and is read as it was written", () => {
    const text = fc.string({ unit: "binary" });
    // What is not finite is taken out where the payload is read.
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(text, text, fc.dictionary(text, number), (name, summary, values) => {
        const alert = notification({
          labels: { alertname: name, instance: summary },
          annotations: { summary, description: name, runbook_url: summary },
          values,
        });
        const file = fileAlerts([alert], new Map(), context).changed[0]!.after;
        const written = incidentText(file);
        expect(readIncidentText(written)).toEqual(JSON.parse(JSON.stringify(file)));
        expect(written.match(/^---$/gm)).toHaveLength(2);
        expect(file.incident.id).toMatch(/^[\w-]{1,100}$/);
      }),
    );
  });

  it.each([
    ["", "is missing"],
    ["# Only text\n", "is missing"],
    ["---\nstatus: open\n---\n\n", 'has a line that is not "name: JSON"'],
    ['---\nid: "../x"\n---\n\n', 'has no valid "id"'],
  ])("that was edited to %j is told as broken", (text, why) => {
    expect(() => readIncidentText(text)).toThrow(BrokenIncidentFile);
    expect(() => readIncidentText(text)).toThrow(why);
  });
});
