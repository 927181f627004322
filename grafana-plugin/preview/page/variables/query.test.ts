import { describe, expect, it } from "@jest/globals";
import { readVariableQuery } from "./query.ts";

describe("readVariableQuery", () => {
  it("reads label_values with and without a selector", () => {
    expect(readVariableQuery("label_values(instance)")).toEqual({
      kind: "label-values",
      label: "instance",
      selector: undefined,
    });
    expect(readVariableQuery(' label_values( up{job=~"a,b", x="1"} , instance ) ')).toEqual({
      kind: "label-values",
      label: "instance",
      selector: 'up{job=~"a,b", x="1"}',
    });
  });

  it("reads query_result", () => {
    expect(readVariableQuery("query_result(topk(3, sum by (a) (b)))")).toEqual({
      kind: "query-result",
      expr: "topk(3, sum by (a) (b))",
    });
  });

  it("names a query that it does not know", () => {
    expect(() => readVariableQuery("metrics(.*)")).toThrow("metrics(.*)");
  });
});
