import { describe, expect, it } from "@jest/globals";
import { exporterService, incidentsService } from "./services.ts";

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
