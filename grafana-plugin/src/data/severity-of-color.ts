import { colorManipulator } from "@grafana/data";
import type { Severity } from "../model/limit.ts";

/** What the colour of a threshold step says about values in it. */
export type StepLevel = "allowed" | Severity;

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
