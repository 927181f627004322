import { describe, expect, it } from "@jest/globals";
import { conclusion, drillMarkdown, drillTable } from "./report.ts";

const good = {
  alert: "A",
  fault: "it breaks",
  seconds: { pending: 1.04, firing: 2, notified: 3, incident: 3, ended: 4, resolved: 5, closed: 5 },
  problems: [],
};
const bad = { alert: "B", fault: "it breaks too", seconds: {}, problems: ["not firing"] };

describe("the report of drills", () => {
  it("has the seconds of each step, and none for a step that was not reached", () => {
    const [, first, second] = drillTable([good, bad]);
    expect(first).toEqual([
      "A",
      "it breaks",
      "1.0",
      "2.0",
      "3.0",
      "3.0",
      "4.0",
      "5.0",
      "5.0",
      "passed",
    ]);
    expect(second).toEqual(["B", "it breaks too", ..."-------", "FAILED"]);
  });

  it("is a Markdown table too", () => {
    const [head, line, row] = drillMarkdown([good]).trimEnd().split("\n");
    expect(head).toBe(
      "| Alert | Fault | Pending | Firing | Notified | Incident | Ended | Resolved | Closed |  |",
    );
    expect(line!.split("|")).toHaveLength(head!.split("|").length);
    expect(row).toContain("| A | it breaks | 1.0 |");
  });

  it("ends with what went wrong and how many passed", () => {
    expect(conclusion([good, bad])).toBe("B: not firing\n1 of 2 drills passed");
  });
});
