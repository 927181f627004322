import { FINDING_LIMITS } from "@headroom/alerts/limits";
import type { Language } from "../src/language.ts";
import type { Statement } from "../src/status/answer.ts";
import { formatQuantity } from "../src/status/findings/quantity.ts";
import { SENTENCES, type Sentence } from "../src/status/findings/sentences.ts";
import { html, svg } from "./elements.ts";
import { fill, type Words } from "./words.ts";

/** A finding as an answer holds it. */
export type AnsweredFinding = Statement["findings"][number];

/** What a finding's first value is held against, on a scale from 0 to `top` in the value's unit. */
export interface Scale {
  readonly value: number;
  readonly top: number;
  /** Where the trouble lies: above or below the limits. */
  readonly bound: "upper" | "lower";
  /** The warning first. */
  readonly edges: readonly { readonly severity: "warning" | "critical"; readonly at: number }[];
}

/** A scale that has no natural end goes so far beyond its critical limit. */
const BEYOND = 1.5;

/** The scale of a finding; undefined when nothing is allowed or forbidden about its value. */
export function scaleOf({ kind, values: [first] }: AnsweredFinding): Scale | undefined {
  const said = Object.values(SENTENCES as Readonly<Record<string, Sentence>>).find(
    (sentence) => sentence.kind === kind && Object.keys(sentence.values)[0] === first?.name,
  );
  if (!first || said?.limit === undefined) return undefined;
  const limits = FINDING_LIMITS.filter(({ id }) => id === said.limit);
  const edges = limits.map((limit) => ({
    severity: limit.severity,
    at: limit.bound === "upper" ? limit.upper : limit.lower,
  }));
  const top = first.unit === "ratio" ? 1 : BEYOND * Math.max(...edges.map(({ at }) => at));
  return {
    value: first.value,
    top,
    bound: limits[0]!.bound === "lower" ? "lower" : "upper",
    edges,
  };
}

/** A small bar with the value and its limits; for ears the same as a meter. */
export function gauge(
  scale: Scale,
  { values: [first], severity }: AnsweredFinding,
  name: string,
  words: Words,
  language: Language,
): HTMLElement {
  const { value, top, bound, edges } = scale;
  const say = (number: number) => formatQuantity(number, first!.unit, language);
  const percent = (number: number) => `${(100 * Math.min(1, number / top)).toFixed(1)}%`;
  const limits = edges
    .map(({ severity: of, at }) => fill(words.limit[bound], words.states[of], say(at)))
    .join(" · ");
  const text = `${say(value)}, ${words.states[severity]} (${limits})`;
  return html(
    "div",
    {
      role: "meter",
      class: "gauge",
      "data-state": severity,
      "aria-label": name,
      "aria-valuemin": 0,
      "aria-valuemax": top,
      "aria-valuenow": Math.min(top, value),
      "aria-valuetext": text,
    },
    svg(
      "svg",
      { "aria-hidden": "true", width: "100%", height: 14 },
      svg("rect", { class: "track", y: 3, width: "100%", height: 8, rx: 4 }),
      svg("rect", { class: "value", y: 3, width: percent(value), height: 8, rx: 4 }),
      ...edges.map(({ severity: of, at }) =>
        svg("rect", { class: `edge ${of}`, x: percent(at), width: 2, height: 14 }),
      ),
    ),
    html("small", { "aria-hidden": "true" }, limits),
  );
}
