import { colorManipulator, type FieldConfig, type Threshold, ThresholdsMode } from "@grafana/data";
import type { Bound, Limit, Severity } from "../model/limit.ts";
import { soundConfig } from "./sound-frames.ts";

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

/** What the colour of a threshold step says about values in it. */
type StepLevel = "allowed" | Severity;

/** The hues of Grafana's palette; each has shades like `dark-red` and `super-light-green`. */
const LEVEL_BY_HUE_NAME: Readonly<Record<string, StepLevel>> = {
  green: "allowed",
  blue: "allowed",
  yellow: "warning",
  orange: "warning",
  red: "critical",
  purple: "critical",
};

/** Hues in degrees at which one level ends and the next begins; red lies around 0. */
const ORANGE_FROM = 15;
const GREEN_FROM = 70;
const VIOLET_FROM = 255;

/** Saturation below which a colour is a grey, whose hue means nothing. */
const GREY_BELOW = 0.1;

/**
 * Reads a threshold's colour as people do: green and blue are allowed, yellow and orange warn, red
 * and purple are critical. Greys, transparent colours and what is no colour are allowed.
 *
 * @param color - a name of Grafana's palette, a CSS name, hex, `rgb()` or `hsl()`
 */
export function severityOfColor(color: string): StepLevel {
  const hueName = /^(?:super-light-|light-|semi-dark-|dark-)?([a-z]+)$/.exec(color)?.[1] ?? "";
  const level = LEVEL_BY_HUE_NAME[hueName];
  if (level) return level;
  const [red = 0, green = 0, blue = 0, alpha = 1] = rgbOf(color);
  return alpha === 0 ? "allowed" : levelOfRgb(red, green, blue);
}

/** Black for what is no colour. */
function rgbOf(color: string): readonly number[] {
  try {
    // asHexString also reads CSS names and hsl(); most of what it cannot read becomes black.
    return colorManipulator.decomposeColor(colorManipulator.asHexString(color)).values;
  } catch {
    return [];
  }
}

/**
 * Hue and saturation as in the model HSV (Smith 1978, "Color gamut transform pairs").
 *
 * @param red, green, blue - 0 to 255
 */
function levelOfRgb(red: number, green: number, blue: number): StepLevel {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (!(range / most >= GREY_BELOW)) return "allowed";
  const sixth =
    most === red
      ? (green - blue) / range
      : most === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range;
  const hue = (sixth * 60 + 360) % 360;
  if (hue < ORANGE_FROM || hue >= VIOLET_FROM) return "critical";
  return hue < GREEN_FROM ? "warning" : "allowed";
}
