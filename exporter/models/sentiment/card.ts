import type { BySet, Share } from "./evaluate.ts";
import { METHODS } from "./attribution.ts";
import type { Figures } from "./figures.ts";
import { SET_NAMES } from "./training/dataset.ts";
import { MODEL_NAME } from "./training/model-file.ts";

const SOURCES = {
  movie: "movie snippets (Pang and Lee 2005, CC BY 4.0)",
  product: "product review snippets (Hutto and Gilbert 2014, MIT)",
  tweets: "tweets (Hutto and Gilbert 2014, MIT)",
} as const;

/** The model card, as Markdown; every number in it comes from the figures. */
export function renderCard(figures: Figures): string {
  const sections = [opening(figures), use(figures), data(figures), recipe(figures)];
  return [...sections, results(figures), attribution(figures), limitations(figures), LICENCES].join(
    "\n",
  );
}

function opening({ file, recipe }: Figures): string {
  const { width, heads, inner } = recipe.shape;
  return `# ${MODEL_NAME}

<!-- Written by "npm run train" from figures.json; do not edit. -->

Tells whether a short English text is positive or negative. It is the model that Headroom runs when
you give it no other.

| | |
| --- | --- |
| file | \`sentiment.gguf\`, ${file.bytes.toLocaleString("en")} bytes, F32 |
| SHA-256 | \`${file.sha256}\` |
| architecture | llama: 1 layer, width ${width}, ${heads} heads, feed-forward ${inner}; the head shares the embedding |
| weights | ${file.weights.toLocaleString("en")} |
| vocabulary | ${recipe.vocabulary.size.toLocaleString("en")} word stems ("bert" tokenizer); other words are dropped |
| answer | logit of \`[POS]\` minus logit of \`[NEG]\` after the last word, in nats; 0 is undecided |
`;
}

function use({ wordsPerMessage }: Figures): string {
  return `## What it is for

Load tests, demonstrations and tests that need a real model with real attributions on any machine.
It reads reviews, comments and posts of a sentence or two. Do not base decisions about people on it.

Of ${number(wordsPerMessage.written)} words in a message it knows ${number(wordsPerMessage.known)} on
average. A message without any of them gets the score of nothing, which means "no evidence".
`;
}

function data({ texts }: Figures): string {
  return `## Data

| set | texts for training | texts for testing |
| --- | ---: | ---: |
${SET_NAMES.map((set) => `| ${SOURCES[set]} | ${texts.training[set]} | ${texts.test[set]} |`).join("\n")}

A hash of the text decides which part a text belongs to. The recipe was chosen on the training texts
alone; the test texts were used for this card only. Single words from the VADER lexicon (MIT) were
added for training.
`;
}

function recipe({ recipe }: Figures): string {
  const { fit, vocabulary, lexiconWeight, negations } = recipe;
  return `## Recipe

1. Normalise: lower case, emoticons and emoji to words, "n't" to "not", links and mentions away,
   endings cut.
2. Choose the vocabulary: |weight in a bag-of-words regression| x sqrt(texts with the word), and
   ${vocabulary.fromLexicon} strong lexicon words.
3. Score every prefix of every text with a unigram and bigram regression that was fitted without it.
4. Fit the network at every prefix to a mix of the label (${percent(recipe.labelShare)}) and that score;
   lexicon words alone (weight ${lexiconWeight}) and after a negation (weight ${negations.weight}) are
   extra samples. Embeddings start along the regression's weights.
5. ${fit.epochs} epochs of Adam with weight decay, batches of ${fit.batch}, ${percent(fit.dropWords)} of the words left
   out at random. Everything is TypeScript with hand-written gradients; seed ${recipe.seed}.

\`npm run train\` repeats it and gives the same bytes; \`npm run train -- --check\` verifies that.
`;
}

function results({ accuracy, bagOfWordsAccuracy, greatestScoreDifference }: Figures): string {
  const row = (name: string, bySet: BySet) =>
    `| ${name} | ${SET_NAMES.map((set) => interval(bySet[set])).join(" | ")} |`;
  return `## Accuracy

Share of the test texts with the right label, with 95 % confidence intervals (Wilson).

| | movie | product | tweets |
| --- | --- | --- | --- |
${row("this model, in llama.cpp", accuracy)}
${row("bag-of-words regression, every word", bagOfWordsAccuracy)}

The regression was fitted in the same run on the same texts. It knows every word in them; this model
knows a small part, and is about as accurate.

llama.cpp's scores differ from the trainer's by at most ${greatestScoreDifference.toExponential(1)}.
`;
}

function attribution({ attribution, deletion, topWordAgreement }: Figures): string {
  const rows = METHODS.map((method) => {
    const { entropy, entropyWithinLimits, sparsity, sparsityWithinLimit } = attribution[method];
    return `| ${method} | ${number(entropy.mean)} (${number(entropy.p5)} to ${number(entropy.p95)}) | ${percent(entropyWithinLimits)} | ${number(sparsity.mean)} (${number(sparsity.p5)} to ${number(sparsity.p95)}) | ${percent(sparsityWithinLimit)} |`;
  });
  const times = (method: (typeof METHODS)[number]) =>
    `${(deletion.top[method] / deletion.random).toFixed(1)} times random`;
  return `## Attribution

Over whole messages; a word that the model does not know has attribution 0. Mean, 5th and 95th
percentile, and the share within the limits of \`alerts/limits.ts\`. Entropy and sparsity are not
defined for ${percent(attribution.prefix.undefinedShare)} of the messages (no known word, or only one word), which
are left out.

| method | entropy, nats | within limits | sparsity (Gini) | within limit |
| --- | --- | ---: | --- | ---: |
${rows.join("\n")}

Deletion test: a fifth of the words is taken away, and the share of |score| that goes is measured.

| words taken away | share of the score lost |
| --- | --- |
${METHODS.map((method) => `| weightiest by ${method} | ${percent(deletion.top[method])} (${times(method)}) |`).join("\n")}
| at random | ${percent(deletion.random)} |

Both methods name the same weightiest word in ${percent(topWordAgreement)} of the messages: they answer different
questions and are not interchangeable.
`;
}

function limitations({ negation: { seen, unseen } }: Figures): string {
  return `## What it cannot do

- **Negation**, in general. One layer cannot tie "not" to the word that it belongs to: inside a
  sentence it turns the score round for ${percent(unseen.turnsInside)} of the words (and weakens it for
  ${percent(unseen.weakensInside)}), so "not bad" may stay negative. "not" and a word alone turn round for
  ${percent(seen.turnsAlone)} of ${seen.words} words whose negation was trained, and for ${percent(unseen.turnsAlone)} of
  ${unseen.words} whose negation was not.
- **Irony, comparison, context.** It adds up words.
- **Other languages** than English, and long texts: it was trained on a sentence or two.
- **Neutral texts.** There are none in its training; a factual text gets a score near 0 at best.
- **Fairness.** The texts are English reviews and posts from before 2015. Nothing was done
  against prejudice in them.
`;
}

const LICENCES = `## Licences

The model and the program that trains it: Apache-2.0, as Headroom. The data keep their own licences;
see \`data/README.md\` and \`lexicon/README.md\`.
`;

function interval({ value, low, high }: Share): string {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function number(value: number): string {
  return value.toFixed(2);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1).replace(/\.0$/, "")} %`;
}
