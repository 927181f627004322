/** What can be set and asked: language, strategy, the eight scenarios, and a question in own words. */
import type { StatusScenario } from "@headroom/alerts/limits";
import { type Language, LANGUAGES } from "../src/language.ts";
import type { StatusAnswer, StrategyName } from "../src/status/answer.ts";
import { age } from "./ages.ts";
import { byId, html } from "./elements.ts";
import type { StatusList } from "./exporter-api.ts";
import { scenarioIcon, stateIcon } from "./icons.ts";
import { fill, WORDS } from "./words.ts";

/** What is chosen now, and what follows when something else is. */
export interface Choices {
  readonly list: StatusList;
  readonly language: Language;
  readonly strategy: StrategyName;
  readonly chosen: StatusScenario | undefined;
  readonly lastAnswer: (scenario: StatusScenario) => StatusAnswer | undefined;
  readonly onLanguage: (language: Language) => void;
  readonly onStrategy: (strategy: StrategyName) => void;
  readonly onAsk: (scenario: StatusScenario) => void;
  readonly onFreeQuestion: (text: string) => void;
}

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", ja: "日本語" };

/** Shows the choices; what had the focus keeps it. */
export function showChoices(choices: Choices): void {
  const { list, language, strategy, onLanguage, onStrategy } = choices;
  const focused = document.activeElement?.id;
  const words = WORDS[language];
  document.documentElement.lang = language;
  byId("skip").textContent = words.skip;
  byId("questions-title").textContent = words.questions;
  // Until it is known what can be asked.
  for (const id of ["skip", "questions"]) byId(id).hidden = list.scenarios.length === 0;
  const strategies = list.strategies.map((name) => [name, words.strategies[name]] as const);
  const languages = LANGUAGES.map((name) => [name, LANGUAGE_NAMES[name]] as const);
  byId("settings").replaceChildren(
    choice("language", words.language, languages, language, onLanguage),
  );
  byId("strategies").replaceChildren(
    html("p", { class: "label", "aria-hidden": "true" }, words.strategy),
    choice("strategy", words.strategy, strategies, strategy, onStrategy),
  );
  byId("buttons").replaceChildren(
    ...list.scenarios.map((scenario) => html("li", {}, button(scenario, choices))),
  );
  // Not while somebody may be writing there.
  if (byId("free").lang !== language) byId("free").replaceChildren(freeQuestion(choices));
  byId("free").lang = language;
  if (focused) document.getElementById(focused)?.focus();
}

function button({ name, question, targetSeconds }: StatusList["scenarios"][number], of: Choices) {
  const { language, chosen, onAsk } = of;
  const words = WORDS[language];
  const last = of.lastAnswer(name);
  const below = last
    ? [
        html(
          "span",
          { "data-state": last.status },
          stateIcon(last.status),
          words.states[last.status],
        ),
        " · ",
        age(last.takenAt, language),
      ]
    : [fill(words.within, targetSeconds)];
  const pressed = html(
    "button",
    { id: name, type: "button", "aria-current": chosen === name && "true" },
    scenarioIcon(name),
    html("span", { class: "ask" }, question[language], html("small", {}, ...below)),
  );
  pressed.addEventListener("click", () => onAsk(name));
  return pressed;
}

/** One of several, of which the arrow keys choose. */
function choice<Value extends string>(
  name: string,
  label: string,
  options: readonly (readonly [Value, string])[],
  chosen: Value,
  onChoose: (value: Value) => void,
): HTMLElement {
  return html(
    "div",
    { role: "radiogroup", class: "choice", "aria-label": label },
    ...options.map(([value, text]) => {
      const id = `${name}-${value}`;
      const input = html("input", { type: "radio", name, id, checked: value === chosen });
      input.addEventListener("change", () => onChoose(value));
      const lang = name === "language" && value;
      return html("label", { for: id, lang }, input, html("span", {}, text));
    }),
  );
}

function freeQuestion({ language, onFreeQuestion }: Choices): HTMLElement {
  const words = WORDS[language];
  const input = html("input", {
    id: "own-words",
    type: "text",
    autocomplete: "off",
    enterkeyhint: "go",
    maxlength: 200,
    "aria-describedby": "own-words-hint",
  });
  const form = html(
    "form",
    {},
    html("label", { for: "own-words" }, words.free),
    html("div", {}, input, html("button", { type: "submit", id: "own-words-ask" }, words.freeAsk)),
    html("small", { id: "own-words-hint" }, words.freeHint),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() !== "") onFreeQuestion(input.value.trim());
  });
  return form;
}
