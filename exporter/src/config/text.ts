import { textOf, type SettingText } from "./setting.ts";
import { settings } from "./settings.ts";

function texts(): SettingText[] {
  return Object.values(settings.shape).map(textOf);
}

/** All variables as plain text for `--help`, two lines each. */
export function configHelp(): string {
  const lines = texts().map((text) => {
    const fallback = text.default === undefined ? "" : `; default ${text.default}`;
    return `  ${text.variable} (${text.allowed}${fallback})\n      ${text.description}`;
  });
  return `Environment variables:\n${lines.join("\n")}\n`;
}

/** All variables as a Markdown table. */
export function configTable(): string {
  const rows = texts().map((text) => [
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
