import type { StatusScenario } from "@headroom/alerts/limits";
import type { Language } from "../src/language.ts";
import type { StatusAnswer } from "../src/status/answer.ts";

/** With the version of what is kept. */
const PREFIX = "headroom.1.";
const TOKEN = "token";

/** The token that was typed in; it goes when the tab is closed. */
export const token = (): string | undefined => recall<string>(TOKEN, sessionStorage);

/** Keeps a token for this tab, and forgets the answers that stood before it was asked for. */
export function keepToken(given: string): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(`${PREFIX}answer.`)) localStorage.removeItem(name);
  }
  keep(TOKEN, given, sessionStorage);
}

/** The last answer of a scenario, to be shown while there is no newer one. */
export function lastAnswer(scenario: StatusScenario, language: Language): StatusAnswer | undefined {
  const found = recall<StatusAnswer>(answerName(scenario, language), placeOfAnswers());
  return Array.isArray(found?.findings) ? found : undefined;
}

/** Keeps an answer: what a token protects, only as long as the token. */
export function keepAnswer(answer: StatusAnswer): void {
  keep(answerName(answer.scenario, answer.language), answer, placeOfAnswers());
}

const answerName = (scenario: StatusScenario, language: Language) =>
  `answer.${language}.${scenario}`;

const placeOfAnswers = () => (token() === undefined ? localStorage : sessionStorage);

/** What was kept under a name; undefined when there is nothing, or nothing that can be read. */
export function recall<T>(name: string, place: Storage = localStorage): T | undefined {
  try {
    return (JSON.parse(place.getItem(PREFIX + name) ?? "null") as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value for the next visit; a browser that lets nothing be kept goes without. */
export function keep(name: string, value: unknown, place: Storage = localStorage): void {
  try {
    place.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or not allowed: the page works, and only remembers nothing.
  }
}
