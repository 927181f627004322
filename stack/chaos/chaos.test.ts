import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { ROOT } from "../places.ts";
import { type Seen, seenBetween } from "./steady-load.ts";
import { chaosMarkdown, chaosTable, held, tally } from "./report.ts";
import { ROWS } from "./rows.ts";
import { problemsOf, type RowResult } from "./run-row.ts";

/** One for what ends in the middle of work, one for what is away for a moment. */
const IN_TESTS = ["exporter-sigterm", "redis-killed"];

const chaos = (...args: readonly string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = [join(ROOT, "stack", "chaos.ts"), ...args];
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

describe("npm run chaos", () => {
  it("passes the rows that fit in a test, with the real stack", async () => {
    const { code, stdout, stderr } = await chaos("--json", "--only", ...IN_TESTS);
    const results = JSON.parse(stdout) as RowResult[];
    expect(results.map(({ name, problems }) => ({ name, problems }))).toEqual(
      IN_TESTS.map((name) => ({ name, problems: [] })),
    );
    for (const { seen, recoverySeconds } of results) {
      expect(seen!.answers).toBeGreaterThan(0);
      expect(recoverySeconds).toBeGreaterThanOrEqual(0);
    }
    expect(results[0]!.note).toContain("x 200");
    expect(stderr).toContain("2 of 2 rows passed, 0 failed, 0 skipped");
    expect(code).toBe(0);
  });
});

describe("the rows", () => {
  it("have names of their own, and say what goes wrong", () => {
    const names = ROWS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, fault } of ROWS) expect(fault).not.toBe(name);
  });

  it("stand in the documents, each as passed, or as skipped where that machine lacked something", async () => {
    const text = await readFile(join(ROOT, "docs", "chaos.md"), "utf8");
    const [, table = ""] = /<!-- chaos:begin -->([^]*)<!-- chaos:end -->/.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| ([\w-]+) .* (?:passed|skipped) +\|$/gm)].map(
      ([, row]) => row,
    );
    expect(rows).toEqual(ROWS.map(({ name }) => name));
  });
});

const calm: Seen = { answers: 100, errors: {}, lost: 0, away: 0, p95Ms: 20 };
const problems = (
  seen: Partial<Seen>,
  expect: Parameters<typeof problemsOf>[0] = {},
  found: Parameters<typeof problemsOf>[2] = {},
  fired: readonly string[] = [],
) => problemsOf(expect, { ...calm, ...seen }, found, new Set(fired));

describe("the problems of a row", () => {
  it("finds nothing wrong with clients that noticed nothing", () => {
    expect(problems({})).toEqual([]);
  });

  it.each([
    [{ answers: 0, p95Ms: NaN }, "the steady load got no answer"],
    [{ lost: 1 }, "1 requests were taken and not answered"],
    [{ away: 2 }, "2 requests were not even taken"],
    [{ errors: { 503: 3 } }, '3 answers were errors: {"503":3}'],
    [{ p95Ms: 1500 }, "the P95 was 1500 ms, above 1000 ms"],
  ] as const)("finds %j wrong, unless the row allows it", (seen, problem) => {
    expect(problems(seen)).toContain(problem);
    const all = { away: true, lost: 1, errorRatio: 0.1, p95Ms: 2000 } as const;
    if (seen !== undefined && !("answers" in seen)) expect(problems(seen, all)).toEqual([]);
  });

  it("wants the alerts of the row, and no others", () => {
    const expectation = { alerts: ["A"], mayAlert: ["B"] };
    expect(problems({}, expectation, {}, ["A", "B"])).toEqual([]);
    expect(problems({}, expectation, {}, ["C"])).toEqual(["A did not fire", "C fired"]);
  });

  it("counts what the row itself lost", () => {
    const found = { lost: 2, lostAlerts: 1, problems: ["it fell"] };
    expect(problems({}, {}, found)).toEqual([
      "2 requests were taken and not answered",
      "1 alerts were lost",
      "it fell",
    ]);
  });
});

describe("what k6 wrote", () => {
  it("becomes answers, errors, lost requests and those that nobody took", async () => {
    const folder = await mkdtemp(join(tmpdir(), "headroom-chaos-"));
    try {
      const point = (second: number, value: number, tags: object) =>
        JSON.stringify({
          metric: "http_req_duration",
          type: "Point",
          data: { time: `2026-01-02T03:04:0${second}.5Z`, value, tags },
        });
      const file = join(folder, "samples");
      const lines = [
        `{"type":"Metric","data":{"name":"http_req_duration"},"metric":"http_req_duration"}`,
        point(1, 900, { status: "200" }),
        point(2, 10, { status: "200" }),
        point(3, 30, { status: "200" }),
        point(4, 1, { status: "503", error_code: "1503" }),
        point(5, 0, { status: "0", error_code: "1212" }),
        point(6, 5, { status: "0", error_code: "1220" }),
        '{"metric":"http_req_duration","type":"Poi',
      ];
      await writeFile(file, lines.join("\n"));
      expect(await readFile(file, "utf8")).toContain("Poi");
      const [from, to] = ["2026-01-02T03:04:02Z", "2026-01-02T03:04:09Z"].map(Date.parse);
      expect(await seenBetween(file, from!, to!)).toEqual({
        answers: 2,
        errors: { 503: 1 },
        lost: 1,
        away: 1,
        p95Ms: 30,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("the report", () => {
  const results: readonly RowResult[] = [
    {
      name: "good",
      fault: "a",
      seen: calm,
      lost: 0,
      lostAlerts: 0,
      recoverySeconds: 1,
      problems: [],
    },
    {
      name: "bad",
      fault: "b",
      seen: calm,
      lost: 2,
      lostAlerts: 0,
      alerts: ["HeadroomX"],
      problems: ["no"],
    },
    { name: "absent", fault: "c", skipped: "it takes Linux", problems: [] },
  ];

  it("says of each row whether it passed, failed or was skipped, and why", () => {
    expect(chaosTable(results).map((row) => row.at(-1))).toEqual([
      "",
      "passed",
      "FAILED",
      "skipped",
    ]);
    expect(chaosTable(results)[2]).toContain("never");
    expect(tally(results)).toBe("1 of 3 rows passed, 1 failed, 1 skipped");
    expect(results.map(held)).toEqual([true, false, true]);
    const markdown = chaosMarkdown(results);
    expect(markdown).toContain("- bad FAILED: no\n");
    expect(markdown).toContain("- absent was skipped: it takes Linux\n");
    expect(markdown.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(5);
  });
});
