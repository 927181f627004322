import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { asLoaded, ChatModel } from "./chat-model.ts";
import { loadConfig } from "./config.ts";
import { makePlan } from "./hardware/plan.ts";
import { SAMPLE_FACTS, SMALL_MODEL } from "./hardware/testing/sample.ts";
import { childrenOf } from "./testing/children-of.ts";
import { smollm2 } from "./engine/llama/testing/smollm2.ts";

const SILENT = { info: () => {}, warn: () => {} };
let chat: ChatModel;
afterEach(() => chat.close());

async function open(env: Readonly<Record<string, string>>, onRestart?: () => void) {
  chat = await ChatModel.open(loadConfig(env), {
    logger: SILENT,
    backoffSeconds: 0.1,
    ...(onRestart && { onRestart }),
  });
  await chat.settled;
}

const until = async (holds: () => boolean) => {
  for (let i = 0; i < 4_800 && !holds(); i++) await sleep(50);
  expect(holds()).toBe(true);
};

describe("the chat model", () => {
  it("is the simulated one when the exporter is", async () => {
    await open({ HEADROOM_SIMULATE: "true", HEADROOM_SIMULATE_PROFILE: "m1-8gb" });
    expect(chat.state).toEqual({ phase: "ready", text: "simulated" });
    expect(chat.ready).toBe(true);
    expect(chat.queue!.generator.speed.decodeTokensPerSecond).toBe(14);
    expect(chat.report().simulated).toBe(true);
  });

  it.each([
    ["none is wanted", { HEADROOM_CHAT_MODEL: "none" }, "missing", /HEADROOM_CHAT_MODEL=none/],
    ["its file is not there", { HEADROOM_CHAT_MODEL: "./no.gguf" }, "missing", /no\.gguf/],
    [
      "its file is no chat model",
      { HEADROOM_CHAT_MODEL: loadConfig({}).model },
      "failed",
      /no chat template/,
    ],
  ])("is absent, with the reason, when %s", async (_, env, phase, text) => {
    await open(env);
    expect(chat.queue).toBeUndefined();
    expect(chat.state).toEqual({ phase, text: expect.stringMatching(text) });
    // One that nobody can have is no outage.
    expect(chat.ready).toBe(phase === "failed" ? false : undefined);
    // One that nobody wants has no plan, and is no reason for advice.
    expect(chat.report().plan?.threads.value).toEqual(
      env.HEADROOM_CHAT_MODEL === "none" ? undefined : expect.any(Number),
    );
    const about = chat.report().advice.map(({ code }) => code);
    expect(about.includes("no_chat_model")).toBe(env.HEADROOM_CHAT_MODEL !== "none");
  });

  it("is planned with what the configuration sets, and says so", async () => {
    await open({ HEADROOM_CHAT_MODEL: "./no.gguf", HEADROOM_CHAT_THREADS: "7" });
    expect(chat.report().plan?.threads).toMatchObject({ value: 7, source: "override" });
  });

  it("stops whatever is under way when it is closed", async () => {
    chat = await ChatModel.open(loadConfig({}), { logger: SILENT });
    await chat.close();
    expect(chat.queue).toBeUndefined();
    expect(chat.state.phase).not.toBe("ready");
  });
});

describe("the plan of a loaded chat model", () => {
  const layers = (planned: number, loaded: number | undefined, own?: number) => {
    const plan = makePlan(SAMPLE_FACTS, SMALL_MODEL, { gpuLayers: planned });
    return asLoaded(plan, loaded, own).gpuLayers;
  };

  it("has the layers that found room on the graphics processor", () => {
    expect(layers(-1, 12, 30)).toMatchObject({ value: 12, source: "memory" });
    expect(layers(20, 0, 30)).toMatchObject({ value: 0, source: "memory" });
    for (const [planned, loaded, own] of [
      ...[[-1, 31, 30] as const, [-1, 30, 30] as const, [20, 20, 30] as const],
      ...[[0, 0, 30] as const, [-1, 5, undefined] as const, [-1, undefined, 30] as const],
    ]) {
      expect(layers(planned, loaded, own)).toMatchObject({ value: planned, source: "override" });
    }
  });
});

if (await smollm2()) {
  describe("the chat model's process", () => {
    it("is started again after it was killed, and says so meanwhile", async () => {
      let restarts = 0;
      await open({}, () => restarts++);
      const first = chat.queue!.generator;
      expect(chat.ready).toBe(true);
      process.kill(first.pid!, "SIGKILL");
      await until(() => first.failure !== undefined);
      expect(chat.ready).toBe(false);
      await until(() => chat.ready === true);
      expect(chat.queue!.generator).not.toBe(first);
      expect(chat.queue!.generator.failure).toBeUndefined();
      expect(restarts).toBe(1);
    });

    it("is started again when it is stopped or killed while it loads", async () => {
      let restarts = 0;
      chat = await ChatModel.open(loadConfig({}), {
        logger: SILENT,
        backoffSeconds: 0.1,
        onRestart: () => restarts++,
      });
      const kill = async (signal: NodeJS.Signals) => {
        const known = restarts;
        for (const pid of await chatProcesses()) process.kill(pid, signal);
        await until(() => restarts > known);
      };
      await untilThereIs(1);
      await kill("SIGKILL");
      await untilThereIs(1);
      await kill("SIGSTOP");
      await until(() => chat.ready === true);
      expect(restarts).toBe(2);
    });

    it("is noticed when it hangs at work", async () => {
      await open({});
      const first = chat.queue!.generator;
      process.kill(first.pid!, "SIGSTOP");
      await until(() => first.failure !== undefined);
      expect(first.failure!.message).toContain("said nothing for");
      await until(() => chat.ready === true);
    });
  });
}

const chatProcesses = () => childrenOf(process.pid, "chat/process.ts");

async function untilThereIs(count: number): Promise<void> {
  for (let i = 0; i < 12_000 && (await chatProcesses()).length < count; i++) await sleep(20);
}
