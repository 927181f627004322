import { describe, expect, it } from "@jest/globals";
import { partOf, readDataset } from "./dataset.ts";

describe("the split of the data", () => {
  it("does not look at letter case or spacing, so that a text is never on both sides", () => {
    for (const { text } of readDataset().slice(0, 500)) {
      expect(partOf(`  ${text.toUpperCase().toLowerCase().replaceAll(" ", "  ")} `)).toBe(
        partOf(text),
      );
    }
  });

  it("gives about a fifth of each set to the test", () => {
    const rows = readDataset();
    for (const set of new Set(rows.map((row) => row.set))) {
      const ofSet = rows.filter((row) => row.set === set);
      const tests = ofSet.filter(({ text }) => partOf(text) === "test");
      expect(tests.length / ofSet.length).toBeGreaterThan(0.17);
      expect(tests.length / ofSet.length).toBeLessThan(0.23);
    }
  });
});
