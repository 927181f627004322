import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { DeviceMemory } from "./generator.ts";
import type { Build } from "./llama/capi/library.ts";
import type { ProofOptions } from "./llama/capi/open-trees.ts";
import { noDevice, type Placement } from "./llama/capi/placement.ts";
import { DeviceChild } from "./llama/device/child.ts";
import { DeviceFirst } from "./llama/device/device-first.ts";
import { installedBuilds } from "./llama/device/installed-builds.ts";
import type { DeviceWish } from "./llama/device/messages.ts";
import { tryDevice, type Trial } from "./llama/device/trial.ts";
import type { LoadOptions } from "./llama/load.ts";
import { readReference, type Reference } from "./llama/reference.ts";
import type { Scorer } from "./scorer.ts";
import { planScorers, startScorers, type ScorerObserver } from "./scorers.ts";

/**
 * Seconds for a trial, and those within which a batch must show that it goes on. A driver compiles its
 * programs for a device when they are first used: a few seconds, and minutes for one that computes on the
 * processor, which is only taken when it was asked for by name. A request waits for 30 s by default.
 */
const LIMIT_SECONDS = {
  auto: { trial: 60, silence: 20 },
  asked: { trial: 600, silence: 180 },
} as const;

/** The scorers of the sentiment model, and where it is evaluated. */
export interface PlacedScorers {
  readonly scorers: readonly Scorer[];
  /** Changes when a trial has ended, and when a device is lost; undefined when simulated. */
  readonly placement: Placement | undefined;
  /** The processes that have the model. */
  readonly pids: readonly number[];
  /** Memory of that device, whoever uses it; undefined when it is the machine's. */
  readonly deviceMemory: DeviceMemory | undefined;
  /** Begins the trial of a device, if there is one to try, and goes on beside whatever is asked. */
  tryDevice(): void;
  close(): Promise<void>;
}

/** What tests set instead of what is found. */
export interface DeviceForTests {
  readonly build: Build;
  readonly folder?: string | undefined;
  readonly mostBytes?: number | undefined;
  readonly proof?: ProofOptions | undefined;
  readonly limitSeconds?: { readonly trial: number; readonly silence: number };
}

/**
 * Starts the scorers on the processor. A device is tried when that is begun, if a library for one is
 * installed. The processor answers meanwhile, and for good when the model is not placed on the device, or
 * it is lost.
 *
 * @param onDown - is told each time when a scorer on the processor is started again
 * @throws HeadroomError as {@link startScorers} does
 */
export async function startPlacedScorers(
  config: Config,
  logger: Logger,
  forTests?: DeviceForTests,
  onDown: () => void = () => {},
): Promise<PlacedScorers> {
  const observer: ScorerObserver = {
    down(reason, retrySeconds) {
      logger.warn({ reason, retrySeconds }, "a scorer of the sentiment model is started again");
      onDown();
    },
    up: () => logger.info("the scorer works again"),
  };
  if (config.simulate) return onProcessor(await startScorers(config), undefined);
  const found = forTests ? { builds: [forTests.build] } : await installedBuilds(config.gpu);
  if ("why" in found) {
    return onProcessor(await startScorers(config, observer), noDevice(found.why));
  }
  // The layers that stay on the processor have as many threads there as without a device.
  const { options } = await planScorers(config);
  const reference = await readReference(options);
  const processors = await startScorers(config, observer, reference);
  return new TriedScorers(config, logger, { options, reference, processors, ...found, forTests });
}

function onProcessor(scorers: readonly Scorer[], placement: Placement | undefined): PlacedScorers {
  return {
    ...{ scorers, placement, deviceMemory: undefined, tryDevice: () => {} },
    get pids() {
      return pidsOf(scorers);
    },
    close: async () => void (await Promise.all(scorers.map((scorer) => scorer.close()))),
  };
}

function pidsOf(parts: readonly { readonly pid?: number | undefined }[]): number[] {
  return parts.flatMap(({ pid }) => pid ?? []);
}

interface TrialParts {
  readonly options: LoadOptions;
  readonly reference: Reference;
  readonly processors: readonly Scorer[];
  readonly builds: readonly Build[];
  readonly forTests: DeviceForTests | undefined;
}

const BEING_TRIED: Placement = {
  on: "processor",
  layers: 0,
  why: "A device is being tried, and the processor answers meanwhile.",
};

class TriedScorers implements PlacedScorers {
  readonly scorers: readonly Scorer[];
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #parts: TrialParts;
  readonly #first: DeviceFirst;
  #placement: Placement = BEING_TRIED;
  #child: DeviceChild | undefined;
  #closed = false;

  constructor(config: Config, logger: Logger, parts: TrialParts) {
    this.#config = config;
    this.#logger = logger;
    this.#parts = parts;
    this.#first = new DeviceFirst(parts.processors, (why) => this.#lost(why));
    this.scorers = this.#first.scorers;
  }

  tryDevice(): void {
    void this.#tryBuilds();
  }

  get placement(): Placement {
    return this.#placement;
  }

  get pids(): readonly number[] {
    return pidsOf([...this.#parts.processors, ...(this.#child ? [this.#child] : [])]);
  }

  get deviceMemory(): DeviceMemory | undefined {
    return this.#child?.memory;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#first.close(), this.#child?.close()]);
  }

  /** Takes the first build with which the model is placed on a device. */
  async #tryBuilds(): Promise<void> {
    const whys: string[] = [];
    for (const build of this.#parts.builds) {
      const { placement, scorer } = await this.#try(build);
      if (this.#closed) return;
      whys.push(placement.why);
      this.#placement = { ...placement, why: whys.join(" ") };
      if (scorer) {
        this.#first.use(scorer);
        this.#child!.onEnd((why) => this.#first.leave(why));
        break;
      }
    }
    const { on, layers, why } = this.#placement;
    this.#logger.info({ on, layers }, why);
  }

  #try(build: Build): Promise<Trial> {
    const { reference, processors, forTests } = this.#parts;
    const { gpu } = this.#config;
    const asked = gpu !== "auto";
    const limits = forTests?.limitSeconds ?? LIMIT_SECONDS[asked ? "asked" : "auto"];
    const { folder, mostBytes, proof } = forTests ?? {};
    const wish: DeviceWish = { build, setting: gpu, folder, mostBytes };
    const options = { ...this.#parts.options, reference, wish, proof };
    this.#child = new DeviceChild(options, limits.silence);
    const [processor] = processors;
    return tryDevice(this.#child, {
      processor: processor!,
      asked,
      limitSeconds: limits.trial,
    });
  }

  #lost(why: string): void {
    if (this.#closed) return;
    this.#placement = { on: "processor", layers: 0, why: `The device was lost: ${why}.` };
    this.#logger.warn({ reason: why }, "the device was lost, and the processor answers instead");
  }
}
