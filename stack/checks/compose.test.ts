import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ROOT } from "../places.ts";
import { TOOLS } from "../tools/catalogue.ts";
import { checkCompose, checkWorkflows } from "./compose.ts";

const context = { env: process.env, signal: new AbortController().signal };

describe("checkCompose", () => {
  let folder: string;
  let right: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-compose-"));
    right = await readFile(join(ROOT, "docker-compose.yml"), "utf8");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("accepts the file of this checkout", async () => {
    expect(await checkCompose(context)).toBe(true);
  });

  it("accepts a copy of it elsewhere", async () => {
    const file = join(folder, "copy.yml");
    await writeFile(file, right);
    expect(await checkCompose(context, file)).toBe(true);
  });

  it.each([
    ["a key that does not exist", "pull_policy: build", "pull_polici: build"],
    ["a service that does not exist", "network_mode: service:exporter", "network_mode: service:x"],
    ["a volume that nobody defines", "- grafana:/var/lib", "- grafna:/var/lib"],
    ["a duration that is none", "stop_grace_period: 20s", "stop_grace_period: soon"],
    ["a port that is none", "127.0.0.1:9700:9700", "127.0.0.1:97000:9700"],
    ["a variable without a value", "${GRAFANA_ADMIN_PASSWORD:?", "${GRAFANA_PASSWORD:?"],
  ])("refuses %s", async (_what, from, to) => {
    expect(right).toContain(from);
    const file = join(folder, "docker-compose.yml");
    await writeFile(file, right.replace(from, to));
    expect(await checkCompose(context, file)).toBe(false);
  });

  it("says how to install Go when it is missing", async () => {
    const missing = checkCompose({ ...context, env: { PATH: folder } });
    await expect(missing).rejects.toThrow(/Go is missing[^]*macOS: +brew install go/);
  });
});

describe("checkWorkflows", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-workflows-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("accepts those of this checkout", async () => {
    expect(await checkWorkflows(context)).toBe(true);
  });

  it.each([
    ["a machine that does not exist", "ubuntu-24.04-arm", "ubuntu-24.04-armed"],
    ["a value that is not there", "matrix.machine", "matrix.machin"],
    ["an input that an action does not take", "node-version:", "node-versions:"],
    ["a key that does not exist", "timeout-minutes:", "timeout-minute:"],
  ])("refuses %s", async (_what, from, to) => {
    const right = await readFile(join(ROOT, ".github", "workflows", "checks.yml"), "utf8");
    expect(right).toContain(from);
    await writeFile(join(folder, "checks.yml"), right.replace(from, to));
    expect(await checkWorkflows(context, folder)).toBe(false);
  });
});

describe("the compose file", () => {
  it.each([
    ["k6", "grafana/k6:"],
    ["prometheus", "prom/prometheus:v"],
  ] as const)("runs the version of %s that is built where it is missing", async (tool, image) => {
    const versions = TOOLS[tool].sources.flatMap((s) => (s.kind === "go" ? s.version : []));
    expect(versions).toHaveLength(1);
    const text = await readFile(join(ROOT, "docker-compose.yml"), "utf8");
    expect(text).toContain(`image: ${image}${versions[0]}\n`);
  });
});
