import { planOverrides, type Config } from "./config.ts";
import type { Generator } from "./engine/generator.ts";
import { createLlamaGenerator } from "./engine/llama/chat/generator.ts";
import { hashesFolder } from "./engine/llama/fingerprint.ts";
import { createSimulatedGenerator } from "./engine/simulated/generator.ts";
import { LATENCY_PROFILES } from "./engine/simulated/profiles.ts";
import { Supervised } from "./engine/supervised.ts";
import { HeadroomError } from "./errors.ts";
import { adviseOn } from "./hardware/advice.ts";
import { detectHardware } from "./hardware/detect.ts";
import { type HardwareFacts, valueOf } from "./hardware/facts.ts";
import { makePlan, type Plan } from "./hardware/plan.ts";
import type { ChatState, HardwareReport } from "./hardware/report.ts";
import { obtainChatModel, type ModelLogger } from "./models/obtain-model.ts";
import { findChatModel, type FoundModel } from "./models/find-model.ts";
import { adviseOnModel } from "./models/model-advice.ts";
import { readModelChoice } from "./models/model-choice.ts";
import { DEFAULT_SHAPE, plannedShape } from "./models/planned-shape.ts";
import { watchFile, type FileWatch } from "./models/watch-file.ts";
import { ModelQueue } from "./status/summary/model-queue.ts";
import { warmUpPrompt } from "./status/summary/prompt.ts";

/** Who is told of the chat model, and for tests how often it is started again. */
export interface ChatModelOptions {
  readonly logger: ModelLogger;
  /** Is told each time when it is started again. */
  readonly onRestart?: () => void;
  readonly backoffSeconds?: number;
}

/**
 * The chat model's life: looked for, fetched when it is not here, planned for this machine, loaded,
 * and loaded again when its process ends. All of it goes on in the background; nobody waits for it.
 */
export class ChatModel {
  readonly #config: Config;
  readonly #facts: HardwareFacts;
  readonly #options: ChatModelOptions;
  readonly #closing = new AbortController();
  #state: ChatState = { phase: "loading", text: "looking for the chat model" };
  #shape = DEFAULT_SHAPE;
  #queue: ModelQueue | undefined;
  #supervised: Supervised<Generator> | undefined;
  readonly #opening: Promise<void>;
  #file: FileWatch | undefined;

  private constructor(config: Config, facts: HardwareFacts, options: ChatModelOptions) {
    this.#config = config;
    this.#facts = facts;
    this.#options = options;
    this.#opening = this.#open().catch((error: Error) => this.#fail(error.message, undefined));
  }

  /** Looks at the machine, and begins. */
  static async open(config: Config, options: ChatModelOptions): Promise<ChatModel> {
    return new ChatModel(config, await detectHardware(), options);
  }

  /** Those who wait for the model, and the model; undefined while there is none. */
  get queue(): ModelQueue | undefined {
    return this.#queue;
  }

  get state(): ChatState {
    return this.#state;
  }

  /**
   * Whether the model answers: false while it is being loaded and after it failed; undefined while
   * there is none, because none is wanted, or it is being fetched or was not found.
   */
  get ready(): boolean | undefined {
    const { phase } = this.#state;
    return phase === "missing" || phase === "fetching" ? undefined : phase === "ready";
  }

  /** Fulfilled when the model is ready, or it is known why there is none. */
  get settled(): Promise<void> {
    return this.#opening.then(() => this.#supervised?.settled);
  }

  /** The machine, and what there is to say about it and the chat model, where one is wanted. */
  report(): HardwareReport {
    const facts = this.#facts;
    const about = { facts, chatModel: this.#state, simulated: this.#config.simulate };
    const { limits } = this.#config;
    if (!this.#wanted) return { ...about, advice: adviseOn(facts, undefined, limits) };
    const plan = asLoaded(this.#plan(), this.#queue?.generator.model.gpuLayers, this.#shape.layers);
    const advice = [
      ...adviseOn(facts, { plan, model: this.#shape }, limits),
      ...adviseOnModel({
        languages: this.#queue?.generator.model.languages,
        text: this.#state.text,
        memoryBytes: valueOf(facts.memoryBytes),
      }),
    ];
    return { ...about, plan, advice };
  }

  /** The process that holds the model; undefined while there is none. */
  get pid(): number | undefined {
    return this.#queue?.generator.failure ? undefined : this.#queue?.generator.pid;
  }

  /** What happened to the model's file since it was loaded; undefined while it is as it was. */
  get fileChanged(): string | undefined {
    return this.#file?.changed;
  }

  /** A simulated one answers whatever is set. */
  get #wanted(): boolean {
    return this.#config.simulate || readModelChoice(this.#config.chatModel).kind !== "none";
  }

  /** Ends the model and whatever is under way. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the exporter stops"));
    await this.#opening;
    this.#file?.close();
    await this.#supervised?.close();
  }

  async #open(): Promise<void> {
    const model = this.#config.simulate ? undefined : await this.#find();
    if (!model && !this.#config.simulate) return;
    if (this.#closing.signal.aborted) return;
    const { logger, backoffSeconds } = this.#options;
    this.#supervised = Supervised.starting<Generator>({
      open: async (signal) => (model ? this.#load(model, signal) : simulated(this.#config)),
      // A file that is no chat model will not become one.
      isFinal: (error) => error instanceof HeadroomError && error.code === "model_failed",
      onUp: (generator) => {
        this.#queue = new ModelQueue(generator, warmLanguage(generator.model));
        this.#state = { phase: "ready", text: generator.model.id };
        const { speed } = generator;
        logger.info({ model: generator.model.id, speed }, "the chat model is ready");
      },
      onDown: (why, retrySeconds) => this.#fail(why, retrySeconds),
      ...(backoffSeconds !== undefined && { backoffSeconds }),
    });
  }

  #fail(reason: string, retrySeconds: number | undefined): void {
    if (this.#closing.signal.aborted) return;
    const { logger, onRestart } = this.#options;
    this.#state = { phase: "failed", text: reason };
    if (retrySeconds === undefined) return logger.warn({ reason }, "the chat model failed");
    logger.warn({ reason, retrySeconds }, "the chat model is started again");
    onRestart?.();
  }

  async #load(model: FoundModel, signal: AbortSignal): Promise<Generator> {
    this.#state = { phase: "loading", text: model.id };
    this.#shape = await plannedShape(model);
    this.#file?.close();
    this.#file = await watchFile(model.path, (what) =>
      this.#options.logger.warn(
        { model: model.id, reason: what },
        "the chat model's file is another one",
      ),
    );
    const plan = this.#plan();
    return createLlamaGenerator({
      id: model.id,
      languages: model.languages,
      load: {
        file: model.path,
        hashesIn: hashesFolder(this.#config),
        gpuLayers: plan.gpuLayers.value,
        threads: plan.threads.value,
        contextSize: plan.contextSize.value,
        batchSize: plan.batchSize.value,
        sequences: plan.sequences.value,
        mmap: plan.mmap.value,
        mlock: plan.mlock.value,
        ropeScale: plan.ropeScale.value,
        warmUp: warmUpPrompt(warmLanguage(model)),
      },
      signal,
    });
  }

  async #find(): Promise<FoundModel | undefined> {
    const { chatModel: wanted, modelsFolder, chatLanguages: languages } = this.#config;
    const here = await findChatModel({ wanted, modelsFolder, languages });
    if (here.state === "found") return here;
    this.#state = { phase: here.fetchable ? "fetching" : "missing", text: here.text };
    const { signal } = this.#closing;
    const model = await obtainChatModel(this.#config, { logger: this.#options.logger, signal });
    if (model.state === "found") return model;
    this.#state = { phase: "missing", text: model.text };
    return undefined;
  }

  #plan(): Plan {
    return makePlan(this.#facts, this.#shape, planOverrides(this.#config));
  }
}

function simulated(config: Config): Generator {
  const { simulateProfile, simulateFault: fault, simulateFaultRatio: share } = config;
  return createSimulatedGenerator({
    profile: LATENCY_PROFILES[simulateProfile],
    faults: fault && { fault, share },
  });
}

function warmLanguage({ languages }: { readonly languages: FoundModel["languages"] }) {
  return languages[0] ?? "en";
}

/** The plan with the layers that are on the graphics processor, where its memory had no room for all. */
export function asLoaded(plan: Plan, loaded: number | undefined, layers: number | undefined): Plan {
  const { value } = plan.gpuLayers;
  const planned = value === -1 ? layers : value;
  // The output is one more than the model's own layers, and not missed here.
  if (loaded === undefined || planned === undefined || loaded >= planned) return plan;
  const why = `the engine found room for ${loaded} on the graphics processor`;
  return { ...plan, gpuLayers: { value: loaded, source: "memory", why } };
}
