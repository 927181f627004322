import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { limit, limitsFor, MEMORY_FRACTION } from "@headroom/alerts/limits";
import { generatedFiles, REFERENCE_SETTINGS } from "./generated-files.ts";

const COMMITTED = import.meta.dirname;
const RULES = join("prometheus", "rules", "headroom.yml");
const CONFIG = join("prometheus", "prometheus.yml");
const ALERTMANAGER = join("alertmanager", "alertmanager.yml");
const DASHBOARD = join("grafana", "dashboards", "headroom-overview.json");
const CHAT = join("grafana", "dashboards", "headroom-chat.json");
const GRAFANA_RULES = join("grafana", "provisioning", "alerting", "rules.yml");
const DATA_SOURCES = join("grafana", "provisioning", "datasources", "headroom.yml");

describe("npm run generate", () => {
  let out: string;
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), "headroom-generate-"));
  });
  afterEach(() => rm(out, { recursive: true }));

  it("explains itself", async () => {
    const { code, stdout } = await generate("--help");
    expect(code).toBe(0);
    for (const word of ["--check", "--memory", "--limits", "--upstream", "--out", "Exit codes"])
      expect(stdout).toContain(word);
  });

  it("writes the committed files, and twice the same", async () => {
    expect((await generate("--out", out)).code).toBe(0);
    for (const file of generatedFiles(REFERENCE_SETTINGS).keys()) {
      expect(await readFile(join(out, file), "utf8")).toBe(
        await readFile(join(COMMITTED, file), "utf8"),
      );
    }
    const again = await generate("--out", out);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing differs") });
  });

  it("derives the memory limits of another machine, and no other", async () => {
    expect((await generate("--memory", "16GiB", "--out", out)).code).toBe(0);
    const other = (await readFile(join(out, RULES), "utf8")).split("\n");
    const reference = (await readFile(join(COMMITTED, RULES), "utf8")).split("\n");
    const changed = other.filter((line, i) => line !== reference[i]).join("\n");
    for (const severity of ["warning", "critical"] as const) {
      const found = limit("memory", severity, limitsFor(16 * 2 ** 30));
      const upper = found.bound === "upper" ? found.upper : Number.NaN;
      const capacity = `${MEMORY_FRACTION[severity]} * headroom_memory_capacity_bytes`;
      expect(changed).toContain(`clamp_max(${capacity}, ${upper})`);
      expect(changed).toContain(`of its ${severity} limit, which is the smaller of`);
    }
    expect(changed.replaceAll(/.*(headroom_memory|of memory|its capacity).*/g, "").trim()).toBe("");
    expect(other).toHaveLength(reference.length);
    // Dashboards draw the limits that each exporter tells, and only say where they come from.
    const [drawn, committed] = await Promise.all(
      [out, COMMITTED].map((folder) => readFile(join(folder, DASHBOARD), "utf8")),
    );
    const own = (text = ""): string => text.replaceAll(/with up to \S+ of memory/g, "");
    expect(own(drawn)).toBe(own(committed));
    expect(drawn).not.toBe(committed);
  });

  it("writes limits of one's own into rules and dashboards, and says whose they are", async () => {
    const file = join(out, "mine.json");
    const own = {
      first_token_p95: { warning: 0.75, critical: 4 },
      goodput: { warning: 0.8 },
      latency_p95: { critical: 0.75 },
    };
    await writeFile(file, JSON.stringify(own));
    expect((await generate("--limits", file, "--out", out)).code).toBe(0);
    const rules = await readFile(join(out, RULES), "utf8");
    for (const condition of [
      "first_token_seconds:p95_rate1m >= 0.75",
      "first_token_seconds:p95_rate1m >= 4",
      "within_limits_per_streams:ratio_rate1m <= 0.8",
      "sentiment_request_duration_seconds:p95_rate1m >= 0.75",
    ]) {
      expect(rules).toContain(`${condition}\n`);
    }
    expect(rules).toContain("and mine.json, for machines with up to 48GB");
    const { panels } = JSON.parse(await readFile(join(out, CHAT), "utf8")) as {
      panels: { title: string; fieldConfig: { defaults: { thresholds: { steps: object[] } } } }[];
    };
    const drawn = panels.find(({ title }) => title === "Time to first token");
    expect(drawn?.fieldConfig.defaults.thresholds.steps).toMatchObject([
      { value: null },
      { value: 0.75 },
      { value: 4 },
    ]);
  });

  it("refuses a file of limits that it cannot use, and names it", async () => {
    const file = join(out, "mine.json");
    await writeFile(file, '{"goodput": {"warning": 80}}');
    for (const [path, why] of [
      [file, "goodput, warning"],
      [join(out, "none.json"), "none.json"],
    ] as const) {
      const { code, stderr } = await generate("--limits", path, "--out", join(out, "x"));
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
    }
  });

  it("scrapes a model server under the exporter's address", async () => {
    expect((await generate("--upstream", "127.0.0.1:8080", "--out", out)).code).toBe(0);
    const text = await readFile(join(out, CONFIG), "utf8");
    expect(text).toMatch(
      /job_name: upstream\n[^]*127\.0\.0\.1:8080[^]*replacement: 127\.0\.0\.1:9700/,
    );
    expect(await readFile(join(COMMITTED, CONFIG), "utf8")).not.toContain("upstream");
  });

  it("scrapes another exporter", async () => {
    expect((await generate("--exporter", "[::1]:9800", "--out", out)).code).toBe(0);
    expect(await readFile(join(out, CONFIG), "utf8")).toContain('"[::1]:9800"');
  });

  it("links and tells another incidents process, and sends alerts to another Alertmanager", async () => {
    const addresses = ["--incidents", "[::1]:9800", "--alertmanager", "alerts:9094"];
    expect((await generate(...addresses, "--out", out)).code).toBe(0);
    for (const file of [RULES, DASHBOARD]) {
      expect(await readFile(join(out, file), "utf8")).toContain("http://[::1]:9800/runbooks/");
    }
    expect(await readFile(join(out, CONFIG), "utf8")).toContain('"[::1]:9800"');
    expect(await readFile(join(out, CONFIG), "utf8")).toContain("- alerts:9094\n");
    expect(await readFile(join(out, ALERTMANAGER), "utf8")).toContain(
      "url: http://[::1]:9800/v1/alerts\n",
    );
  });

  it("sends Grafana to another Prometheus", async () => {
    expect((await generate("--prometheus", "http://localhost:9191/", "--out", out)).code).toBe(0);
    expect(await readFile(join(out, DATA_SOURCES), "utf8")).toContain(
      "url: http://localhost:9191\n",
    );
  });

  it("links Grafana where people open it", async () => {
    expect((await generate("--dashboards", "https://g.example/grafana/", "--out", out)).code).toBe(
      0,
    );
    for (const file of [RULES, GRAFANA_RULES]) {
      expect(await readFile(join(out, file), "utf8")).toContain(
        "https://g.example/grafana/d/headroom-overview{{",
      );
    }
  });

  it("refuses to put another machine's limits into the committed files", async () => {
    for (const args of [
      ["--memory", "16GB"],
      ["--memory", "16GB", "--out", COMMITTED],
      ["--limits", "mine.json"],
    ]) {
      const { code, stderr } = await generate(...args);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("--out") });
    }
  });

  it.each([
    [["--memory", "16", "--out", "x"], "not a size"],
    [["--memory", "0GB", "--out", "x"], "not a size"],
    [["--memory", "16Gb", "--out", "x"], "KiB"],
    [["--exporter", "http://localhost:9700", "--out", "x"], "host:port"],
    [["--exporter", "localhost:99999", "--out", "x"], "host:port"],
    [["--runbooks", "ftp://a", "--out", "x"], "not an http"],
    [["--prometheus", "prometheus:9090", "--out", "x"], "not an http"],
    [["--alertmanager", "http://localhost:9093", "--out", "x"], "host:port"],
    [["--chekc"], "--check"],
    [["rules"], "too many arguments"],
  ])("exits 2 for %j and says why", async (args, why) => {
    const { code, stderr } = await generate(...args);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });

  it("exits 2 when it cannot write, with the path", async () => {
    const file = join(out, "file");
    await writeFile(file, "");
    const { code, stderr } = await generate("--out", join(file, "below"));
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(file) });
  });

  describe("--check", () => {
    beforeEach(async () => {
      for (const name of ["prometheus", "alertmanager", "grafana", "kubernetes"]) {
        await cp(join(COMMITTED, name), join(out, name), { recursive: true });
      }
    });

    it("passes when nothing differs", async () => {
      expect((await generate("--check", "--out", out)).code).toBe(0);
    });

    it("names what was edited, is missing or is left over, and writes nothing", async () => {
      const edited = (await readFile(join(out, RULES), "utf8")).replace("for: 2m", "for: 9m");
      await writeFile(join(out, RULES), edited);
      await rm(join(out, CONFIG));
      await cp(join(out, RULES), join(out, "prometheus", "rules", "old.yml"));
      await cp(join(out, DASHBOARD), join(out, "grafana", "dashboards", "old.json"));
      const { code, stderr } = await generate("--check", "--out", out);
      expect(code).toBe(1);
      expect(stderr).toMatch(/prometheus\.yml: missing/);
      expect(stderr).toMatch(/headroom\.yml: changed: line \d+\s+is +for: 9m\s+should be +for: 2m/);
      expect(stderr).toMatch(/old\.yml: left over/);
      expect(stderr).toMatch(/old\.json: left over/);
      expect(await readFile(join(out, RULES), "utf8")).toBe(edited);
    });

    it("is followed by a run that repairs, and leaves files of others alone", async () => {
      const own = join(out, "prometheus", "rules", "my-own.yml");
      await writeFile(own, "groups: []\n");
      await cp(join(out, RULES), join(out, "prometheus", "rules", "old.yml"));
      await writeFile(join(out, RULES), "");
      expect((await generate("--out", out)).code).toBe(0);
      expect((await generate("--check", "--out", out)).code).toBe(0);
      expect(await readFile(own, "utf8")).toBe("groups: []\n");
    });
  });
});

function generate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const command = [join(COMMITTED, "generate.ts"), ...args];
    execFile(process.execPath, command, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
