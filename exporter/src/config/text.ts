import type { z } from "zod";
import { textOf, type SettingText } from "./setting.ts";

type Settings = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

const texts = (settings: Settings): SettingText[] => Object.values(settings.shape).map(textOf);

/** All variables as plain text for `--help`, two lines each. */
export function helpOf(settings: Settings): string {
  const lines = texts(settings).map((text) => {
    const fallback = text.default === undefined ? "" : `; default ${text.default}`;
    return `  ${text.variable} (${text.allowed}${fallback})\n      ${text.description}`;
  });
  return `Environment variables:\n${lines.join("\n")}\n`;
}

/** All variables as a Markdown table. */
export function tableOf(settings: Settings): string {
  const rows = texts(settings).map((text) => [
    `\`${text.variable}\``,
    text.default === undefined ? "" : `\`${text.default}\``,
    text.allowed,
    text.description,
  ]);
  const header = ["Variable", "Default", "Allowed", "What it does"];
  return [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`)
    .join("");
}
