import { ENGINE_GOALS } from "@headroom/alerts/bench-bounds";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatRatio } from "@headroom/loadtest/report/format";
import { closingAll, inRounds, warmUpOf, type BenchRun } from "../bench-run.ts";
import type { Contender } from "../contender.ts";
import { gainInWords, savedBaseline } from "../figures/baseline-gain.ts";
import { bars } from "../figures/bars.ts";
import type { Section } from "../figures/section.ts";
import { pairedRatio, spreadOf, withSpread } from "../figures/spread.ts";
import { goalRow } from "../goals.ts";
import { inTurn, secondsOf } from "../in-turn.ts";
import { batchesOf } from "../messages.ts";
import { IN_FLIGHT } from "../pipeline.ts";
import { startContenders } from "./contenders.ts";

/** Batches of a round. */
const BATCHES = 16;

/** How far two engines' scores may lie apart, on average over the messages, in nats. */
const AGREE_WITHIN = 0.01;

/** Measures all ways to score the same messages, in turn, and the ratios that have goals. */
export function pairs(run: BenchRun): Promise<Section> {
  return closingAll(async (keep) => {
    const { all, workers, model } = await startContenders(run, keep);
    const here = all.filter((one): one is Contender => !("absent" in one));
    await checkThatTheyAgree(here);
    const rates = await inTurn(
      here.map((contender) => ({
        name: contender.name,
        measure: (round) => messagesPerSecond(contender, round),
      })),
      { ...run, warmUp: warmUpOf(run.rounds), what: "side by side" },
    );
    const ratesOf = new Map(here.map(({ id }, i) => [id, rates[i]!]));
    const http = spreadOf(ratesOf.get("http")!).median;
    const ratio = (of: string, to: string) => {
      const [a, b] = [ratesOf.get(of), ratesOf.get(to)];
      return a && b ? pairedRatio(a, b) : undefined;
    };
    const ratios = {
      pipelineOfRaw: ratio("pipeline", "rawCApi"),
      pipelineOfNodeLlamaCpp: ratio("pipeline", "nodeLlamaCpp"),
      httpOfPython: ratio("http", "python"),
      httpOfPythons: ratio("http", "pythons"),
      httpOfPipeline: ratio("http", "pipeline"),
    };
    const saved = await savedBaseline(model, run.machine);
    const gain = saved && http / saved.messagesPerSecond;

    const drawn = bars(all.map(({ id }) => spreadOf(ratesOf.get(id) ?? []).median));
    const ratioRow = (title: string, key: keyof typeof ratios, atLeast?: number) => {
      const value = ratios[key];
      const shown = value && withSpread(value, formatRatio);
      if (atLeast === undefined) return [title, shown ?? "not measured", "-", "-"];
      return goalRow(title, value?.median, { atLeast, as: "ratio" }, shown);
    };
    return {
      part: "pairs",
      title: "Side by side",
      how: [
        `Prefix scores of real messages by ${model}, ${workers} threads or processes each, in turn, ` +
          `${inRounds(run.rounds)} of ${BATCHES} x ${GOALS.batchSize} messages (a half or a quarter for the ` +
          `slow ones), ${IN_FLIGHT} batches at once. Medians, and quartiles in brackets. Splitting into ` +
          "words and tokenizing is within everybody's time, by the same encoder, which remembers the " +
          "words it has seen; llama-cpp-python gets the words normalised and tokenizes them itself.",
      ],
      tables: [
        {
          head: ["way", "messages/s", "", "within its time"],
          rows: all.map((one, i) =>
            "absent" in one
              ? [one.name, "-", "", one.absent]
              : [
                  one.name,
                  withSpread(spreadOf(ratesOf.get(one.id)!), formatCount),
                  drawn[i]!,
                  one.includes,
                ],
          ),
        },
        {
          head: ["figure", "value", "goal", "verdict"],
          rows: [
            ratioRow("pipeline / raw C API", "pipelineOfRaw", ENGINE_GOALS.pipelineOfRaw),
            ratioRow("pipeline / node-llama-cpp", "pipelineOfNodeLlamaCpp"),
            ratioRow(
              "HTTP / llama-cpp-python, one process",
              "httpOfPython",
              ENGINE_GOALS.httpOfPython,
            ),
            ratioRow(`HTTP / llama-cpp-python, ${workers} processes`, "httpOfPythons"),
            ratioRow("HTTP / pipeline in process", "httpOfPipeline"),
            goalRow("HTTP, messages/s", http, { atLeast: ENGINE_GOALS.httpPerSecond, as: "rate" }),
            goalRow("HTTP / saved unbatched rate", gain, {
              atLeast: ENGINE_GOALS.httpOfUnbatched,
              as: "ratio",
            }),
          ],
        },
      ],
      conclusions: [
        saved
          ? gainInWords(http, saved, run.machine)
          : `No unbatched run of ${model} was saved; npm run load -- baseline --save-baseline saves one.`,
      ],
      figures: {
        workers,
        model,
        messagesPerSecond: Object.fromEntries(ratesOf),
        ratios,
        gain,
        saved,
      },
    };
  });
}

async function messagesPerSecond(contender: Contender, round: number): Promise<number> {
  const size = GOALS.batchSize;
  const batches = batchesOf(round, BATCHES, size).slice(0, BATCHES * (contender.share ?? 1));
  contender.prepare?.(batches);
  return (batches.length * size) / (await secondsOf(() => contender.run(batches)));
}

/**
 * A rate means nothing when something else was computed.
 *
 * @throws Error when two of them have other scores for the same messages
 */
async function checkThatTheyAgree(contenders: readonly Contender[]): Promise<void> {
  const batches = batchesOf(0, 1, GOALS.batchSize);
  let first: { readonly name: string; readonly sum: number } | undefined;
  for (const contender of contenders) {
    contender.prepare?.(batches);
    const sum = await contender.run(batches);
    if (sum === undefined) continue;
    first ??= { name: contender.name, sum };
    const apart = Math.abs(sum - first.sum) / GOALS.batchSize;
    if (apart <= AGREE_WITHIN) continue;
    throw new Error(
      `${contender.name} and ${first.name} differ by ${apart.toPrecision(3)} nats a message, so they ` +
        "do not compute the same; nothing was measured.",
    );
  }
}
