import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { inRun, queryPage, readRun, type Run } from "./runbook-in-run.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-run-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(run: unknown): Promise<Run> {
  const file = join(folder, "run.json");
  await writeFile(file, typeof run === "string" ? run : JSON.stringify(run));
  return readRun(file);
}

const GENERAL = [
  "curl http://127.0.0.1:9700/readyz http://127.0.0.1:9702/healthz",
  "curl http://127.0.0.1:9090/api/v1/alerts http://127.0.0.1:9093/-/ready",
  "redis-cli -u redis://127.0.0.1:6379 ping; curl http://127.0.0.1:97000",
].join("\n");

describe("a runbook in a run", () => {
  it("has the addresses of the run, and the general one of what the run does not have", async () => {
    const addresses = {
      ...{ exporter: "http://127.0.0.1:9702/", incidents: "http://127.0.0.1:9700" },
      ...{ prometheus: "http://[::1]:9095/prom/", redis: "rediss://:secret@cache.example:6380/1" },
    };
    expect(inRun(GENERAL, await written({ addresses })).split("\n")).toEqual([
      "curl http://127.0.0.1:9702/readyz http://127.0.0.1:9700/healthz",
      "curl http://[::1]:9095/prom/api/v1/alerts http://127.0.0.1:9093/-/ready",
      "redis-cli -u rediss://cache.example:6380/1 ping; curl http://127.0.0.1:97000",
    ]);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", [1]],
    ["nothing known", {}],
    ["another shape", { addresses: 1, logs: 2, graph: {} }],
    ["a shell's words", { addresses: { exporter: "http://h/$(reboot)", redis: "redis://h/;x" } }],
    ["a quote", { addresses: { exporter: "http://h/'x", redis: "redis://h/'" } }],
    ["markup", { addresses: { exporter: "http://h/<b>&amp;" }, graph: "javascript:alert(1)" }],
    ["another scheme", { addresses: { exporter: "file:///etc/passwd", redis: "javascript:x" } }],
    ["a log's folder that ends a line", { logs: "/a\n`b" }],
  ])("is as it was where the file has %s", async (_what, run) => {
    const text = `${GENERAL} tail .runs/*/logs/exporter.log`;
    const known = await written(run);
    expect(inRun(text, known)).toBe(text);
    expect(queryPage("up", known, undefined)).toBeUndefined();
    expect(await readRun(join(folder, "none"))).toEqual({ addresses: {} });
  });

  it("names a log as a shell reads it, whatever the folder is called", async () => {
    const name = fc.string({ unit: "grapheme" }).filter((text) => !/[`\p{Cc}]/u.test(text));
    await fc.assert(
      fc.asyncProperty(name, async (odd) => {
        const run = await written({ logs: `/${odd}` });
        const command = inRun("printf %s .runs/*/logs/exporter.log", run);
        const said = execFileSync("sh", ["-c", command]).toString();
        expect(said).toBe(`/${odd}/exporter.log`);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a query of a runbook", () => {
  const expression = 'sum(rate(x{a=~"b|<c>"}[1m])) > 1 # & ?';

  it("opens where the run says, with the whole expression", async () => {
    const run = await written({ graph: "http://127.0.0.1:9090/classic/graph" });
    const address = new URL(queryPage(expression, run, "http://grafana.example")!);
    expect(address.origin + address.pathname).toBe("http://127.0.0.1:9090/classic/graph");
    expect(address.searchParams.get("g0.expr")).toBe(expression);
  });

  it("opens in Explore of a Grafana where there is no run", () => {
    const run: Run = { addresses: {} };
    const address = new URL(queryPage(expression, run, "http://127.0.0.1:3000/grafana/")!);
    expect(address.origin + address.pathname).toBe("http://127.0.0.1:3000/grafana/explore");
    const panes = JSON.parse(address.searchParams.get("panes")!) as object;
    expect(Object.values(panes)).toMatchObject([{ queries: [{ expr: expression }] }]);
    expect(queryPage(expression, run, undefined)).toBeUndefined();
  });
});
