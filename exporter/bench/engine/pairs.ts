import { ENGINE_GOALS } from "@headroom/alerts/bench-bounds";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatRatio } from "@headroom/loadtest/report/format";
import { gainInWords, savedBaseline } from "./baseline-gain.ts";
import { httpContender, startSentimentExporter } from "./http.ts";
import { llamaCppPython } from "./llama-cpp-python.ts";
import { nodeLlamaCpp, openTokens } from "./node-llama-cpp.ts";
import { pipelineContender, startPipeline } from "./pipeline.ts";
import { rawCApi } from "./raw-c-api.ts";
import { inRounds, inTurn, secondsOf, type BenchRun } from "./run.ts";
import { bars, goalRow, type Section } from "./section.ts";
import { pairedRatio, spreadOf, withSpread } from "./spread.ts";
import { batchesOf, IN_FLIGHT, type Absent, type Contender } from "./workload.ts";

/** Batches of a round. */
const BATCHES = 16;

/** How far two engines' scores may lie apart, on average over the messages, in nats. */
const AGREE_WITHIN = 0.01;

/** Measures all ways to score the same messages, in turn, and the ratios that have goals. */
export async function pairs(run: BenchRun): Promise<Section> {
  await using opened = new AsyncDisposableStack();
  const { all, workers, model } = await startContenders(run, opened);
  const here = all.filter((one): one is Contender => !("absent" in one));
  await checkThatTheyAgree(here);
  const rates = await inTurn(
    here.map((contender) => (round) => messagesPerSecond(contender, round)),
    { ...run, what: "side by side" },
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
  const ways = all.map((one, i) => {
    if ("absent" in one) return [one.name, "-", "", one.absent];
    const rate = withSpread(spreadOf(ratesOf.get(one.id)!), formatCount);
    return [one.name, rate, drawn[i]!, one.includes];
  });
  const ratioRow = (title: string, key: keyof typeof ratios, atLeast?: number) => {
    const value = ratios[key];
    const shown = value && withSpread(value, formatRatio);
    if (atLeast === undefined) return [title, shown ?? "not measured", "-", "-"];
    return goalRow(title, value?.median, { atLeast, as: "ratio" }, shown);
  };
  const { pipelineOfRaw, httpOfPython, httpOfUnbatched, httpPerSecond } = ENGINE_GOALS;
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
      { head: ["way", "messages/s", "", "within its time"], rows: ways },
      {
        head: ["figure", "value", "goal", "verdict"],
        rows: [
          ratioRow("pipeline / raw C API", "pipelineOfRaw", pipelineOfRaw),
          ratioRow("pipeline / node-llama-cpp", "pipelineOfNodeLlamaCpp"),
          ratioRow("HTTP / llama-cpp-python, one process", "httpOfPython", httpOfPython),
          ratioRow(`HTTP / llama-cpp-python, ${workers} processes`, "httpOfPythons"),
          ratioRow("HTTP / pipeline in process", "httpOfPipeline"),
          goalRow("HTTP, messages/s", http, { atLeast: httpPerSecond, as: "rate" }),
          goalRow("HTTP / saved unbatched rate", gain, { atLeast: httpOfUnbatched, as: "ratio" }),
        ],
      },
    ],
    conclusions: [
      saved
        ? gainInWords(http, saved, run.machine)
        : `No unbatched run of ${model} was saved; npm run load -- baseline --save-baseline saves one.`,
    ],
    figures: {
      ...{ workers, model, messagesPerSecond: Object.fromEntries(ratesOf) },
      ...{ ratios, gain, saved },
    },
  };
}

/**
 * Starts everything that is measured side by side on one model, in the order of its rows.
 *
 * @param opened - is given what must be ended
 */
async function startContenders({ config, tell, signal }: BenchRun, opened: AsyncDisposableStack) {
  const file = config.model;
  const start = <T>(what: string, starting: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    tell(`starting ${what}`);
    return starting();
  };
  const pipeline = opened.use(await start("the pipeline", () => startPipeline(config)));
  const workers = pipeline.scorers.length;
  let raw: Contender | Absent = unlike("rawCApi", "llama.cpp's C API, raw loop");
  let python: readonly (Contender | Absent)[] = [unlike("python", "llama-cpp-python")];
  if (await hasPlainEnd(file)) {
    raw = opened.use(await start("the raw loop", () => rawCApi(file, workers)));
    python = await start("llama-cpp-python", () => llamaCppPython(file, workers));
    for (const one of python) if (!("absent" in one)) opened.use(one);
  }
  const node = opened.use(await start("node-llama-cpp", () => nodeLlamaCpp(file, workers)));
  const own = opened.use(pipelineContender(pipeline));
  const exporter = opened.use(await start("the exporter", () => startSentimentExporter(signal)));
  const http = opened.use(await httpContender(exporter));
  const all = [raw, node, ...python, own, http];
  return { all, workers, model: pipeline.scorers[0]!.model.id };
}

/** Whether all prefixes of a message are read in one pass, as the simple loops do it. */
async function hasPlainEnd(file: string): Promise<boolean> {
  await using tokens = await openTokens(file);
  return tokens.after.length === 0;
}

function unlike(id: string, name: string): Absent {
  return { id, name, absent: "not measured: this model's template goes on after the message" };
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
