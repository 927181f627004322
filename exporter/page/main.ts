/** The status page: what was chosen, what is asked, and what is shown of it. */
import type { StatusScenario } from "@headroom/alerts/limits";
import type { HardwareReport } from "../src/hardware/report.ts";
import { type Language, LANGUAGES } from "../src/language.ts";
import type { Statement, StatusAnswer, StrategyName } from "../src/status/answer.ts";
import * as answer from "./answer-view.ts";
import { age, renewAges } from "./ages.ts";
import { byId, html } from "./elements.ts";
import { ask, get, type StatusList, Trouble } from "./exporter-api.ts";
import { understand } from "./free-question.ts";
import * as kept from "./kept.ts";
import { showChoices } from "./questions-view.ts";
import { fill, WORDS } from "./words.ts";

const AGE_EVERY_MS = 10_000;
const PROGRESS_EVERY_MS = 100;

const STRATEGY_NAMES = Object.keys(WORDS.en.strategies) as readonly StrategyName[];

const known = kept.recall<StatusList>("list");
let list = Array.isArray(known?.scenarios)
  ? known
  : { scenarios: [], strategies: [], languages: [] };
let advice: HardwareReport["advice"] = [];
let language = LANGUAGES.find((one) => one === kept.recall("language")) ?? languageOfBrowser();
let strategy = STRATEGY_NAMES.find((one) => one === kept.recall("strategy")) ?? "balanced";
let chosen: StatusScenario | undefined;
/** How the question in own words was understood; empty after a press on a button. */
let note = "";
let asking = new AbortController();

/** The first that the browser's user reads. */
function languageOfBrowser(): Language {
  const wanted = navigator.languages.map((tag) => LANGUAGES.find((one) => tag.startsWith(one)));
  return wanted.find((one) => one !== undefined) ?? "en";
}

const questionOf = (scenario: StatusScenario) =>
  list.scenarios.find(({ name }) => name === scenario)?.question[language] ?? scenario;

const around = (): answer.AnswerSurroundings => ({ language, questionOf, onAsk: press });

function show(): void {
  showChoices({
    ...{ list, language, strategy, chosen },
    lastAnswer: (scenario) => kept.lastAnswer(scenario, language),
    onLanguage(given) {
      kept.keep("language", (language = given));
      note = "";
      show();
      answer.showAdvice(advice, WORDS[language]);
      if (chosen) void answerTo(chosen);
      else answer.showWelcome(around());
    },
    onStrategy: (given) => kept.keep("strategy", (strategy = given)),
    onAsk: press,
    onFreeQuestion(text) {
      const words = WORDS[language];
      const understood = understand(text);
      const scenario = understood?.scenario ?? "overall-health";
      const told = understood
        ? fill(words.answeredBy, text, questionOf(scenario), understood.word)
        : fill(words.notUnderstood, text);
      press(scenario, told);
    },
  });
}

/** Asks, and brings the answer into view where it stands above the buttons. */
function press(scenario: StatusScenario, told = ""): void {
  note = told;
  history.replaceState(null, "", `#${scenario}`);
  const section = byId("answer");
  // The button goes away with the answer that it belongs to.
  if (section.contains(document.activeElement)) byId("question").focus();
  void answerTo(scenario);
  if (section.getBoundingClientRect().top < 0) section.scrollIntoView();
}

/** Asks for an answer and shows it as it arises; a request before it is given up. */
async function answerTo(scenario: StatusScenario): Promise<void> {
  asking.abort();
  const { signal } = (asking = new AbortController());
  chosen = scenario;
  const words = WORDS[language];
  const targetSeconds = list.scenarios.find(({ name }) => name === scenario)?.targetSeconds ?? 5;
  const question = questionOf(scenario);
  show();
  answer.showAsking(question, targetSeconds, note, words);
  document.title = `${question} – Headroom`;
  const startedAt = performance.now();
  const ticking = setInterval(
    () => answer.showProgress((performance.now() - startedAt) / 1_000),
    PROGRESS_EVERY_MS,
  );
  let found: Statement | undefined;
  let text = "";
  try {
    for await (const told of ask({ scenario, strategy, language, targetSeconds }, signal)) {
      if (told.event === "findings") answer.showStatement((found = told.data), around());
      if (told.event === "delta") answer.showWords((text += told.data.text));
      if (told.event === "done") showWhole(told.data);
    }
  } catch (error) {
    if (!signal.aborted) showTrouble(error, found);
  } finally {
    clearInterval(ticking);
  }

  function showWhole(whole: StatusAnswer): void {
    if (found?.takenAt !== whole.takenAt) answer.showStatement(whole, around());
    answer.showWords(whole.summary);
    answer.showOrigin(whole, around());
    kept.keepAnswer(whole);
    show();
    document.title = `${words.states[whole.status]} – ${question} – Headroom`;
    announce(`${question} ${whole.summary}`);
  }
}

/** Says what is wrong; what was found or answered before stands below it. */
function showTrouble(error: unknown, found: Statement | undefined): void {
  const trouble = error instanceof Trouble ? error : new Trouble("refused", String(error));
  const words = WORDS[language];
  const wantsToken = trouble.kind === "noToken" || trouble.kind === "wrongToken";
  const last = found || wantsToken || !chosen ? undefined : kept.lastAnswer(chosen, language);
  const parts: HTMLElement[] = [];
  if (last) {
    const [before, after] = words.lastAnswer.split("{}");
    parts.push(html("p", { class: "last" }, before, age(last.takenAt, language), after));
    answer.showStatement(last, around());
    answer.showWords(last.summary);
    answer.showOrigin(last, around());
  }
  parts.push(wantsToken ? tokenForm() : againButton());
  answer.showTrouble(trouble, words, ...parts);
  announce(
    [words.troubles[trouble.kind], ...parts.map(({ textContent }) => textContent)].join(" "),
  );
}

function againButton(): HTMLElement {
  const again = html("button", { type: "button" }, WORDS[language].askAgain);
  again.addEventListener("click", () => (chosen ? press(chosen, note) : void open()));
  return again;
}

function tokenForm(): HTMLElement {
  const words = WORDS[language];
  const input = html("input", {
    id: "token",
    type: "password",
    autocomplete: "off",
    required: true,
  });
  const form = html(
    "form",
    {},
    html("label", { for: "token" }, words.token),
    html("div", {}, input, html("button", { type: "submit" }, words.useToken)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    kept.keepToken(input.value.trim());
    byId("question").focus();
    void open();
  });
  setTimeout(() => input.focus());
  return form;
}

function announce(text: string): void {
  byId("announcement").textContent = text;
}

/** Reads what can be asked, and asks what the address names: a shortcut of the installed page, or a link. */
async function open(): Promise<void> {
  let trouble: unknown;
  try {
    kept.keep("list", (list = await get<StatusList>("/v1/status")));
    byId("trouble").replaceChildren();
    show();
    void get<HardwareReport>("/v1/hardware").then(showMachine, () => undefined);
  } catch (error) {
    trouble = error;
  }
  const named = list.scenarios.find(({ name }) => name === location.hash.slice(1))?.name;
  const scenario = chosen ?? named;
  if (scenario) await answerTo(scenario);
  else if (trouble) showTrouble(trouble, undefined);
}

function showMachine(report: HardwareReport): void {
  advice = report.advice;
  byId("simulated").hidden = !report.simulated;
  answer.showAdvice(advice, WORDS[language]);
}

show();
answer.showWelcome(around());
void open();
addEventListener("hashchange", () => {
  const named = list.scenarios.find(({ name }) => name === location.hash.slice(1));
  if (named) press(named.name);
});
setInterval(() => renewAges(language), AGE_EVERY_MS);
// Only where the connection is this machine's own or encrypted.
void navigator.serviceWorker?.register("/service-worker.js").catch(() => undefined);
