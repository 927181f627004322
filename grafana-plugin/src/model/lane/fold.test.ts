import { describe, expect, it } from "@jest/globals";
import { foldLanes } from "./fold.ts";

const lanes = ["errors", "status b", "memory", "status a", "status c"].map((name) => ({
  id: `#${name}`,
  name,
}));
const isStatus = (name: string) => name.startsWith("status");
const ids = (isOpen: boolean) => foldLanes(lanes, isStatus, isOpen).map(({ id }) => id);

describe("foldLanes", () => {
  it("shows lanes of a kind as the first of them, and says how many it stands for", () => {
    expect(foldLanes(lanes, isStatus, false)).toEqual([
      { id: "#errors" },
      { id: "#status b", standsFor: 3 },
      { id: "#memory" },
    ]);
  });

  it("shows the others after it while they are open", () => {
    expect(ids(true)).toEqual(["#errors", "#status b", "#status a", "#status c", "#memory"]);
  });

  it("leaves a lane alone that is the only one of its kind, and all without a kind", () => {
    for (const kind of [/^memory/, /^none/]) {
      const isOfKind = (name: string) => kind.test(name);
      expect(foldLanes(lanes, isOfKind, false)).toHaveLength(5);
    }
    expect(foldLanes([], isStatus, true)).toEqual([]);
  });
});
