import { describe, expect, it } from "@jest/globals";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exporterService, incidentsService, prometheusService } from "./services.ts";

describe("the exporter of a run", () => {
  it("leaves what the run does not set to the caller's environment", () => {
    const own = { HEADROOM_CHAT_MODEL: "qwen3-4b", HEADROOM_LOG_LEVEL: "warn" };
    expect(exporterService({}, 9700, own).env).toEqual({
      ...own,
      HEADROOM_HOST: "127.0.0.1",
      HEADROOM_PORT: "9700",
    });
  });

  it("prefers the run's models, and keeps a token from being asked for", () => {
    const own = { HEADROOM_CHAT_MODEL: "qwen3-4b", HEADROOM_TOKEN: "0123456789abcdef" };
    const { env } = exporterService({ chatModel: "none", model: "/m.gguf" }, 9700, own);
    expect(env).toMatchObject({ HEADROOM_CHAT_MODEL: "none", HEADROOM_MODEL: "/m.gguf" });
    expect(env).not.toHaveProperty("HEADROOM_TOKEN");
  });
});

describe("the Prometheus of a run", () => {
  it.each([
    ["http://127.0.0.1:8000/metrics", "127.0.0.1:8000", "/metrics", "http"],
    ["https://gpu.example/llm/metrics", "gpu.example:443", "/llm/metrics", "https"],
  ])("also scrapes the metrics of a model server at %s", async (upstreamMetrics, ...wanted) => {
    const path = await mkdtemp(join(tmpdir(), "headroom-services-"));
    const address = "http://127.0.0.1:9700";
    const place = { port: 9090, exporter: address, incidents: address, ruleFile: "rules.yml" };
    const { cwd } = await prometheusService({ path }, "prometheus", { ...place, upstreamMetrics });
    const text = await readFile(join(cwd!, "prometheus.yml"), "utf8");
    await rm(path, { recursive: true });
    const job = text.slice(text.indexOf("job_name: upstream"));
    for (const part of wanted) expect(job).toContain(part);
  });
});

describe("the incidents process of a run", () => {
  it("names the run's Prometheus and folder, whatever the caller's are, and asks for no token", () => {
    const own = {
      HEADROOM_INCIDENTS_PROMETHEUS_URL: "http://10.0.0.1:9090",
      HEADROOM_INCIDENTS_TOKEN: "0123456789abcdef",
      HEADROOM_INCIDENTS_LOG_LEVEL: "warn",
    };
    const settings = { prometheusUrl: "http://127.0.0.1:9091", folder: "/incidents" };
    expect(incidentsService(settings, 9702, own).env).toEqual({
      HEADROOM_INCIDENTS_HOST: "127.0.0.1",
      HEADROOM_INCIDENTS_PORT: "9702",
      HEADROOM_INCIDENTS_PROMETHEUS_URL: "http://127.0.0.1:9091",
      HEADROOM_INCIDENTS_FOLDER: "/incidents",
      HEADROOM_INCIDENTS_LOG_LEVEL: "warn",
    });
    expect(incidentsService({}, 9702, own).env).toMatchObject({
      HEADROOM_INCIDENTS_PROMETHEUS_URL: "http://10.0.0.1:9090",
    });
  });
});
