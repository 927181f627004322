/**
 * Measures a chat model with the exporter's own prompts, budgets and grammars: what the reuse of its
 * state saves, and on made-up machines how often an answer is as it arranged it.
 */
import { cpus } from "node:os";
import { Command, Option } from "commander";
import { pino } from "pino";
import { median } from "simple-statistics";
import type { StatusScenario } from "@headroom/alerts/limits";
import { createRandom } from "../models/sentiment/training/random.ts";
import { ChatModel } from "../src/chat-model.ts";
import { loadConfig } from "../src/config.ts";
import { STRATEGIES, STRATEGY, type StrategyName } from "../src/status/answer.ts";
import { findingsOf } from "../src/status/findings/machine-findings.ts";
import { LANGUAGES, type Language } from "../src/language.ts";
import type { Generator, Prompt } from "../src/engine/generator.ts";
import { chooseFindings, SCENARIOS } from "../src/status/scenarios.ts";
import { Arrangement } from "../src/status/summary/arrangement.ts";
import { TimeLimit } from "../src/status/summary/budget.ts";
import type { ModelQueue, Reply } from "../src/status/summary/model-queue.ts";
import { buildPrompt } from "../src/status/summary/prompt.ts";
import { atLeastOne } from "./command.ts";
import { randomMachine } from "./random-machine.ts";

/** Scenarios whose prompts are alike. */
const GROUPS: Readonly<Record<string, readonly StatusScenario[]>> = {
  "whole machine": ["quick-status", "detailed-analysis", "overall-health", "urgent-check"],
  "one resource": ["memory-status", "disk-analysis", "network-status"],
  processes: ["process-information"],
};
const SEED = 11;
const REUSE_PAIRS = 15;

const { runs, strategy, language } = new Command("npm run bench:chat --")
  .description(
    "Measures how often answers are as the chat model arranges them, and what state reuse saves.",
  )
  .option("--runs <n>", "made-up machines for each group of scenarios", atLeastOne, 200)
  .addOption(new Option("--strategy <name>").choices(STRATEGIES).default("balanced"))
  .addOption(new Option("--language <name>").choices(LANGUAGES).default("en"))
  .addHelpText("after", "\nHEADROOM_CHAT_MODEL chooses the model. Exit codes: 0 done; 2 no model.")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run bench:chat -- --runs 20\n  npm run bench:chat -- --language ja --strategy speed",
  )
  .parse()
  .opts<{ runs: number; strategy: StrategyName; language: Language }>();

const chat = await ChatModel.open(loadConfig(process.env), { logger: pino({ level: "silent" }) });
await chat.settled;
const model = chat.queue;
if (!model) {
  console.error(`There is no chat model: ${chat.state.text}`);
  process.exit(2);
}
console.log(
  `${model.generator.model.id}, ${language}, strategy ${strategy}; ${cpus()[0]?.model}, ` +
    `${cpus().length} cores; ${runs} made-up machines a group`,
);
const { reused, anew } = await measureStateReuse(model.generator, promptsFor(REUSE_PAIRS));
console.log(
  `first token    ${reused.seconds.toFixed(2)} s (${reused.tokens} tokens) with the state of the ` +
    `instructions, ${anew.seconds.toFixed(2)} s (${anew.tokens} tokens) without: ` +
    `${(anew.seconds / reused.seconds).toFixed(1)} times as long`,
);
for (const [group, scenarios] of Object.entries(GROUPS)) {
  const random = createRandom(SEED);
  const replies: Asked[] = [];
  for (let run = 0; run < runs; run++) {
    replies.push(await ask(model, scenarios[run % scenarios.length]!, random));
    if (process.stderr.isTTY) process.stderr.write(`\r${group}: ${run + 1} of ${runs} `);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(lineOf(group, replies));
}
await chat.close();

/** Prompts as the exporter writes them, each about another machine. */
function promptsFor(count: number): Prompt[] {
  const random = createRandom(SEED);
  const scenario = SCENARIOS["quick-status"];
  return Array.from({ length: count }, () => {
    const findings = chooseFindings(scenario, findingsOf(randomMachine(random)));
    return buildPrompt(scenario, findings.slice(0, STRATEGY[strategy].findings), language);
  });
}

/**
 * Seconds to the first token, and tokens evaluated for it, as medians: each prompt in turn with
 * instructions whose state the model holds, and with new ones.
 */
async function measureStateReuse(generator: Generator, prompts: readonly Prompt[]) {
  const ask = (prompt: Prompt) =>
    generator.generate(prompt, { maxTokens: 1, signal: new AbortController().signal });
  const reused: Awaited<ReturnType<typeof ask>>[] = [];
  const anew: typeof reused = [];
  for (const [i, prompt] of prompts.entries()) {
    // Another beginning shares no state with what was evaluated before.
    anew.push(await ask({ ...prompt, system: `${i} ${prompt.system}` }));
    await ask({ ...prompt, ask: "" });
    reused.push(await ask(prompt));
  }
  const middle = (of: typeof reused) => ({
    seconds: median(of.map(({ prefillSeconds }) => prefillSeconds)),
    tokens: median(of.map(({ tokens }) => tokens.evaluated)),
  });
  return { reused: middle(reused), anew: middle(anew) };
}

/** A reply with how many of the facts that the answer states the model placed. */
type Asked = Reply & { readonly placed: number; readonly facts: number };

async function ask(queue: ModelQueue, name: StatusScenario, random: () => number): Promise<Asked> {
  const scenario = SCENARIOS[name];
  const findings = chooseFindings(scenario, findingsOf(randomMachine(random)));
  const found = { scenario, strategy: STRATEGY[strategy], language, findings, isComplete: true };
  const now = () => performance.now();
  const arrangement = new Arrangement(found);
  const reply = await queue.ask(found, new TimeLimit(1000 * scenario.targetSeconds, now(), now), {
    arrangement,
    signal: new AbortController().signal,
    onText: () => {},
  });
  const facts = Math.min(findings.length, found.strategy.findings);
  return { ...reply, placed: arrangement.placed, facts };
}

function lineOf(group: string, replies: readonly Asked[]): string {
  const sum = (of: (reply: Asked) => number) => replies.reduce((all, one) => all + of(one), 0);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const ended = (fallback: Reply["fallback"]) =>
    percent(sum((reply) => Number(reply.fallback === fallback)) / replies.length);
  const placed = sum((reply) => reply.placed) / sum((reply) => reply.facts);
  const seconds =
    sum(({ generation }) => (generation?.prefillSeconds ?? 0) + (generation?.decodeSeconds ?? 0)) /
    replies.length;
  return (
    `${group.padEnd(14)} kept ${ended(undefined)} with ${percent(placed)} of all facts, ` +
    `outside the grammar ${ended("ungrounded")}, out of time ${ended("deadline")}, ` +
    `failed ${ended("model_failed")}; model ${seconds.toFixed(2)} s on average`
  );
}
