import { describe, expect, it } from "@jest/globals";
import type { StoredVariable } from "../dashboard/schema.ts";
import { chooseValue } from "./choose.ts";
import { ALL, isAll, valuesOf } from "./variable.ts";

const options = ["a", "b"].map((value) => ({ text: value.toUpperCase(), value }));
const one: StoredVariable = { name: "v", type: "query", current: { value: "b" } };
const many: StoredVariable = { ...one, multi: true, includeAll: true, current: { value: [ALL] } };

describe("chooseValue", () => {
  it("takes what the address says before what the dashboard stores", () => {
    expect(chooseValue(one, options).value).toBe("b");
    expect(chooseValue(one, options, ["a"])).toMatchObject({ value: "a", text: "A" });
  });

  it("takes the first option when there is no such value", () => {
    expect(chooseValue(one, options, ["gone"]).value).toBe("a");
    expect(chooseValue(one, [], ["gone"]).value).toBe("");
  });

  it("keeps several values, and those that exist of them", () => {
    expect(chooseValue(many, options, ["a", "b", "gone"]).value).toEqual(["a", "b"]);
  });

  it("takes All from the address in words and as Grafana stores it", () => {
    for (const word of ["All", ALL]) {
      expect(isAll(chooseValue(many, options, [word]))).toBe(true);
    }
  });

  it("does not take All where the variable has no such choice", () => {
    expect(chooseValue(one, options, ["All"]).value).toBe("a");
  });
});

describe("valuesOf", () => {
  it("is every option with All, or what the dashboard says All is", () => {
    expect(valuesOf(chooseValue(many, options))).toEqual(["a", "b"]);
    expect(valuesOf(chooseValue({ ...many, allValue: ".*" }, options))).toBe(".*");
  });
});
