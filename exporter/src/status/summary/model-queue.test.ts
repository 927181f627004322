import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Generator, Wishes } from "../../engine/generator.ts";
import {
  type FaultPlan,
  LATENCY_PROFILES,
  type LatencyProfile,
} from "../../engine/simulated/profiles.ts";
import { createSimulatedGenerator } from "../../engine/simulated/generator.ts";
import { VirtualClock } from "../../engine/testing/virtual-clock.ts";
import { LANGUAGES, type Language } from "../../language.ts";
import { STRATEGY } from "../answer.ts";
import { SCENARIOS, type ScenarioFindings } from "../scenarios.ts";
import { FREE_MEMORY, IDLE_CPU, OK_FINDINGS, ROOT_DISK } from "../testing/example-findings.ts";
import { Arrangement } from "./arrangement.ts";
import { SpeedEstimate, TimeLimit } from "./budget.ts";
import { askModel, ModelQueue } from "./model-queue.ts";
import { warmUpPrompt } from "./prompt.ts";

const FOUND: ScenarioFindings = {
  scenario: SCENARIOS["quick-status"],
  strategy: STRATEGY.balanced,
  language: "en",
  findings: [IDLE_CPU, FREE_MEMORY, ROOT_DISK],
  isComplete: true,
};
const FEW_WORDS: Wishes = {
  ...{ maxTokens: 20, temperature: 0, topP: 1, presencePenalty: 0, frequencyPenalty: 0, stop: [] },
};
const OK = "OK: nothing looked at is at a limit.";
const CPU = " The CPU is 23 % busy";
const MEMORY = "emory is 45 % used (10.8 GB of 24.0 GB)";
const FACTS = `${CPU}, and m${MEMORY}; disk / is 61 % full`;

/** Has the model evaluate the instructions. It says nothing, so no fault shows. */
async function warmUp(generator: Generator, language: Language): Promise<void> {
  const signal = AbortSignal.abort();
  await generator.generate(warmUpPrompt(language), { maxTokens: 1, signal }).catch(() => {});
}

/** Asks a simulated model whose time costs nothing. */
async function askOnce({
  found = {} as Partial<ScenarioFindings>,
  profile = LATENCY_PROFILES["linux-2-cores"] as LatencyProfile,
  faults = undefined as FaultPlan | undefined,
  ms = 3_000,
  isWarm = true,
  signal = new AbortController().signal,
} = {}) {
  const clock = new VirtualClock();
  const generator = createSimulatedGenerator({ profile, faults, clock });
  const asked = { ...FOUND, ...found };
  if (isWarm) await warmUp(generator, asked.language);
  const speed = new SpeedEstimate(generator.speed);
  const time = new TimeLimit(ms, clock.now(), clock.now);
  const pieces: string[] = [];
  const arrangement = new Arrangement(asked);
  const onText = (piece: string) => pieces.push(piece);
  const options = { arrangement, signal, onText };
  const reply = await askModel(generator, speed, asked, time, isWarm, options);
  const told = pieces.join("");
  return { ...reply, told, text: arrangement.finish(), speed, time, generator };
}

const always = (fault: FaultPlan["fault"]): FaultPlan => ({ fault, share: 1 });

describe("a model that does its work", () => {
  it("arranges the facts behind the verdict, and they are told as they come", async () => {
    const { text, told, fallback, generation } = await askOnce();
    expect(told).toBe(OK + FACTS);
    expect(text).toBe(`${OK}${FACTS}.`);
    expect(fallback).toBeUndefined();
    expect(generation).toMatchObject({ text: "{A}, and {B}; {C}", end: "done" });
  });

  it("arranges them in Japanese", async () => {
    const { text } = await askOnce({ found: { language: "ja", findings: [IDLE_CPU] } });
    expect(text).toBe(
      "正常: 確認した項目に、しきい値を外れたものはありません。CPU使用率は23%です。",
    );
  });

  it("is told as many findings as the strategy allows, and the budget says how many are not", async () => {
    const { text, budget } = await askOnce({ found: { strategy: STRATEGY.speed } });
    expect(text).toBe(`${OK}${CPU}, and m${MEMORY}.`);
    expect(budget).toMatchObject({ findingsLeftOut: 1, prefillTokensPerSecond: 258 });
  });

  it("is told fewer findings when there is less time, and code says the others", async () => {
    const { text, budget, fallback, time } = await askOnce({ ms: 300 });
    expect(text).toBe(`${OK}${CPU}. M${MEMORY}. Disk / is 61 % full.`);
    expect(budget!.findingsLeftOut).toBe(2);
    expect(budget!.leftMs).toBeLessThan(300);
    expect(fallback).toBeUndefined();
    expect(time.elapsed).toBeLessThan(300);
  });

  it("has less time for its answer when its instructions are not evaluated yet", async () => {
    const [warm, cold] = [
      await askOnce({ ms: 1_300 }),
      await askOnce({ ms: 1_300, isWarm: false }),
    ];
    expect(warm.budget!.findingsLeftOut).toBe(0);
    expect(cold.budget?.findingsLeftOut ?? 3).toBeGreaterThan(0);
  });

  it("teaches the estimate how fast it is", async () => {
    const { speed } = await askOnce({ isWarm: false, faults: always("delay"), ms: 30_000 });
    expect(speed.prefillTokensPerSecond).toBeLessThan(258);
    expect(speed.decodeTokensPerSecond).toBeLessThan(147);
  });

  it("is within its time by a clock that costs nothing, and all is said, whatever it is asked", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...OK_FINDINGS), { minLength: 1 }),
        fc.constantFrom(...LANGUAGES),
        fc.constantFrom(...Object.values(STRATEGY)),
        fc.constantFrom(...Object.values(LATENCY_PROFILES)),
        fc.integer({ min: 100, max: 5_000 }),
        async (findings, language, strategy, profile, ms) => {
          const found = { findings, language, strategy };
          const { text, time, told } = await askOnce({ found, profile, ms });
          expect(time.elapsed).toBeLessThanOrEqual(ms);
          expect(text.startsWith(told)).toBe(true);
          for (const { text: fact } of findings.slice(0, strategy.findings)) {
            expect(text).toContain(fact[language].slice(1, -1));
          }
        },
      ),
    );
  });
});

describe("a model that cannot answer in time", () => {
  it("is not asked at all when nothing fits", async () => {
    expect(await askOnce({ ms: 150 })).toMatchObject({
      fallback: "deadline",
      budget: null,
      told: "",
    });
  });

  it("is cut off, and before its first fact that is the deadline's fault", async () => {
    const { fallback, generation, told } = await askOnce({
      ms: 400,
      faults: always("hang"),
      profile: LATENCY_PROFILES.instant,
    });
    expect(fallback).toBe("deadline");
    expect(generation).toMatchObject({ end: "aborted", tokens: { output: 0 } });
    expect(told).toBe(OK);
  });

  it.each(["its caller ends it", "its summary was finished without it"])(
    "leaves the facts behind that it placed before %s",
    async (how) => {
      const controller = new AbortController();
      const clock = new VirtualClock();
      const generator = createSimulatedGenerator({ profile: LATENCY_PROFILES.instant, clock });
      const arrangement = new Arrangement(FOUND);
      const time = new TimeLimit(3_000, 0, clock.now);
      const { fallback } = await askModel(
        generator,
        new SpeedEstimate(generator.speed),
        FOUND,
        time,
        true,
        {
          arrangement,
          signal: controller.signal,
          onText: () => {
            if (arrangement.placed < 2) return;
            if (how === "its caller ends it") controller.abort();
            else arrangement.finish();
          },
        },
      );
      expect(fallback).toBe(how === "its caller ends it" ? undefined : "deadline");
      expect(arrangement.finish()).toBe(`${OK}${CPU}, and m${MEMORY}. Disk / is 61 % full.`);
    },
  );
});

describe("a model that does something else", () => {
  it("is dropped when it leaves the grammar, and the findings speak", async () => {
    const { text, told, fallback, generation, budget } = await askOnce({
      faults: always("garbage"),
    });
    expect(fallback).toBe("ungrounded");
    expect(told).toBe(OK);
    expect(text).toBe(`${OK}${CPU}. M${MEMORY}. Disk / is 61 % full.`);
    expect(generation!.end).toBe("aborted");
    expect(budget).not.toBeNull();
  });

  it("says nothing that would be taken for a summary when it fails, only why", async () => {
    const { told, fallback, error } = await askOnce({ faults: always("error") });
    expect([told, fallback]).toEqual([OK, "model_failed"]);
    expect(error).toMatchObject({ code: "model_failed" });
  });
});

const HANG: FaultPlan = { fault: "hang", share: 1 };

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A queue before a simulated model, and who was asked in which order. */
function open({
  profile = LATENCY_PROFILES["linux-2-cores"] as LatencyProfile,
  sequences = 1,
  faults = undefined as FaultPlan | undefined,
} = {}) {
  const clock = new VirtualClock();
  const generator = createSimulatedGenerator({ profile: { ...profile, sequences }, faults, clock });
  const queue = new ModelQueue(generator, "en");
  const asked: string[] = [];
  const ask = (
    name: string,
    { found = FOUND, ms = 5_000, client = new AbortController() } = {},
  ) => {
    const onText = () => void (asked.includes(name) || asked.push(name));
    const time = new TimeLimit(ms, clock.now(), clock.now);
    const arrangement = new Arrangement(found);
    const reply = queue.ask(found, time, { arrangement, signal: client.signal, onText });
    reply.catch(() => {});
    return { reply, client };
  };
  return { queue, generator, clock, asked, ask };
}

describe("a model's queue", () => {
  it("asks one after the other, in their order", async () => {
    const { queue, asked, ask } = open();
    const all = ["a", "b", "c"].map((name) => ask(name).reply);
    expect(queue.waiting).toBe(2);
    const replies = await Promise.all(all);
    expect(asked).toEqual(["a", "b", "c"]);
    expect(replies.every(({ fallback }) => fallback === undefined)).toBe(true);
    expect(queue.waiting).toBe(0);
  });

  it("asks as many at once as the model has sequences", async () => {
    const { queue, generator, asked, ask } = open({ sequences: 2, faults: HANG });
    const all = ["a", "b", "c", "d"].map((name) => ask(name));
    await turn();
    expect([generator.busy, queue.waiting, asked]).toEqual([2, 2, ["a", "b"]]);
    all[1]!.client.abort();
    await turn();
    expect([generator.busy, queue.waiting, asked]).toEqual([2, 1, ["a", "b", "c"]]);
    for (const { client } of all) client.abort();
    await turn();
    expect([generator.busy, queue.waiting]).toEqual([0, 0]);
  });

  it("makes the budget when its turn comes, from what the others left of its time", async () => {
    const { ask } = open();
    const [first, second] = await Promise.all([ask("a").reply, ask("b").reply]);
    const { prefillSeconds, decodeSeconds } = first.generation!;
    expect(first.queueMs).toBe(0);
    expect(second.queueMs).toBeCloseTo(1000 * (prefillSeconds + decodeSeconds), 6);
    expect(second.budget!.leftMs).toBeCloseTo(first.budget!.leftMs - second.queueMs, 6);
  });

  it("does without the model when nothing is left", async () => {
    const { ask, asked } = open();
    const [first, second] = [ask("a"), ask("b", { ms: 300 })];
    expect((await first.reply).fallback).toBeUndefined();
    expect(await second.reply).toMatchObject({ fallback: "deadline", budget: null });
    expect(asked).toEqual(["a"]);
  });

  it("learns for the next request how fast the model is now", async () => {
    const { ask } = open({ faults: { fault: "delay", share: 1 } });
    const [first, second] = [await ask("a").reply, await ask("b", { ms: 60_000 }).reply];
    expect(first.budget!.decodeTokensPerSecond).toBe(147);
    expect(second.budget!.decodeTokensPerSecond).toBeLessThan(147);
  });
});

describe("the instructions", () => {
  const japanese: ScenarioFindings = { ...FOUND, language: "ja" };
  /** Enough for the findings, and not for the instructions with it. */
  const SHORT = { ms: 1_300 };

  it("cost time only when the model evaluated those of another language last", async () => {
    const { ask } = open();
    expect((await ask("warm", SHORT).reply).fallback).toBeUndefined();
    expect((await ask("cold", { ...SHORT, found: japanese }).reply).fallback).toBe("deadline");
    expect((await ask("long", { found: japanese }).reply).fallback).toBeUndefined();
    expect((await ask("warm", { ...SHORT, found: japanese }).reply).fallback).toBeUndefined();
  });

  it("are not there because of a request that the model was never asked for", async () => {
    const { ask } = open();
    const late = { ...SHORT, found: japanese };
    expect((await ask("cold", late).reply).budget).toBeNull();
    expect((await ask("cold still", late).reply).budget).toBeNull();
  });
});

describe("the instructions, where a client had the only sequence last,", () => {
  it("are evaluated again, and cost time", async () => {
    const { queue, ask } = open();
    expect((await ask("warm", { ms: 1_300 }).reply).fallback).toBeUndefined();
    const signal = new AbortController().signal;
    await queue.converse({ text: "Hello" }, { signal, wishes: FEW_WORDS });
    expect((await ask("cold", { ms: 1_300 }).reply).fallback).toBe("deadline");
    expect((await ask("long").reply).fallback).toBeUndefined();
  });
});

describe("a client that goes away", () => {
  it("while it waits is never asked for, and the others go on", async () => {
    const { queue, asked, ask } = open();
    const [first, second, third] = ["a", "b", "c"].map((name) => ask(name));
    second!.client.abort(new Error("gone"));
    await expect(second!.reply).rejects.toThrow("gone");
    expect(queue.waiting).toBe(1);
    await Promise.all([first!.reply, third!.reply]);
    expect(asked).toEqual(["a", "c"]);
  });

  it("while the model works frees the sequence for the next", async () => {
    const { generator, asked, ask } = open({ faults: HANG });
    const [first, second] = [ask("a"), ask("b")];
    await turn();
    first.client.abort(new Error("gone"));
    await expect(first.reply).rejects.toThrow("gone");
    await turn();
    expect([generator.busy, asked]).toEqual([1, ["a", "b"]]);
    second.client.abort();
    await turn();
    expect(generator.busy).toBe(0);
  });

  it("before it asks is not asked for", async () => {
    const { asked, ask } = open();
    const client = new AbortController();
    client.abort(new Error("gone"));
    await expect(ask("a", { client }).reply).rejects.toThrow("gone");
    expect(asked).toEqual([]);
  });
});

describe("clients' conversations", () => {
  /** Fast enough for a test, and slow enough to pile up. */
  const profile: LatencyProfile = {
    ...{ prefillTokensPerSecond: 1e6, decodeTokensPerSecond: 1_000, sequences: 2 },
  };
  const said: string[] = [];
  const client = (queue: ModelQueue, name: string, signal = new AbortController().signal) =>
    queue
      .converse(
        { text: name },
        {
          signal,
          wishes: FEW_WORDS,
        },
      )
      .then(() => said.push(name));
  const open = (sequences: number) => {
    said.length = 0;
    const generator = createSimulatedGenerator({ profile: { ...profile, sequences } });
    return new ModelQueue(generator, "en");
  };
  const status = async (queue: ModelQueue) => {
    const started = performance.now();
    const time = new TimeLimit(3_000, started, () => performance.now());
    const options = { arrangement: new Arrangement(FOUND), onText: () => {} };
    const signal = new AbortController().signal;
    const reply = await queue.ask(FOUND, time, { ...options, signal });
    said.push("status");
    return reply;
  };

  it("leave a sequence to status requests, where there are several", async () => {
    const queue = open(2);
    const clients = Array.from({ length: 50 }, (_, i) => client(queue, `${i}`));
    await turn();
    expect([queue.generator.busy, queue.clientsWaiting]).toEqual([1, 49]);
    const asked = status(queue);
    await turn();
    expect([queue.generator.busy, queue.waiting]).toEqual([2, 0]);
    expect((await asked).fallback).toBeUndefined();
    expect(said.indexOf("status")).toBeLessThan(25);
    await Promise.all(clients);
  });

  it("let a status request go first, where there is one", async () => {
    const queue = open(1);
    const clients = Array.from({ length: 50 }, (_, i) => client(queue, `${i}`));
    await turn();
    expect(queue.waiting).toBe(0);
    const asked = status(queue);
    await turn();
    expect([queue.waiting, queue.clientsWaiting]).toEqual([1, 49]);
    expect((await asked).fallback).toBeUndefined();
    // The one that was being answered, and the next, which had its turn already.
    expect(said.slice(0, 3)).toContain("status");
    await Promise.all(clients);
  });

  it("are answered in the order in which they came, and those of who went away never", async () => {
    const queue = open(2);
    const gone = new AbortController();
    const names = ["a1", "b1", "a2", "c1", "b2"];
    const clients = names.map((name) => client(queue, name));
    const left = client(queue, "gone", gone.signal);
    clients.push(client(queue, "last"));
    await turn();
    gone.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    expect(queue.clientsWaiting).toBe(5);
    await Promise.all(clients);
    expect(said).toEqual([...names, "last"]);
  });
});
