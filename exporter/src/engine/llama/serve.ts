import { childEnd, type Tell } from "../child-end.ts";
import type { DeviceMemory } from "../generator.ts";
import type { ModelInfo, ScoreRequest, Scores } from "../scorer.ts";
import type { FromScorer, LoadOptions, Reference, ToScorer } from "./messages.ts";
import { packScores } from "./packed.ts";

/** How the evaluation of a batch is led from outside. */
export interface BatchControl {
  /** Asked before each call of the engine; what it throws ends the batch. */
  throwIfCancelled(): void;
  /** Does a step of the work when it is this batch's turn. */
  turn<T>(step: () => Promise<T>): Promise<T>;
}

/** One batch that nothing else runs beside. */
export const ALONE: BatchControl = { throwIfCancelled: () => {}, turn: (step) => step() };

/** A model that scores, whichever way its engine is called. */
export interface ScoringModel {
  readonly info: ModelInfo;
  score(requests: readonly ScoreRequest[], control: BatchControl): Promise<Scores[]>;
  /** To be called when nobody waits for an answer. */
  rest(): void;
  dispose(): Promise<void>;
}

/** Lets one step be done at a time; steps that wait are done in the order in which they came. */
function takingTurns(): BatchControl["turn"] {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const done = last.then(step);
    last = done.catch(() => {});
    return done;
  };
}

type Answer = (message: ToScorer<never>) => void;

/**
 * Answers for a model that has been loaded: one batch after the other, in the order in which they come,
 * and beside them one long one after the other, in turn by slices, so that neither waits for the other.
 *
 * @param onClosed - nothing more will be asked, and the model is freed
 * @returns what is to be told each message
 */
export function serve(model: ScoringModel, tell: Tell<FromScorer>, onClosed: () => void): Answer {
  /** Batches that have not been answered, and whether they are still wanted. */
  const wanted = new Map<number, boolean>();
  const turn = takingTurns();
  let short = Promise.resolve();
  let long = Promise.resolve();

  async function score({ id, requests }: ToScorer & { type: "score" }): Promise<void> {
    const throwIfCancelled = () => {
      if (!wanted.get(id)) throw new Error("cancelled");
    };
    try {
      throwIfCancelled();
      const scores = packScores(await model.score(requests, { throwIfCancelled, turn }));
      tell({ type: "scores", id, scores });
    } catch (error) {
      tell({ type: "failed", id, message: (error as Error).message });
    } finally {
      wanted.delete(id);
      model.rest();
    }
  }

  tell({ type: "ready", model: model.info });
  return (message) => {
    switch (message.type) {
      case "score":
        wanted.set(message.id, true);
        if (message.long) long = long.then(() => score(message));
        else short = short.then(() => score(message));
        break;
      case "cancel":
        // It may cross its own answer on the way.
        if (wanted.has(message.id)) wanted.set(message.id, false);
        break;
      case "close":
        for (const id of wanted.keys()) wanted.set(id, false);
        void Promise.all([short, long])
          .then(() => model.dispose())
          .then(onClosed);
    }
  };
}

/** What a process for scoring can do. */
export interface ScoringProgram<Options> {
  /** @throws Error with the reason when it cannot be loaded; the process ends then */
  load(options: Options, tell: Tell<FromScorer>): Promise<ScoringModel>;
  examine?(options: LoadOptions): Promise<Reference>;
  /** Memory of the device that it uses, if it is not the machine's. */
  memory?(): DeviceMemory | undefined;
}

/** Runs a process for scoring: it loads a model when it is told to, and answers for it from then on. */
export function runScoring<Options>({ load, examine, memory }: ScoringProgram<Options>): void {
  const tell = childEnd<FromScorer>(memory);
  const exit = () => process.exit(0);
  const refuse = (error: Error) => tell({ type: "refused", why: error.message }, exit);
  let answer: Answer = ({ type }) => type === "close" && exit();
  process.on("message", (message: ToScorer<Options>) => {
    if (message.type === "load") {
      load(message.options, tell).then((model) => {
        answer = serve(model, tell, exit);
      }, refuse);
    } else if (message.type === "examine") {
      examine!(message.options).then((reference) => tell({ type: "reference", reference }), refuse);
    } else {
      answer(message);
    }
  });
}
