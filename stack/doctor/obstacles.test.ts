import { describe, expect, it } from "@jest/globals";
import { known } from "@headroom/exporter/hardware/facts";
import type { Examination } from "./examine.ts";
import { obstaclesIn } from "./obstacles.ts";
import { HEALTHY, withProgram } from "./testing/healthy.ts";

const { runtime, disk, models, facts } = HEALTHY;
const blockedBy = (examination: Examination) => obstaclesIn(examination).map(({ what }) => what);

describe("the obstacles", () => {
  it("finds nothing in the way on a machine that has everything", () => {
    expect(obstaclesIn(HEALTHY)).toEqual([]);
  });

  it.each([
    "promtool",
    "redis-server",
    "alertmanager",
    "amtool",
    "grafana",
    "docker",
    "chromium",
    "go",
  ])("does without %s", (name) => {
    expect(blockedBy(withProgram(name, { state: "missing" }))).toEqual([]);
  });

  it.each(["k6", "prometheus"])("does not do without %s, unless it is obtained", (name) => {
    expect(blockedBy(withProgram(name, { state: "obtainable" }))).toEqual([]);
    expect(blockedBy(withProgram(name, { state: "missing" }))).toEqual([name]);
  });

  it("says for this platform what to type, why, and what was passed over", () => {
    const missing = withProgram("k6", { state: "missing", rejected: ["/bin/k6: it is too old"] });
    const [onLinux] = obstaclesIn(missing);
    const [onMac] = obstaclesIn({ ...missing, facts: { ...facts, platform: "darwin" } });
    expect(onLinux?.text).toMatch(/makes the load.*\/bin\/k6: it is too old.*HEADROOM_K6.*apt-get/);
    expect(onMac?.text).toMatch(/brew install k6$/);
  });

  it("refuses a Node that is too old and an engine that does not start", () => {
    const node = { ...runtime.node, version: "18.0.0", newEnough: false };
    const engine = { platform: "linux-x64", problem: "A prebuilt binary was not found" };
    const obstacles = obstaclesIn({ ...HEALTHY, runtime: { node, engine } });
    expect(obstacles.map(({ text }) => text)).toEqual([
      expect.stringMatching(/18\.0\.0 is too old: 20\.20/),
      expect.stringMatching(/does not start on linux-x64: A prebuilt binary was not found\./),
    ]);
  });

  it.each([
    [false, "git checkout"],
    [true, "HEADROOM_MODEL"],
  ])(
    "refuses a damaged sentiment model (configured: %s) and tells what to do",
    (configured, do_) => {
      const sentiment = { path: "/m.gguf", problem: "is not a GGUF file", configured };
      const [obstacle] = obstaclesIn({ ...HEALTHY, models: { ...models, sentiment } });
      expect(obstacle?.text).toMatch(`/m.gguf is not a GGUF file. `);
      expect(obstacle?.text).toContain(do_);
    },
  );

  it("does without a chat model", () => {
    const { shape } = models.chat;
    const chat = { wanted: "auto", state: "missing", text: "not here", shape } as const;
    expect(blockedBy({ ...HEALTHY, models: { ...models, chat } })).toEqual([]);
  });

  it("wants room on the disk, to the byte, and trusts one that does not tell", () => {
    const withFree = (bytes: number) => ({
      ...HEALTHY,
      disk: { ...disk, freeBytes: known(bytes) },
    });
    expect(blockedBy(withFree(disk.neededBytes))).toEqual([]);
    expect(blockedBy(withFree(disk.neededBytes - 1))).toEqual(["disk space"]);
    const silent = { ...disk, freeBytes: { known: false, reason: "no statfs" } as const };
    expect(blockedBy({ ...HEALTHY, disk: silent })).toEqual([]);
  });
});
