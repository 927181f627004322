import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { INTERVALS, prometheusConfig } from "./prometheus.ts";
import { promtool } from "./testing/companion.ts";

const settings = {
  ...INTERVALS,
  exporter: "127.0.0.1:9701",
  incidents: "127.0.0.1:9702",
  ruleFiles: [],
};

describe("prometheusConfig", () => {
  it.each([
    ["without Alertmanager", {}],
    ["with Alertmanager", { alertmanager: "127.0.0.1:9093" }],
    ["with intervals of a second", { scrapeInterval: "1s", evaluationInterval: "1s" }],
  ])("is accepted by promtool %s", async (_case, more) => {
    const folder = await mkdtemp(join(tmpdir(), "headroom-config-"));
    try {
      const file = join(folder, "prometheus.yml");
      await writeFile(file, prometheusConfig({ ...settings, ...more }));
      const { ok, output } = await promtool("check", "config", file);
      expect(ok ? "" : output).toBe("");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("has no alerting section until there is an Alertmanager", () => {
    expect(prometheusConfig(settings)).not.toContain("alerting");
    const { alertmanager } = { alertmanager: "127.0.0.1:9093" };
    expect(prometheusConfig({ ...settings, alertmanager })).toContain(alertmanager);
  });

  it.each(["http://127.0.0.1:9700", "127.0.0.1", "127.0.0.1:0", "a b:1", "host:70000", ""])(
    "refuses the address %p",
    (exporter) => {
      expect(() => prometheusConfig({ ...settings, exporter })).toThrow("must be host:port");
    },
  );
});
