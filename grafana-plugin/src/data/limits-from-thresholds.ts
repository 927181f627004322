import { type FieldConfig, type Threshold, ThresholdsMode } from "@grafana/data";
import type { Bound, Limit, Severity } from "../model/limit.ts";
import { soundConfig } from "./sound-frames.ts";
import { severityOfColor, type StepLevel } from "./severity-of-color.ts";

interface Step {
  readonly from: number;
  readonly level: StepLevel;
}

/**
 * Limits from Grafana's standard thresholds, so that what people set in the standard editor has
 * effect. A limit stands where the colours change into its severity:
 *
 * - green, orange from a, red from b: upper limits, warning a and critical b
 * - red, orange from a, green from b: lower limits, critical a and warning b
 * - orange, green from a, orange from b: a band from a to b, warning
 *
 * Each severity is read for itself. There is none when no step is allowed or all are, or when the
 * values that a severity leaves lie in several stretches, which no single limit can say.
 *
 * Percentages count from `min` to `max` of the field and mean nothing without both.
 */
export function limitsFromThresholds(config: FieldConfig): readonly Limit[] {
  const { thresholds, min, max } = soundConfig(config);
  if (!thresholds) return [];
  const toValue = thresholds.mode === ThresholdsMode.Percentage ? share(min, max) : identity;
  if (!toValue) return [];
  const steps = readSteps(thresholds.steps, toValue);
  if (!steps.some(({ level }) => level === "allowed")) return [];
  return (["warning", "critical"] as const).flatMap((severity) => {
    const bound = boundOf(steps, severity);
    return bound ? [{ ...bound, severity }] : [];
  });
}

function readSteps(thresholds: readonly Threshold[], toValue: (value: number) => number): Step[] {
  return [...thresholds]
    .sort((a, b) => (a.value < b.value ? -1 : Number(a.value > b.value)))
    .map(({ value, color }, i) => ({
      // Grafana colours everything below the first step like it, whatever value is stored there.
      from: i === 0 ? -Infinity : toValue(value),
      level: severityOfColor(color),
    }));
}

function boundOf(steps: readonly Step[], severity: Severity): Bound | undefined {
  const isLeft = ({ level }: Step) =>
    level === "allowed" || (severity === "critical" && level === "warning");
  const first = steps.findIndex(isLeft);
  const last = steps.findLastIndex(isLeft);
  if (first < 0 || !steps.slice(first, last + 1).every(isLeft)) return undefined;
  // Green right beside red has no warning limit there: orange must be what comes next.
  const below = steps[first - 1]?.level === severity ? steps[first]?.from : undefined;
  const next = steps[last + 1];
  const above = next?.level === severity ? next.from : undefined;
  if (below !== undefined && above !== undefined) {
    return { bound: "band", lower: below, upper: above };
  }
  if (above !== undefined) return { bound: "upper", upper: above };
  return below !== undefined ? { bound: "lower", lower: below } : undefined;
}

const identity = (value: number): number => value;

function share(
  min: number | null | undefined,
  max: number | null | undefined,
): ((percent: number) => number) | undefined {
  if (typeof min !== "number" || typeof max !== "number" || !(min < max)) return undefined;
  return (percent) => min + ((max - min) * percent) / 100;
}
