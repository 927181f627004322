import { statfs } from "node:fs/promises";
import type { Limit } from "@headroom/alerts/limits";
import { planOverrides, type Config } from "@headroom/exporter/config";
import { type Advice, adviseOn } from "@headroom/exporter/hardware/advice";
import { detectHardware } from "@headroom/exporter/hardware/detect";
import { attempt, type Fact, type HardwareFacts } from "@headroom/exporter/hardware/facts";
import { makePlan, type Plan } from "@headroom/exporter/hardware/plan";
import type { SearchPlaces } from "../tools/find.ts";
import { findUpstream, upstreamInWords } from "../upstream.ts";
import { type Ceiling, ceilingsOf } from "./ceilings.ts";
import { examineModels, type ModelsState } from "./models.ts";
import { examinePrograms, type ProgramState } from "./programs.ts";
import { examineRuntime, type Runtime } from "./runtime.ts";

/** All that the doctor looked at. */
export interface Examination {
  readonly facts: HardwareFacts;
  /** The limits of a reference machine, held to this one by `limitsWithin`. */
  readonly limits: readonly Limit[];
  /** Parameters of the chat model on this machine; absent where none is wanted. */
  readonly plan?: Plan;
  readonly advice: readonly Advice[];
  readonly runtime: Runtime;
  /** Room on the disk of the checkout; below `neededBytes` npm start may fail half way. */
  readonly disk: {
    readonly folder: string;
    readonly freeBytes: Fact<number>;
    readonly neededBytes: number;
  };
  /** What bounds the machine and the configuration; those that something is above come first. */
  readonly ceilings: readonly Ceiling[];
  readonly programs: readonly ProgramState[];
  readonly models: ModelsState;
  /** What answers at HEADROOM_UPSTREAM_URL; absent where no model server is named. */
  readonly upstream?: Fact<string>;
}

/**
 * k6 and Prometheus take 47 and 52 MB when they are built here, the default chat model takes 98 MB,
 * a run some MB of logs and series; and something must be left.
 */
const NEEDED_BYTES = 300e6;

/**
 * Looks at the machine, the tools and the models. Nothing is obtained, and what cannot be found out
 * is a fact that is not known.
 *
 * @param config - of the exporter that would run here
 * @param places - with the folder of the checkout
 */
export async function examine(
  config: Config,
  places: SearchPlaces & { readonly root: string },
): Promise<Examination> {
  const { root: folder } = places;
  // First, because the plan is for the memory that is free while nothing else of this runs.
  const facts = await detectHardware();
  const [runtime, freeBytes, programs, models, upstream] = await Promise.all([
    examineRuntime(folder),
    attempt(async () => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    }),
    examinePrograms(places),
    examineModels(config, places.env),
    examineUpstream(config),
  ]);
  const { limits } = config;
  const disk = { folder, freeBytes, neededBytes: NEEDED_BYTES };
  const isWanted = models.chat.state !== "none wanted";
  const { shape: model } = models.chat;
  const plan = isWanted ? makePlan(facts, model, planOverrides(config)) : undefined;
  return {
    ...{ facts, limits, runtime, disk, programs, models },
    ceilings: ceilingsOf(config, { facts, models, disk, ...(plan && { plan }) }),
    ...(upstream && { upstream }),
    ...(plan && { plan }),
    advice: adviseOn(facts, plan && { plan, model }, limits),
  };
}

/** Only looks, so a model server on another machine need not be named again. */
async function examineUpstream({ upstreamUrl, upstreamKey: key }: Config) {
  if (upstreamUrl === undefined) return undefined;
  const choice = { upstream: upstreamUrl, allowRemote: new URL(upstreamUrl).hostname };
  const { signal } = new AbortController();
  return attempt(async () => upstreamInWords(await findUpstream(choice, { key, signal })));
}
