import { gigabytes } from "@headroom/exporter/hardware/gigabytes";
import type { Advice } from "@headroom/exporter/hardware/advice";
import { inColumns, sizeText } from "../columns.ts";
import { modelRows } from "../models.ts";
import type { DiskSpace } from "./disk.ts";
import type { Examination } from "./examine.ts";
import type { Obstacle } from "./judge.ts";
import { machineRows } from "./machine-text.ts";
import type { ChatModelState, ModelsState } from "./models.ts";
import { planRows } from "./plan-text.ts";
import { programsText } from "./programs-text.ts";
import type { Runtime } from "./runtime.ts";

/** What the doctor found, for people; the last line says whether npm start can run. */
export function reportText(examination: Examination, obstacles: readonly Obstacle[]): string {
  const { facts, limits, plan, advice, runtime, disk, programs, models } = examination;
  return [
    ...section(
      "Machine",
      inColumns([...machineRows(facts, limits), ...runtimeRows(runtime, disk)]),
    ),
    ...(plan
      ? section(
          `Plan for the chat model (${planFor(models.chat)}), about ${gigabytes(plan.memoryBytes)} of memory`,
          inColumns(planRows(plan)),
        )
      : []),
    ...section("Advice", ...(advice.length > 0 ? advice.map(adviceText) : ["none"])),
    ...section("Tools", ...programsText(programs, facts.platform)),
    ...section(
      "Models",
      inColumns(modelsInUse(models)),
      "",
      inColumns(modelRows(models.catalogue)),
    ),
    ...(obstacles.length === 0 ? [] : section("In the way", ...obstacles.map(({ text }) => text))),
    verdict(obstacles),
  ].join("\n");
}

function section(title: string, ...lines: readonly string[]): readonly string[] {
  return [title, "-".repeat(title.length), ...lines, ""];
}

function verdict(obstacles: readonly Obstacle[]): string {
  if (obstacles.length === 0) return "Ready: npm start can run.";
  return `Not ready: npm start cannot run because of ${obstacles.map(({ what }) => what).join(", ")}.`;
}

function runtimeRows({ node, engine }: Runtime, disk: DiskSpace): readonly (readonly string[])[] {
  const version = engine.version === undefined ? "" : ` ${engine.version}`;
  const state =
    engine.problem === undefined
      ? `its binary for ${engine.platform} starts (llama.cpp ${engine.release})`
      : `its binary for ${engine.platform} does not start: ${engine.problem}`;
  const free = disk.freeBytes.known
    ? sizeText(disk.freeBytes.value)
    : `not known: ${disk.freeBytes.reason}`;
  return [
    ["Disk space free", `${free} at ${disk.folder}`],
    ["Node.js", `${node.version} (${node.oldest} or newer is needed)`],
    ["Engine", `node-llama-cpp${version}; ${state}`],
  ];
}

function planFor({ state, id, wanted }: ChatModelState): string {
  return state === "here" && id !== undefined ? id : `${wanted}, which is not here`;
}

function adviceText({ severity, what, why, effect }: Advice): string {
  return `${severity}: ${what}\n  Why: ${why}\n  Effect: ${effect}`;
}

function modelsInUse({ sentiment, chat, folder }: ModelsState): readonly (readonly string[])[] {
  const { path, sizeBytes, problem, configured } = sentiment;
  const file = sizeBytes === undefined ? path : `${path}, ${sizeText(sizeBytes)}`;
  const wrong = problem === undefined ? "" : ` (${problem})`;
  return [
    ["Sentiment", `${configured ? "of HEADROOM_MODEL" : "embedded"}: ${file}${wrong}`],
    ["Chat", chat.text ?? `${chat.id}: ${chat.path}`],
    ["Chat models folder", folder],
  ];
}
