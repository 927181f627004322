import { limitsFor, type Limit } from "@headroom/alerts/limits";
import { planOverrides, type Config } from "@headroom/exporter/config";
import { type Advice, adviseOn } from "@headroom/exporter/hardware/advice";
import { detectHardware } from "@headroom/exporter/hardware/detect";
import type { HardwareFacts } from "@headroom/exporter/hardware/facts";
import { makePlan } from "@headroom/exporter/hardware/make-plan";
import type { Plan } from "@headroom/exporter/hardware/plan";
import type { SearchPlaces } from "../tools/find.ts";
import { type DiskSpace, examineDisk } from "./disk.ts";
import { examineModels, type ModelsState } from "./models.ts";
import { examinePrograms, type ProgramState } from "./programs.ts";
import { examineRuntime, type Runtime } from "./runtime.ts";

/** All that the doctor looked at. */
export interface Examination {
  readonly facts: HardwareFacts;
  /** By which memory would be judged, held to a machine by `limitsWithin`. */
  readonly limits: readonly Limit[];
  /** Parameters of the chat model on this machine; absent where none is wanted. */
  readonly plan?: Plan;
  readonly advice: readonly Advice[];
  readonly runtime: Runtime;
  readonly disk: DiskSpace;
  readonly programs: readonly ProgramState[];
  readonly models: ModelsState;
}

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
  // First, because the plan is for the memory that is free while nothing else of this runs.
  const facts = await detectHardware();
  const [runtime, disk, programs, models] = await Promise.all([
    examineRuntime(places.root),
    examineDisk(places.root),
    examinePrograms(places),
    examineModels(config, places.env),
  ]);
  const limits = limitsFor(config.memoryBytes);
  const found = { facts, limits, runtime, disk, programs, models };
  if (models.chat.state === "none wanted") {
    return { ...found, advice: adviseOn(facts, undefined, limits) };
  }
  const { shape: model } = models.chat;
  const plan = makePlan(facts, model, planOverrides(config));
  return { ...found, plan, advice: adviseOn(facts, { plan, model }, limits) };
}
