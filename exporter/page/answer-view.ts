/** Shows an answer, part by part as it arises. */
import type { StatusScenario } from "@headroom/alerts/limits";
import type { Advice } from "../src/hardware/advice.ts";
import type { Language } from "../src/language.ts";
import type { Statement, StatusAnswer } from "../src/status/answer.ts";
import { age } from "./ages.ts";
import { formatQuantity } from "../src/status/findings/quantity.ts";
import { byId, html } from "./elements.ts";
import type { Trouble } from "./exporter-api.ts";
import { type AnsweredFinding, gauge, scaleOf } from "./gauge.ts";
import { stateIcon } from "./icons.ts";
import { fill, type Words, WORDS } from "./words.ts";

/** What is shown beside the answer, and what its buttons do. */
export interface AnswerSurroundings {
  readonly language: Language;
  /** Of what is asked in this language. */
  readonly questionOf: (scenario: StatusScenario) => string;
  readonly onAsk: (scenario: StatusScenario) => void;
}

/** Before anything was asked. */
export function showWelcome({ language }: AnswerSurroundings): void {
  const words = WORDS[language];
  byId("question").textContent = words.welcome;
  clear("asked", "trouble", "state", "facts", "origin");
  byId("words").replaceChildren(html("p", {}, words.welcomeText));
}

/** A request is on its way; `note` says how it was understood. */
export function showAsking(question: string, targetSeconds: number, note: string, words: Words) {
  byId("question").textContent = question;
  clear("trouble", "words", "facts", "origin");
  byId("asked").replaceChildren(...(note === "" ? [] : [html("p", {}, note)]));
  const progress = html("progress", { max: targetSeconds, "aria-label": words.asking });
  byId("state").replaceChildren(html("p", { class: "state" }, words.asking), progress);
  progress.value = 0;
  byId("answer").setAttribute("aria-busy", "true");
}

/** How much of its time the answer has taken so far, in seconds. */
export function showProgress(seconds: number): void {
  const progress = byId("answer").querySelector("progress");
  if (progress) progress.value = seconds;
}

/** What was found: the state in the largest type, what to do, and the values with their limits. */
export function showStatement(statement: Statement, around: AnswerSurroundings): void {
  const { language } = around;
  const words = WORDS[language];
  const { status, findings, takenAt, unavailable } = statement;
  // As the visitor's own country writes it, where that speaks the language.
  const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language;
  const clock = new Date(takenAt).toLocaleTimeString(locale, { timeStyle: "medium" });
  byId("state").replaceChildren(
    html("p", { class: "state", "data-state": status }, stateIcon(status), words.states[status]),
    html("p", { class: "age" }, `${fill(words.asOf, clock)} · `, age(takenAt, language)),
    ...byId("state").querySelectorAll("progress"),
  );
  const scaled = findings.map((finding) => ({ finding, scale: scaleOf(finding) }));
  byId("facts").replaceChildren(
    ...whatToDo(findings, unavailable.length === 0, around),
    ...listOf(
      words.measured,
      "gauges",
      scaled.flatMap(({ finding, scale }) => {
        const name = nameOf(finding, words);
        const bar = scale && gauge(scale, finding, name, words, language);
        return bar ? html("li", {}, headOf(finding, name, language), bar, said(finding)) : [];
      }),
    ),
    ...listOf(
      words.alsoSeen,
      "plain",
      scaled.flatMap(({ finding, scale }) => (scale ? [] : html("li", {}, finding.text))),
    ),
    ...listOf(
      words.unread,
      "plain",
      unavailable.map(({ part, reason }) =>
        html("li", {}, html("p", {}, `${words.parts[part]}: `, inEnglish(reason))),
      ),
    ),
  );
}

/** The words of the answer so far. */
export function showWords(text: string): void {
  // A number and its unit stay on one line.
  byId("words").replaceChildren(html("p", {}, text.replace(/(\d) (?=\p{L}|%)/gu, "$1\u00a0")));
}

/** The answer is whole: whose words they are, which engine, and the time against the target. */
export function showOrigin(answer: StatusAnswer, { language }: AnswerSurroundings): void {
  const words = WORDS[language];
  const { timingsMs, deadline, engine, model, cached, fallback, simulated } = answer;
  const seconds = (timingsMs.total / 1_000).toFixed(2);
  const target = deadline.targetMs / 1_000;
  const time = fill(words.answeredIn, seconds, target) + (deadline.met ? "" : `, ${words.late}`);
  const by = fallback ? fill(words.byFindings, words.fallbacks[fallback]) : words.byModel;
  const lines = [
    by,
    simulated ? words.simulated : model ? fill(words.engine, model, engine) : words.noEngine,
    cached ? `${time}, ${words.cached}` : time,
  ];
  byId("origin").replaceChildren(...lines.map((line) => html("p", {}, line)));
  byId("state").querySelector("progress")?.remove();
  if (simulated) byId("simulated").hidden = false;
  byId("answer").removeAttribute("aria-busy");
}

/** There is no whole answer: why, and what to do. What had been found stays. */
export function showTrouble(trouble: Trouble, words: Words, ...more: readonly HTMLElement[]): void {
  const { kind, message } = trouble;
  const detail = kind === "refused" && inEnglish(message);
  byId("trouble").replaceChildren(
    html("p", { class: "trouble" }, words.troubles[kind], " ", detail),
    ...more,
  );
  byId("answer").removeAttribute("aria-busy");
  const state = byId("state");
  state.querySelector("progress")?.remove();
  if (!state.querySelector("[data-state]")) state.replaceChildren();
}

/** What the exporter advises about the machine and its model; it does so in English only. */
export function showAdvice(advice: readonly Advice[], words: Words): void {
  const items = advice.map(({ severity, what, why, effect }) =>
    html(
      "li",
      { "data-state": severity === "warning" && severity },
      severity === "warning" && stateIcon(severity),
      html("span", {}, html("strong", {}, what), ` ${why} ${effect}`),
    ),
  );
  const isUrgent = advice.some(({ severity }) => severity === "warning");
  const title = html("summary", {}, `${words.advice} (${advice.length})`);
  const list = html("ul", { class: "plain", lang: "en" }, ...items);
  const shown = html("details", { open: isUrgent }, title, list);
  byId("advice").replaceChildren(...(advice.length === 0 ? [] : [shown]));
}

/** One action for each kind of trouble; nothing only where all could be read and nothing is wrong. */
function whatToDo(
  findings: readonly AnsweredFinding[],
  isComplete: boolean,
  { language, questionOf, onAsk }: AnswerSurroundings,
): readonly HTMLElement[] {
  const words = WORDS[language];
  const wrong = findings.filter(({ severity }) => severity !== "ok");
  if (wrong.length === 0 && !isComplete) return [];
  const actions = wrong.flatMap(({ kind, subject, severity }) => {
    const action = words.actions[kind];
    return action === undefined ? [] : [{ severity, text: fill(action, subject) }];
  });
  const isOfPrograms = wrong.some(({ kind }) => PROGRAMS_ARE_TO_BLAME.has(kind));
  const next = html("button", { type: "button" }, fill(words.goOn, questionOf(PROGRAMS)));
  next.addEventListener("click", () => onAsk(PROGRAMS));
  return [
    html(
      "div",
      { class: "to-do" },
      html("h3", {}, words.whatToDo),
      ...(actions.length === 0 ? [html("p", {}, words.nothingToDo)] : []),
      html(
        "ul",
        {},
        ...actions.map(({ severity, text }) =>
          html("li", { "data-state": severity }, stateIcon(severity), html("span", {}, text)),
        ),
      ),
      isOfPrograms && next,
    ),
  ];
}

const PROGRAMS = "process-information" satisfies StatusScenario;
const PROGRAMS_ARE_TO_BLAME: ReadonlySet<string> = new Set([
  ...["cpu", "load", "memory", "container-memory", "memory-pressure", "swap"],
]);

function headOf({ severity, values: [first] }: AnsweredFinding, name: string, language: Language) {
  const value = first && formatQuantity(first.value, first.unit, language);
  const state = WORDS[language].states[severity];
  return html(
    "div",
    { class: "head" },
    html("h4", {}, name, " ", html("span", {}, value)),
    html("span", { "data-state": severity }, stateIcon(severity), state),
  );
}

const nameOf = ({ kind, subject }: AnsweredFinding, words: Words) =>
  fill(words.kinds[kind], subject);

/** What the exporter says in no other language. */
const inEnglish = (text: string) => html("span", { lang: "en" }, text);

const said = ({ text }: AnsweredFinding) => html("p", {}, text);

function listOf(
  title: string,
  name: string,
  items: readonly HTMLElement[],
): readonly HTMLElement[] {
  if (items.length === 0) return [];
  return [html("h3", {}, title), html("ul", { class: name }, ...items)];
}

function clear(...ids: readonly string[]): void {
  for (const id of ids) byId(id).replaceChildren();
}
