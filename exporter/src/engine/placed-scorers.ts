import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { DeviceMemory } from "./generator.ts";
import { installedBuilds, type Build } from "./llama/capi/library.ts";
import { noDevice, onProcessor } from "./llama/capi/placement.ts";
import type { Placement } from "../hardware/report.ts";
import { inWords, startDevice, tryDevice, type DeviceProcess, type Trial } from "./llama/device.ts";
import type { ProofOptions } from "./llama/messages.ts";
import type { LlamaScorer } from "./llama/scorer.ts";
import type { Scorer } from "./scorer.ts";
import { planScorers, startScorers, type ScorerObserver, type ScorerPlan } from "./scorers.ts";

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
  if (config.simulate) return withoutDevice(await startScorers(config), undefined);
  const found = forTests ? { builds: [forTests.build] } : await installedBuilds(config.gpu);
  if ("why" in found) {
    return withoutDevice(await startScorers(config, observer), noDevice(found.why));
  }
  // The layers that stay on the processor have as many threads there as without a device.
  const plan = await planScorers(config);
  const processors = await startScorers(config, observer, plan);
  const { options } = plan;
  return new DeviceFirst(config, logger, { options, processors, ...found, forTests });
}

function withoutDevice(
  scorers: readonly Scorer[],
  placement: Placement | undefined,
): PlacedScorers {
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

interface DeviceFirstParts {
  readonly options: ScorerPlan["options"];
  readonly processors: readonly Scorer[];
  readonly builds: readonly Build[];
  readonly forTests: DeviceForTests | undefined;
}

/**
 * Scorers that answer from a device while there is one, and from the processor before and after: what
 * the device fails, the processor answers in its place.
 */
class DeviceFirst implements PlacedScorers {
  /** One for each of the processor's. */
  readonly scorers: readonly Scorer[];
  placement = onProcessor("A device is being tried, and the processor answers meanwhile.");
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #parts: DeviceFirstParts;
  #child: DeviceProcess | undefined;
  /** Answers when it is there. */
  #device: LlamaScorer | undefined;
  #closed = false;

  constructor(config: Config, logger: Logger, parts: DeviceFirstParts) {
    this.#config = config;
    this.#logger = logger;
    this.#parts = parts;
    this.scorers = parts.processors.map((processor) => this.#deviceBefore(processor));
  }

  tryDevice(): void {
    void this.#tryBuilds();
  }

  get pids(): readonly number[] {
    return pidsOf([...this.#parts.processors, ...(this.#child ? [this.#child] : [])]);
  }

  get deviceMemory(): DeviceMemory | undefined {
    return this.#child?.deviceMemory;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#device = undefined;
    await Promise.all([this.#child, ...this.#parts.processors].map((part) => part?.close()));
  }

  /** Takes the first build with which the model is placed on a device. */
  async #tryBuilds(): Promise<void> {
    const whys: string[] = [];
    for (const build of this.#parts.builds) {
      const { placement, scorer } = await this.#try(build);
      if (this.#closed) return;
      whys.push(placement.why);
      this.placement = { ...placement, why: whys.join(" ") };
      if (!scorer) continue;
      this.#device = scorer;
      scorer.onEnd((why) => this.#leaveDevice(why));
      break;
    }
    const { on, layers, why } = this.placement;
    this.#logger.info({ on, layers }, why);
  }

  #try(build: Build): Promise<Trial> {
    const { options, processors, forTests } = this.#parts;
    const setting = this.#config.gpu;
    const asked = setting !== "auto";
    const limitSeconds = forTests?.limitSeconds ?? LIMIT_SECONDS[asked ? "asked" : "auto"];
    this.#child = startDevice({ ...options, ...forTests, build, setting });
    return tryDevice(this.#child, { processor: processors[0]!, asked, limitSeconds });
  }

  #deviceBefore(processor: Scorer): Scorer {
    const answersHere = () => this.#device === undefined;
    return {
      model: processor.model,
      get failure() {
        return answersHere() ? processor.failure : undefined;
      },
      get restarting() {
        return processor.restarting ?? false;
      },
      onChange: (listener) => processor.onChange?.(listener),
      score: async (requests, options) => {
        if (this.#device) {
          try {
            return await this.#device.score(requests, options);
          } catch (error) {
            options?.signal?.throwIfAborted();
            this.#leaveDevice(inWords(error));
          }
        }
        return processor.score(requests, options);
      },
      close: () => processor.close(),
    };
  }

  /** Has the processor answer from now on, and frees the device; nothing when none is used. */
  #leaveDevice(why: string): void {
    const device = this.#device;
    if (!device) return;
    this.#device = undefined;
    this.placement = onProcessor(`The device was lost: ${why}.`);
    this.#logger.warn({ reason: why }, "the device was lost, and the processor answers instead");
    void device.close();
  }
}
