import { describe, expect, it } from "@jest/globals";
import { known } from "@headroom/exporter/hardware/facts";
import { adviseOn } from "@headroom/exporter/hardware/advice";
import { makePlan } from "@headroom/exporter/hardware/plan";
import { obstaclesIn } from "./obstacles.ts";
import { reportJson, reportText } from "./report.ts";
import { HEALTHY, withProgram } from "./testing/healthy.ts";

const { facts, models } = HEALTHY;
const textOf = (examination = HEALTHY) => reportText(examination, obstaclesIn(examination));

describe("the report for people", () => {
  it("ends with whether npm start can run, and why not", () => {
    expect(textOf().split("\n").at(-1)).toBe("Ready: npm start can run.");
    const text = textOf(withProgram("k6", { state: "missing" }));
    expect(text).toMatch(/In the way\n-+\nk6, which makes the load, is missing/);
    expect(text.split("\n").at(-1)).toBe("Not ready: npm start cannot run because of k6.");
  });

  it("shows a fact that is not known with the reason, and no graphics processor as none", () => {
    const brand = { known: false, reason: "no cpuinfo" } as const;
    const text = textOf({ ...HEALTHY, facts: { ...facts, brand } });
    expect(text).toMatch(/^Processor +not known: no cpuinfo$/m);
    expect(text).toMatch(/^Graphics processor +none/m);
  });

  it("shows a container's limits beside the host's, and a GPU that lacks its binary", () => {
    const text = textOf({
      ...HEALTHY,
      facts: {
        ...facts,
        usableCores: known(1.5),
        hostCores: 8,
        memoryBytes: known(2e9),
        hostMemoryBytes: 16e9,
        container: "cgroup2",
        gpu: known({ backend: "cuda", name: "Some GPU", binary: "missing" }),
      },
    });
    expect(text).toMatch(/^Usable cores +1\.5 of the host's 8$/m);
    expect(text).toMatch(/^Memory +2\.0 GB of the host's 16\.0 GB$/m);
    expect(text).toMatch(/^Container +limited by cgroup2$/m);
    expect(text).toMatch(/^Graphics processor +Some GPU \(cuda; .*not installed\)$/m);
  });

  it("says from where on memory alerts, and which ceiling binds", () => {
    expect(textOf()).toMatch(/^Memory alerts +system from 11\.2 GB on, 70 % of its 16\.0 GB$/m);
    const memory = {
      system: { usedBytes: 9e9, capacityBytes: 64e9 },
      container: { usedBytes: 1e9, capacityBytes: 4e9 },
    };
    expect(textOf({ ...HEALTHY, facts: { ...facts, memory } })).toMatch(
      /^Memory alerts +system from 33\.6 GB on, the limit in bytes; container from 2\.8 GB on, 70 % of its 4\.0 GB$/m,
    );
  });

  it("says what answers as the model server, or that npm start cannot run without it", () => {
    expect(textOf({ ...HEALTHY, upstream: known("It has qwen3:8b.") })).toMatch(
      /^Model server +It has qwen3:8b\.$/m,
    );
    const reason = "No model server answers at http://127.0.0.1:11434";
    const text = textOf({ ...HEALTHY, upstream: { known: false, reason } });
    expect(text).toMatch(/In the way\n-+\nNo model server answers/);
    expect(text.split("\n").at(-1)).toContain("cannot run because of the model server");
  });

  it("has no plan and no advice about a chat model that is not wanted", () => {
    const { plan, ...rest } = HEALTHY;
    expect(plan).toBeDefined();
    const chat = { wanted: "none", state: "none wanted", shape: models.chat.shape } as const;
    const text = textOf({ ...rest, advice: [], models: { ...models, chat } });
    expect(text).not.toContain("Plan for");
  });

  it("says of each value of the plan where it comes from, and that all layers are all", () => {
    const plan = makePlan(facts, models.chat.shape, { gpuLayers: -1, threads: 3 });
    const text = textOf({ ...HEALTHY, plan });
    expect(text).toMatch(/^GPU layers +all +override +set by configuration$/m);
    expect(text).toMatch(/^threads +3 +override +set by configuration$/m);
    expect(text).toMatch(/^context, tokens +2048 +table +the row from 16 GB/m);
  });

  it("gives advice with its reason and its effect", () => {
    const few = { ...facts, usableCores: known(1) };
    const advice = adviseOn(few, undefined);
    expect(textOf({ ...HEALTHY, facts: few, advice })).toMatch(
      /^warning: Give the machine .*\n {2}Why: 1 can be used.*\n {2}Effect: More answers/m,
    );
    expect(textOf({ ...HEALTHY, advice: [] })).toMatch(/^Advice\n-+\nnone$/m);
  });

  it("lists what to type only for what is not here, and how a tool comes by itself", () => {
    expect(textOf()).not.toContain("To install");
    const text = textOf(
      withProgram("k6", { state: "obtainable", obtainedBy: "built with Go, one to two minutes" }),
    );
    expect(text).toMatch(/^k6 +not here +npm start .* built with Go, one to two minutes$/m);
    expect(text).toMatch(/^To have k6: npm run doctor -- --install$/m);
    expect(text).toMatch(/^k6 +sudo apt-get install golang.* docker pull grafana\/k6/m);
    expect(text).not.toMatch(/^redis-server +sudo/m);
  });

  it("says of a chat model that is missing what to do", () => {
    const { shape } = models.chat;
    const chat = { wanted: "auto", state: "missing", text: "Fetch it.", shape } as const;
    const text = textOf({ ...HEALTHY, models: { ...models, chat } });
    expect(text).toMatch(/^Chat +Fetch it\.$/m);
    expect(text).toContain("Plan for the chat model (auto, which is not here)");
  });
});

describe("the report for programs", () => {
  it("is what was found with the verdict, and null where there is no graphics processor", () => {
    const examination = withProgram("k6", { state: "missing" });
    const report = JSON.parse(reportJson(examination, obstaclesIn(examination)));
    expect(report).toMatchObject({
      ready: false,
      obstacles: [{ what: "k6" }],
      facts: { gpu: { known: true, value: null }, memoryBytes: { known: true, value: 16e9 } },
      plan: { threads: { source: "table" } },
    });
    expect(JSON.parse(reportJson(HEALTHY, [])).ready).toBe(true);
  });

  it("keeps the reason why it is not known whether there is one", () => {
    const gpu = { known: false, reason: "nvidia-smi: no answer" } as const;
    const examination = { ...HEALTHY, facts: { ...facts, gpu } };
    expect(JSON.parse(reportJson(examination, [])).facts.gpu).toEqual(gpu);
  });
});
