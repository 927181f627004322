import { describe, expect, it } from "@jest/globals";
import { exporterEnvironment } from "./exporter.ts";

describe("exporterEnvironment", () => {
  it("leaves what the run does not set to the caller's environment", () => {
    const own = { HEADROOM_CHAT_MODEL: "qwen3-4b", HEADROOM_LOG_LEVEL: "warn" };
    expect(exporterEnvironment(own, {}, 9700)).toEqual({
      ...own,
      HEADROOM_HOST: "127.0.0.1",
      HEADROOM_PORT: "9700",
    });
  });

  it("prefers the run's models, and keeps a token from being asked for", () => {
    const own = { HEADROOM_CHAT_MODEL: "qwen3-4b", HEADROOM_TOKEN: "0123456789abcdef" };
    const env = exporterEnvironment(own, { chatModel: "none", model: "/m.gguf" }, 9700);
    expect(env).toMatchObject({ HEADROOM_CHAT_MODEL: "none", HEADROOM_MODEL: "/m.gguf" });
    expect(env).not.toHaveProperty("HEADROOM_TOKEN");
  });
});
