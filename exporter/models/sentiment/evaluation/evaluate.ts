import type { Scorer } from "../../../src/engine/scorer.ts";
import type { Figures } from "../figures.ts";
import type { Example } from "../training/examples.ts";
import type { LexiconEntry } from "../training/lexicon.ts";
import { createNetwork } from "../training/network.ts";
import { createTokenizer } from "../training/tokenizer.ts";
import type { TrainedModel } from "../training/train-model.ts";
import { BEGIN } from "../training/vocabulary.ts";
import { accuracy } from "./accuracy.ts";
import { attributionQuality, topWordAgreement } from "./attribution-quality.ts";
import { deletionTest } from "./deletion.ts";
import { scoreMessages, type ScoredMessage } from "./message.ts";
import { negationTest } from "./negation.ts";

/** The figures that need only the model file and the engine. */
export type EngineFigures = Pick<
  Figures,
  "accuracy" | "wordsPerMessage" | "attribution" | "topWordAgreement" | "deletion"
>;

/** Measures a model file through the engine, on texts that it was not trained on. */
export async function evaluateFile(
  scorer: Scorer,
  test: readonly Example[],
): Promise<{ figures: EngineFigures; messages: ScoredMessage[] }> {
  const messages = await scoreMessages(scorer, test);
  const mean = (count: (message: ScoredMessage) => number) =>
    messages.reduce((sum, message) => sum + count(message), 0) / messages.length;
  const figures = {
    accuracy: accuracy(
      test,
      messages.map(({ score }) => score),
    ),
    wordsPerMessage: { written: mean(({ words }) => words.length), known: mean((m) => m.known) },
    attribution: {
      prefix: attributionQuality(messages, "prefix"),
      occlusion: attributionQuality(messages, "occlusion"),
    },
    topWordAgreement: topWordAgreement(messages),
    deletion: await deletionTest(scorer, messages),
  };
  return { figures, messages };
}

/** The figures that compare the file with the trainer and with the bag of words. */
export async function compareWithTraining(
  scorer: Scorer,
  model: TrainedModel,
  lexicon: readonly LexiconEntry[],
  test: readonly Example[],
  messages: readonly ScoredMessage[],
): Promise<Pick<Figures, "bagOfWordsAccuracy" | "negation" | "greatestScoreDifference">> {
  const tokenize = createTokenizer(model.tokens);
  const sequences = test.map(({ forms }) => [BEGIN, ...tokenize(forms)]);
  const network = createNetwork(model.shape, Math.max(...sequences.map(({ length }) => length)));
  const differences = sequences.map((ids, i) =>
    Math.abs(network.forward(model.weights, ids)[ids.length - 1]! - messages[i]!.score),
  );
  return {
    bagOfWordsAccuracy: accuracy(
      test,
      test.map(({ forms }) => model.bagOfWords.score(forms)),
    ),
    negation: await negationTest(scorer, lexicon, (word) => tokenize([word]).length > 0),
    greatestScoreDifference: Math.max(...differences),
  };
}
