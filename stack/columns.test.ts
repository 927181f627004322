import { describe, expect, it } from "@jest/globals";
import { inColumns } from "./columns.ts";

describe("inColumns", () => {
  it("begins every cell of a column below the one above, without spaces at the end", () => {
    expect(
      inColumns([
        ["name", "", "file"],
        ["k6", "2.2", "/bin/k6"],
        ["prometheus", "missing"],
      ]),
    ).toBe(
      "name                 file\n" + "k6          2.2      /bin/k6\n" + "prometheus  missing",
    );
  });

  it("has no line for no rows", () => {
    expect(inColumns([])).toBe("");
  });
});
