import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import stringWidth from "string-width";
import { inColumns, inTable, PLAIN, type Screen, wrap } from "./columns.ts";

const screen = (columns: number): Screen => ({
  ...PLAIN,
  columns,
  width: (text) => stringWidth(text),
});
const HEAD = ["row", "answers", "what came of it", "state"];
const PROSE = "Clients saw no error while Redis was away, and all was as before within seconds.";
const ROWS = [
  ["redis-frozen", "12,345", PROSE, "passed"],
  ["full-disk", "7", "-", "FAILED"],
];
const table = (columns: number, change = {}) =>
  inColumns(ROWS, screen(columns), { head: HEAD, ...change });

describe("columns", () => {
  it("begin below each other, figures end there, and no line ends with spaces", () => {
    expect(
      inTable([
        ["name", "", "size", "file"],
        ["k6", "2.2", "9 MB", "/bin/k6"],
        ["prometheus", "missing", "120 MB"],
      ]),
    ).toBe(
      "name                   size  file\n" +
        "k6          2.2        9 MB  /bin/k6\n" +
        "prometheus  missing  120 MB",
    );
    expect(inColumns([])).toBe("");
  });

  it("wrap what is long within its column", () => {
    expect(table(70).split("\n")).toEqual([
      "row           answers  what came of it                          state",
      "redis-frozen   12,345  Clients saw no error while Redis was     passed",
      "                       away, and all was as before within",
      "                       seconds.",
      "full-disk           7  -                                        FAILED",
    ]);
  });

  it("go under their row where they would become too narrow, the state stays", () => {
    expect(table(48).split("\n")).toEqual([
      "row           answers  state",
      "redis-frozen   12,345  passed",
      "    what came of it: Clients saw no error while",
      "    Redis was away, and all was as before within",
      "    seconds.",
      "full-disk           7  FAILED",
    ]);
  });

  it("are left out first where they say least", () => {
    expect(table(48, { optional: [2] })).not.toContain("Clients");
    expect(table(120, { optional: [2] })).toContain("Clients");
  });

  it("are whole in a file, however long", () => {
    expect(inColumns(ROWS, PLAIN, { head: HEAD }).split("\n")).toHaveLength(3);
  });

  it("count Japanese and emoji as wide as a terminal shows them", () => {
    const rows = [
      ["メモリ", "不足"],
      ["disk 💾", "ok"],
    ];
    expect(inColumns(rows, screen(40))).toBe("メモリ   不足\ndisk 💾  ok");
  });

  it("colour the state, and only that", () => {
    const paint: Screen["paint"] = (text, style) => `<${style} ${text}>`;
    const text = inColumns(ROWS, { ...screen(48), paint }, { head: HEAD });
    expect(text).toContain("<good passed>");
    expect(text).toContain("<bad FAILED>");
    expect(text.match(/<(good|bad|near)/g)).toHaveLength(2);
  });

  it("never are wider than the screen, and lose or break no word", () => {
    const cell = fc.array(fc.stringMatching(/^[a-zé日本語💾]{1,12}$/u), { maxLength: 12 });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 7 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 30, max: 130 }), (words, columns) => {
        const text = inColumns(
          words.map((row) => row.map((one) => one.join(" "))),
          screen(columns),
        );
        for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        const latin = words.flat(2).filter((word) => /^[a-zé]+$/.test(word));
        const shown = new Set(text.split(/[\s日本語💾]+/));
        for (const word of latin) expect(shown).toContain(word);
      }),
      { numRuns: 40 },
    );
  });
});

describe("wrap", () => {
  it("breaks Japanese between letters, and begins no line with a mark", () => {
    expect(wrap("メモリは正常です。", 16, screen(16))).toEqual(["メモリは正常で", "す。"]);
  });

  it("leaves a path whole, so that it can be taken from the screen", () => {
    const path = `/a/${"long/".repeat(10)}file`;
    expect(wrap(`see ${path} now`, 20, PLAIN)).toEqual(["see", path, "now"]);
  });
});
