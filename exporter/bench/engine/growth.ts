import { statSync } from "node:fs";
import { GOALS } from "@headroom/alerts/goals";
import { formatCount, formatRate, formatSeconds } from "@headroom/loadtest/report/format";
import { DEFAULT_CHAT_MODEL } from "../../src/models/catalogue.ts";
import { findChatModel } from "../../src/models/find-model.ts";
import type { AttributionMethod } from "../../src/sentiment/result.ts";
import { openConnections, sendAll, sentimentRequest, startSentimentExporter } from "./http.ts";
import { analyseAll, startPipeline, type Pipeline } from "./pipeline.ts";
import { inRounds, inTurn, secondsOf, type BenchRun, type Turn } from "./run.ts";
import { bars, type Section, type Table } from "./section.ts";
import { spreadOf, withSpread } from "./spread.ts";
import { batchesOf, IN_FLIGHT, messagesOfWords, type Batches } from "./workload.ts";

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128] as const;
/** Messages of a point of the table of batches. */
const MESSAGES_A_SIZE = 512;

const WORDS = [4, 8, 16, 32, 64, 128, 256] as const;
/** Words of a point of the table of words. */
const WORDS_A_LENGTH = 32_768;

const WORKERS = [1, 2, 3, 4] as const;

const CLIENTS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;
/** Requests of a point of the table of clients, so that each client has several. */
const REQUESTS = 1_024;

/** Messages of a point of the table of models: the large model takes a second for some. */
const MESSAGES_A_MODEL = { small: 512, large: 4 } as const;
/** The large model's few messages take long, and hardly differ. */
const MOST_MODEL_ROUNDS = 3;

/** A row: the quantity, and how messages a second are measured there. */
interface Point {
  readonly at: string;
  readonly measure: Turn;
  /** What else is told of it, calculated from the rate. */
  readonly also?: (rate: number) => string;
}

/** A table of one quantity that grows. */
interface Growth {
  readonly name: string;
  readonly title: string;
  /** Heads of the first column and, where points tell more, of the last. */
  readonly quantity: string;
  readonly also?: string;
  readonly points: readonly Point[];
  readonly rounds?: number;
  /** Told below the points. */
  readonly absent?: readonly string[];
}

/** The many points of a table are measured less often than a pair whose ratio counts. */
const roundsOf = ({ rounds }: BenchRun): number => Math.ceil(rounds / 4);

/** How the rate grows with batches, words, workers, clients and the model. */
export async function growth(run: BenchRun): Promise<Section> {
  const tables: Table[] = [];
  const figures: Record<string, unknown> = {};
  for (const prepare of [byBatch, byWords, byWorkers, byClients, byModel]) {
    await using opened = new AsyncDisposableStack();
    const grown = await prepare(run, opened);
    const { name, title, quantity, also, points, rounds = roundsOf(run), absent } = grown;
    const measured = await inTurn(
      points.map(({ measure }) => measure),
      { ...run, rounds, warmUp: 1, what: title },
    );
    const spreads = measured.map(spreadOf);
    const drawn = bars(spreads.map(({ median }) => median));
    const rows = points.map((point, i) => [
      point.at,
      withSpread(spreads[i]!, formatRate),
      drawn[i]!,
      ...(point.also ? [point.also(spreads[i]!.median)] : []),
    ]);
    tables.push({
      title,
      head: [quantity, "messages/s", "", ...(also === undefined ? [] : [also])],
      rows: [...rows, ...(absent ? [absent] : [])],
    });
    figures[name] = Object.fromEntries(points.map(({ at }, i) => [at, measured[i]]));
  }
  return {
    part: "growth",
    title: "Growth",
    how: [
      `Prefix attributions, past the cache, all points of a table in turn, ${inRounds(roundsOf(run))}. ` +
        "Medians, and quartiles in brackets.",
    ],
    tables,
    conclusions: [],
    figures,
  };
}

/** Messages a second of the pipeline for these batches. */
async function rateOf(
  { analyser }: Pipeline,
  batches: Batches,
  attribution: AttributionMethod = "prefix",
  lanes = IN_FLIGHT,
): Promise<number> {
  const count = batches.flat().length;
  return count / (await secondsOf(() => analyseAll(analyser, batches, attribution, lanes)));
}

/** By the size of a batch, one batch at a time. */
async function byBatch(run: BenchRun, opened: AsyncDisposableStack): Promise<Growth> {
  const pipeline = opened.use(await startPipeline(run.config));
  return {
    name: "batch",
    title: "Messages of a batch, one batch at a time (pipeline in process)",
    quantity: "messages",
    also: "a batch takes",
    points: SIZES.map((size) => ({
      at: String(size),
      measure: (round) =>
        rateOf(pipeline, batchesOf(round, MESSAGES_A_SIZE / size, size), "prefix", 1),
      also: (rate) => formatSeconds(size / rate),
    })),
  };
}

/** By the words of a message, in full batches. */
async function byWords(run: BenchRun, opened: AsyncDisposableStack): Promise<Growth> {
  const pipeline = opened.use(await startPipeline(run.config));
  const size = GOALS.batchSize;
  return {
    name: "words",
    title: "Words of a message, in batches of 128 (pipeline in process)",
    quantity: "words",
    also: "words/s",
    points: WORDS.map((words) => ({
      at: String(words),
      measure(round) {
        const messages = messagesOfWords(words, WORDS_A_LENGTH / words, round);
        const batches = Array.from({ length: Math.ceil(messages.length / size) }, (_, i) =>
          messages.slice(i * size, (i + 1) * size),
        );
        return rateOf(pipeline, batches);
      },
      also: (rate) => formatCount(rate * words),
    })),
  };
}

/** By the number of scorers, in full batches. */
async function byWorkers(run: BenchRun, opened: AsyncDisposableStack): Promise<Growth> {
  const points: Point[] = [];
  for (const workers of WORKERS) {
    run.tell(`starting ${workers} workers`);
    const pipeline = opened.use(await startPipeline({ ...run.config, workers }));
    points.push({
      at: String(workers),
      measure: (round) => rateOf(pipeline, batchesOf(round, IN_FLIGHT, GOALS.batchSize)),
    });
  }
  const title = `Scorers, on ${run.machine.cores} cores (pipeline in process)`;
  return { name: "workers", title, quantity: "workers", points };
}

/** By the number of clients that ask about one message at a time. */
async function byClients(run: BenchRun, opened: AsyncDisposableStack): Promise<Growth> {
  const { url } = opened.use(await startSentimentExporter(run.signal));
  const connections = await openConnections(url, Math.max(...CLIENTS));
  opened.defer(() => connections.forEach((connection) => connection.close()));
  return {
    name: "clients",
    title: "Clients, one message a request (HTTP, own process)",
    quantity: "clients",
    also: "a request takes, on average",
    points: CLIENTS.map((clients) => ({
      at: String(clients),
      async measure(round) {
        const requests = batchesOf(round, REQUESTS, 1).map(sentimentRequest);
        const used = connections.slice(0, clients);
        return REQUESTS / (await secondsOf(() => sendAll(used, requests)));
      },
      also: (rate) => formatSeconds(clients / rate),
    })),
  };
}

/** By the model: the embedded one, and the default chat model where it is on this machine. */
async function byModel(run: BenchRun, opened: AsyncDisposableStack): Promise<Growth> {
  const { config, tell } = run;
  const points: Point[] = [];
  const add = async (file: string, count: number) => {
    const megabytes = `${(statSync(file).size / 1e6).toFixed(1)} MB`;
    tell(`starting the model of ${megabytes}`);
    const pipeline = opened.use(await startPipeline({ ...config, model: file }));
    for (const attribution of ["none", "prefix"] as const) {
      points.push({
        at: `${pipeline.scorers[0]!.model.id} (${megabytes}), ${attribution}`,
        measure: (round) => rateOf(pipeline, batchesOf(round, 1, count), attribution),
      });
    }
  };
  await add(config.model, MESSAGES_A_MODEL.small);
  const { id } = DEFAULT_CHAT_MODEL;
  const large = await findChatModel({ wanted: id, modelsFolder: config.modelsFolder });
  if (large.state === "found") await add(large.path, MESSAGES_A_MODEL.large);
  return {
    name: "model",
    title: "Models, with and without prefix attribution (pipeline in process)",
    quantity: "model",
    points,
    rounds: Math.min(MOST_MODEL_ROUNDS, roundsOf(run)),
    ...(large.state !== "found" && {
      absent: [id, `not here: npm run model -- get ${id} fetches it`, ""],
    }),
  };
}
