import { describe, expect, it } from "@jest/globals";
import { loadConfig as loadExporterConfig } from "@headroom/exporter/config";
import { ConfigError, type Environment } from "@headroom/exporter/config/setting";
import { configHelp, loadConfig } from "./config.ts";

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the configuration of the incidents process", () => {
  it("listens on loopback, keeps incidents in the checkout, and asks no Prometheus", () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ host: "127.0.0.1", port: 9702, logLevel: "info" });
    expect(config.folder).toMatch(/[^.]+.\.headroom.incidents$/);
    expect(config.prometheusUrl).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("refuses what is wrong, all of it at once, and lets nobody in without a token", () => {
    const env = { HEADROOM_INCIDENTS_HOST: "0.0.0.0", HEADROOM_INCIDENTS_PORT: "x" };
    expect(problemsOf({ ...env, HEADROOM_INCIDENTS_PROT: "1" })).toEqual([
      'HEADROOM_INCIDENTS_PORT="x" is not allowed: give a whole number from 0 to 65535',
      expect.stringContaining("set HEADROOM_INCIDENTS_TOKEN"),
      "HEADROOM_INCIDENTS_PROT is not a setting: did you mean HEADROOM_INCIDENTS_PORT?",
    ]);
    expect(
      problemsOf({ HEADROOM_INCIDENTS_HOST: "::", HEADROOM_INCIDENTS_TOKEN: "0".repeat(16) }),
    ).toEqual([]);
  });

  it("never shows the address of Prometheus, since it may hold a password", () => {
    const env = { HEADROOM_INCIDENTS_PROMETHEUS_URL: "ftp://user:hunter@h" };
    expect(problemsOf(env).join()).toContain("give an http:// or https:// address");
    expect(problemsOf(env).join()).not.toContain("hunter");
  });

  it("leaves the exporter's variables alone, and Kubernetes', as the exporter does its own", () => {
    const both = { HEADROOM_PORT: "9800", HEADROOM_INCIDENTS_PORT: "9802" };
    expect(loadConfig(both).port).toBe(9802);
    expect(loadExporterConfig(both).port).toBe(9800);
    expect(loadConfig({ HEADROOM_INCIDENTS_PORT: "tcp://10.0.0.1:9702" }).port).toBe(9702);
    expect(configHelp()).toContain("HEADROOM_INCIDENTS_FOLDER");
  });
});
