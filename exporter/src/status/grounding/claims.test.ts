import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Finding, FindingUnit } from "../findings/finding.ts";
import { formatQuantity } from "../findings/quantity.ts";
import { LANGUAGES } from "../../language.ts";
import * as example from "../testing/example-findings.ts";
import { claimsIn, saysNumber } from "./claims.ts";

/** What a claim says, short: the value, and how much of what it is. */
const read = (text: string): readonly string[] =>
  claimsIn(text).map(({ value, unit }) =>
    unit ? `${value} x ${unit.size} ${unit.of}` : `${value}`,
  );

describe("the numbers that a text states", () => {
  it.each<[string, readonly string[]]>([
    ["23 %", ["23 x 0.01 ratio"]],
    ["23%", ["23 x 0.01 ratio"]],
    ["45 percent", ["45 x 0.01 ratio"]],
    ["45パーセント", ["45 x 0.01 ratio"]],
    ["10.8 GB of 24.0 GB", ["10.8 x 1000000000 bytes", "24 x 1000000000 bytes"]],
    ["1,024 MB", ["1024 x 1000000 bytes"]],
    ["2 GiB", ["2 x 1073741824 bytes"]],
    ["500 bytes", ["500 x 1 bytes"]],
    ["1.2 MB/s", ["1.2 x 1000000 bytes_per_second"]],
    ["300 kB per second", ["300 x 1000 bytes_per_second"]],
    ["3 days 4 hours", ["3 x 86400 seconds", "4 x 3600 seconds"]],
    ["3日4時間", ["3 x 86400 seconds", "4 x 3600 seconds"]],
    ["5分10秒", ["5 x 60 seconds", "10 x 1 seconds"]],
    ["132 processes", ["132"]],
    ["132個のプロセス", ["132"]],
    ["1, 2, 3", ["1", "2", "3"]],
    ["at 23, above", ["23"]],
    ["It is 23.", ["23"]],
  ])("%j", (text, claims) => {
    expect(read(text)).toEqual(claims);
  });

  it.each(["eth0 is up", "sda1", "/data2", "v1.2", "disk_2", "of 1 core"])(
    "are none inside a name, nor in what a share is of: %s",
    (text) => {
      expect(read(text)).toEqual([]);
    },
  );

  it("are where they stand, as long as they are written, with their decimals", () => {
    expect(claimsIn("Memory is 45.50 % used")).toMatchObject([
      { index: 10, length: 7, decimals: 2 },
    ]);
  });
});

function says(finding: Finding, text: string): boolean {
  const [claim] = claimsIn(text);
  return saysNumber(finding, claim!);
}

describe("a finding", () => {
  it.each<[Finding, string]>([
    [example.IDLE_CPU, "23 %"],
    [example.IDLE_CPU, "23.1 %"],
    [example.BUSY_CPU, "97 %"],
    [example.BUSY_CPU, "95 %"],
    [example.FREE_MEMORY, "11 GB"],
    [example.FREE_MEMORY, "10,800 MB"],
    [example.FREE_MEMORY, "10.1 GiB"],
    [example.INTERFACE, "1.2 MB/s"],
    [example.INTERFACE, "1.2 MB"],
    [example.PROCESS_COUNT, "132"],
    [example.UPTIME, "3 days"],
    [example.UPTIME, "4 hours"],
    [example.UPTIME, "76 hours"],
  ])("says its values and its limit, rounded as written: %#", (finding, text) => {
    expect(says(finding, text)).toBe(true);
  });

  it.each<[why: string, Finding, string]>([
    ["another value", example.IDLE_CPU, "24 %"],
    ["a wrong decimal", example.IDLE_CPU, "23.2 %"],
    ["no unit", example.IDLE_CPU, "23"],
    ["another unit", example.IDLE_CPU, "23 GB"],
    ["another size of it", example.FREE_MEMORY, "10.8 MB"],
    ["a rate for an amount", example.FREE_MEMORY, "10.8 GB/s"],
    ["a unit for a count", example.PROCESS_COUNT, "132 %"],
    ["a part that it does not have", example.UPTIME, "5 hours"],
    ["a limit that is not broken", example.IDLE_CPU, "95 %"],
  ])("does not say %s", (_, finding, text) => {
    expect(says(finding, text)).toBe(false);
  });

  it("says whatever number its own sentence would hold", () => {
    const units = fc.constantFrom<FindingUnit>("ratio", "bytes", "bytes_per_second", "count");
    const values = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1e14, noNaN: true }),
    );
    fc.assert(
      fc.property(units, values, fc.constantFrom(...LANGUAGES), (unit, value, language) => {
        fc.pre(unit !== "ratio" || value <= 100);
        const finding = { ...example.IDLE_CPU, values: [{ name: "any", value, unit }] };
        const text = formatQuantity(value, unit, language);
        expect({ text, said: says(finding, text) }).toEqual({ text, said: true });
      }),
    );
  });

  it("says both parts of its own duration", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), fc.constantFrom(...LANGUAGES), (value, language) => {
        const finding = { ...example.UPTIME, values: [{ name: "uptime", value, unit: "seconds" }] };
        const text = formatQuantity(value, "seconds", language);
        const claims = claimsIn(text);
        expect(claims.length).toBeGreaterThan(0);
        expect(claims.every((claim) => saysNumber(finding as Finding, claim))).toBe(true);
      }),
    );
  });
});
