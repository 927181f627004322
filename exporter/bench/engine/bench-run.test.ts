import { describe, expect, it } from "@jest/globals";
import { closingAll } from "./bench-run.ts";

describe("what a part opens", () => {
  it("is closed, the last first, when it is done and when it fails", async () => {
    for (const fails of [false, true]) {
      const closed: string[] = [];
      const thing = (name: string) => ({ close: async () => closed.push(name) });
      const used = closingAll(async (keep) => {
        keep(thing("first"));
        keep(thing("second"));
        if (fails) throw new Error("in between");
        return "done";
      });
      if (fails) await expect(used).rejects.toThrow("in between");
      else expect(await used).toBe("done");
      expect(closed).toEqual(["second", "first"]);
    }
  });
});
