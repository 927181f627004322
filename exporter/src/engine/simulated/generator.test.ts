import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type {
  Ask,
  ConverseOptions,
  Generation,
  Generator,
  GenerateOptions,
  Grammar,
  Prompt,
  Wishes,
} from "../generator.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { createSimulatedGenerator } from "./generator.ts";
import { LATENCY_PROFILES, type FaultPlan, type LatencyProfileName } from "./profiles.ts";

const PROMPT: Prompt = {
  system: "You repeat facts.",
  examples: [{ ask: "How is the printer?", answer: "It is well." }],
  ask: "Question: How is it?\nFacts:\n{A} The CPU is 23 % busy.\n{B} Memory is 45 % used.",
};
const GRAMMAR: Grammar = [
  [
    { text: "{A}", next: 1 },
    { text: "By now, {A}", next: 1 },
  ],
  [{ text: ", and then {B}" }, { text: "; {B}" }],
];
const FACTS = "{A}, and then {B}";
/** A token has four characters. */
const FACT_TOKENS = Math.ceil(FACTS.length / 4);

function create(name: LatencyProfileName = "instant", faults?: FaultPlan): Generator {
  const clock = new VirtualClock();
  return createSimulatedGenerator({ profile: LATENCY_PROFILES[name], faults, clock });
}

const generate = (
  generator: Generator,
  options: Partial<GenerateOptions> = {},
  prompt = PROMPT,
): Promise<Generation> =>
  generator.generate(prompt, {
    maxTokens: 1_000,
    grammar: GRAMMAR,
    signal: new AbortController().signal,
    ...options,
  });

const always = (fault: FaultPlan["fault"]): FaultPlan => ({ fault, share: 1 });

describe("a simulated generator", () => {
  it("writes the first that its grammar allows, piece by piece", async () => {
    const pieces: string[] = [];
    const { text, end, tokens } = await generate(create(), {
      onText: (piece) => pieces.push(piece),
    });
    expect(text).toBe(FACTS);
    expect(pieces.join("")).toBe(FACTS);
    expect(pieces).toHaveLength(FACT_TOKENS);
    expect([end, tokens.output]).toEqual(["done", FACT_TOKENS]);
  });

  it("says without a grammar that it is simulated", async () => {
    const signal = new AbortController().signal;
    const { text } = await create().generate(PROMPT, { maxTokens: 100, signal });
    expect(text).toContain("simulated");
  });

  it("ends when its tokens are used up", async () => {
    const { text, end, tokens } = await generate(create(), { maxTokens: 3 });
    expect([text, end, tokens.output]).toEqual([FACTS.slice(0, 12), "length", 3]);
  });

  it("says that it is simulated", () => {
    expect(create().model).toMatchObject({ id: "simulated", engine: "simulated" });
  });

  it("evaluates equal instructions once", async () => {
    const generator = create();
    const first = await generate(generator);
    const second = await generate(generator);
    const other = await generate(generator, {}, { ...PROMPT, system: "Say nothing." });
    expect(first.tokens.evaluated).toBe(first.tokens.input);
    expect(second.tokens.input).toBe(first.tokens.input);
    expect(second.tokens.evaluated).toBe(Math.ceil(PROMPT.ask.length / 4));
    expect(other.tokens.evaluated).toBe(other.tokens.input);
  });

  it.each(Object.keys(LATENCY_PROFILES).filter((name) => name !== "instant"))(
    "takes as long as its profile says: %s",
    async (name) => {
      const profile = LATENCY_PROFILES[name as LatencyProfileName];
      const generator = create(name as LatencyProfileName);
      for (const { tokens, prefillSeconds, decodeSeconds } of [
        await generate(generator),
        await generate(generator),
      ]) {
        const prefill = tokens.evaluated / profile.prefillTokensPerSecond;
        const decode = (tokens.output - 1) / profile.decodeTokensPerSecond;
        expect(prefillSeconds).toBeCloseTo(prefill, 9);
        expect(decodeSeconds).toBeCloseTo(decode, 9);
      }
      expect(generator.speed).toEqual(profile);
      expect(generator.sequences).toBe(profile.sequences);
    },
  );

  it("is never more than a millisecond early, however fast it is", async () => {
    const speed = fc.double({ min: 1, max: 1e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(speed, speed, async (prefillTokensPerSecond, decodeTokensPerSecond) => {
        const profile = { prefillTokensPerSecond, decodeTokensPerSecond, sequences: 1 };
        const clock = new VirtualClock();
        const { tokens } = await generate(createSimulatedGenerator({ profile, clock }));
        const wanted =
          tokens.evaluated / prefillTokensPerSecond + (tokens.output - 1) / decodeTokensPerSecond;
        expect(clock.now()).toBeLessThanOrEqual(1000 * wanted + 1e-6);
        expect(clock.now()).toBeGreaterThan(1000 * wanted - 2);
      }),
    );
  });

  it("gives equal calls equal texts and equal costs", async () => {
    const facts = fc.array(fc.stringMatching(/^[a-z0-9 %.]{1,40}$/), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(facts, fc.integer({ min: 1, max: 60 }), async (lines, maxTokens) => {
        const prompt = { ...PROMPT, ask: lines.join("\n") };
        const faults = { fault: "garbage", share: 0.5 } as const;
        const [one, other] = [create("m1-8gb", faults), create("m1-8gb", faults)];
        for (let call = 0; call < 3; call += 1) {
          const expected = await generate(one, { maxTokens }, prompt);
          expect(await generate(other, { maxTokens }, prompt)).toEqual(expected);
        }
      }),
    );
  });
});

describe("a fault", () => {
  it("fails", async () => {
    const generator = create("instant", always("error"));
    await expect(generate(generator)).rejects.toMatchObject({ code: "model_failed" });
    expect(generator.busy).toBe(0);
  });

  it("takes ten times as long and says the same", async () => {
    const [plain, late] = [
      await generate(create("m1-8gb")),
      await generate(create("m1-8gb", always("delay"))),
    ];
    expect(late.prefillSeconds).toBeCloseTo(10 * plain.prefillSeconds, 9);
    expect(late.decodeSeconds).toBeCloseTo(10 * plain.decodeSeconds, 9);
    expect(late.text).toBe(plain.text);
  });

  it("writes what is no text", async () => {
    const { text } = await generate(create("instant", always("garbage")));
    expect(text).toContain("\ufffd");
    expect(text).not.toContain("{A}");
  });

  it("hangs until it is aborted, and says nothing", async () => {
    const generator = create("instant", always("hang"));
    const controller = new AbortController();
    const result = generate(generator, { signal: controller.signal });
    expect(generator.busy).toBe(1);
    controller.abort();
    expect(await result).toMatchObject({ text: "", end: "aborted", tokens: { output: 0 } });
    expect(generator.busy).toBe(0);
  });

  it("happens in its share of the calls, spread evenly", async () => {
    const generator = create("instant", { fault: "garbage", share: 0.25 });
    const wrong: boolean[] = [];
    for (let call = 0; call < 8; call += 1) wrong.push((await generate(generator)).text !== FACTS);
    expect(wrong).toEqual([false, false, false, true, false, false, false, true]);
  });
});

describe("an abort", () => {
  it("before the start gives an empty text and takes no time", async () => {
    const { text, end, prefillSeconds } = await generate(create("m1-8gb"), {
      signal: AbortSignal.abort(),
    });
    expect([text, end, prefillSeconds]).toEqual(["", "aborted", 0]);
  });

  it("on the way gives the text so far", async () => {
    const controller = new AbortController();
    const pieces: string[] = [];
    const { text, end, tokens } = await generate(create("m1-8gb"), {
      signal: controller.signal,
      onText: (piece) => {
        pieces.push(piece);
        if (pieces.length === 3) controller.abort();
      },
    });
    expect([text, end, tokens.output]).toEqual([FACTS.slice(0, 12), "aborted", 3]);
    expect(pieces).toHaveLength(3);
  });

  it.each([
    ["for its first token", { prefillTokensPerSecond: 1e-3, decodeTokensPerSecond: 1 }, 0],
    ["for its second token", { prefillTokensPerSecond: 1e6, decodeTokensPerSecond: 1e-3 }, 1],
  ])("ends a wait %s on the machine's own clock", async (_, speed, output) => {
    const controller = new AbortController();
    const generator = createSimulatedGenerator({ profile: { ...speed, sequences: 1 } });
    const result = generate(generator, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    expect(await result).toMatchObject({
      text: FACTS.slice(0, 4 * output),
      end: "aborted",
      tokens: { output },
    });
  });
});

const WISHES: Wishes = {
  ...{ temperature: 1, topP: 1, presencePenalty: 0, frequencyPenalty: 0, stop: [] },
};
const says = (text: string): Ask => ({ turns: [{ by: "user", text }] });

function converse(
  generator: Generator,
  ask: Ask,
  {
    wishes = {},
    ...options
  }: Partial<Omit<ConverseOptions, "wishes">> & { wishes?: Partial<Wishes> } = {},
): Promise<Generation> {
  const signal = new AbortController().signal;
  return generator.converse(ask, { signal, ...options, wishes: { ...WISHES, ...wishes } });
}

describe("a simulated conversation", () => {
  it("says that it is simulated, and then what it was told", async () => {
    const { text, end } = await converse(create(), says("Tell me"));
    expect(text).toMatch(/^This answer is simulated\. user Tell me user Tell/);
    expect(end).toBe("done");
  });

  it("takes the time of its prompt, and of each token", async () => {
    const generator = create("m1-8gb");
    const made = await converse(generator, says("word ".repeat(400)), {
      wishes: { maxTokens: 28 },
    });
    expect(made.tokens).toEqual({ input: 502, evaluated: 502, output: 28 });
    expect(made.prefillSeconds).toBeCloseTo(502 / 118, 9);
    expect(made.decodeSeconds).toBeCloseTo(27 / 14, 9);
  });

  it("evaluates only what none of its sequences holds", async () => {
    const generator = create("m2-16gb");
    const shared = "word ".repeat(400);
    await converse(generator, says(shared + "one"));
    await converse(generator, says("another"));
    const { tokens } = await converse(generator, says(shared + "two"));
    expect(tokens.evaluated).toBeLessThan(4);
  });

  it("is slower for each when many are at work, where the machine shares its speed", async () => {
    const profile = LATENCY_PROFILES.server;
    const many = createSimulatedGenerator({
      profile: { ...profile, decodeTokensPerSecond: 1_000, together: 2 },
    });
    const ask = () => converse(many, says("Tell me"), { wishes: { maxTokens: 50 } });
    const alone = await ask();
    const eight = await Promise.all(Array.from({ length: 8 }, ask));
    for (const { decodeSeconds } of eight) {
      expect(decodeSeconds / alone.decodeSeconds).toBeGreaterThan(2);
    }
  });

  it.each(["error", "delay", "hang", "garbage"] as const)("has the fault %s too", async (fault) => {
    const generator = create("m1-8gb", always(fault));
    const signal = fault === "hang" ? AbortSignal.timeout(5) : new AbortController().signal;
    const made = converse(generator, says("Tell me"), { signal, wishes: { maxTokens: 4 } });
    if (fault === "error") return expect(made).rejects.toMatchObject({ code: "model_failed" });
    const expected = {
      hang: ["", "aborted"],
      garbage: ["\u0001", "length"],
      delay: ["This", "length"],
    };
    const [begin, end] = expected[fault];
    expect((await made).text.startsWith(begin!)).toBe(true);
    expect((await made).end).toBe(end);
  });

  it("refuses a prompt that leaves no room", async () => {
    await expect(converse(create(), { text: "a".repeat(4 * 32_768) })).rejects.toMatchObject({
      code: "context_length_exceeded",
      members: { count: 32_768, limit: 32_768 },
    });
  });

  it("ends where the context does", async () => {
    const ask = { text: "a".repeat(4 * 32_768 - 40) };
    const { end, tokens } = await converse(create(), ask);
    expect([end, tokens.output]).toEqual(["length", 10]);
  });
});
