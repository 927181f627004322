import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ROOT } from "../places.ts";
import { TOOLS } from "../tools/catalogue.ts";
import { checkCompose } from "./compose.ts";

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
