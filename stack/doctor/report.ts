import type { Advice } from "@headroom/exporter/hardware/advice";
import { gigabytes } from "@headroom/exporter/hardware/facts";
import type { Plan, Planned } from "@headroom/exporter/hardware/plan";
import { inColumns, sizeText } from "@headroom/loadtest/report/format";
import { modelRows } from "../models.ts";
import type { Examination } from "./examine.ts";
import { machineRows } from "./machine-text.ts";
import type { Obstacle } from "./obstacles.ts";
import { installText, type ProgramState } from "./programs.ts";

/** What the doctor found as one JSON document, for programs. */
export function reportJson(examination: Examination, obstacles: readonly Obstacle[]): string {
  const { facts } = examination;
  // Left to itself JSON would drop the value of a machine without a graphics processor.
  const gpu = facts.gpu.known ? { known: true, value: facts.gpu.value ?? null } : facts.gpu;
  const ready = obstacles.length === 0;
  return JSON.stringify({ ready, obstacles, ...examination, facts: { ...facts, gpu } }, null, 2);
}

/** What the doctor found, for people; the last line says whether npm start can run. */
export function reportText(examination: Examination, obstacles: readonly Obstacle[]): string {
  const { facts, plan, advice, programs, models } = examination;
  const machine = [...machineRows(facts, examination.limits), ...runtimeRows(examination)];
  const inTheWay = obstacles.map(({ what }) => what).join(", ");
  return [
    ...section("Machine", inColumns(machine)),
    ...(plan ? section(planTitle(plan, models.chat), inColumns(planRows(plan))) : []),
    ...section("Advice", ...(advice.length > 0 ? advice.map(adviceText) : ["none"])),
    ...section("Tools", ...programsText(programs, facts.platform)),
    ...section(
      "Models",
      inColumns([...modelsInUse(models), ...serverInUse(examination)]),
      "",
      inColumns(modelRows(models.catalogue)),
    ),
    ...(obstacles.length === 0 ? [] : section("In the way", ...obstacles.map(({ text }) => text))),
    obstacles.length === 0
      ? "Ready: npm start can run."
      : `Not ready: npm start cannot run because of ${inTheWay}.`,
  ].join("\n");
}

function section(title: string, ...lines: readonly string[]): readonly string[] {
  return [title, "-".repeat(title.length), ...lines, ""];
}

type Rows = readonly (readonly string[])[];

function runtimeRows({ runtime: { node, engine }, disk }: Examination): Rows {
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

function planTitle(plan: Plan, { state, id, wanted }: Examination["models"]["chat"]): string {
  const model = state === "here" && id !== undefined ? id : `${wanted}, which is not here`;
  return `Plan for the chat model (${model}), about ${gigabytes(plan.memoryBytes)} of memory`;
}

const PLANNED: Readonly<Record<keyof Omit<Plan, "memoryBytes">, string>> = {
  gpuLayers: "GPU layers",
  threads: "threads",
  contextSize: "context, tokens",
  batchSize: "batch, tokens",
  sequences: "side by side",
  mmap: "map the file",
  mlock: "lock in memory",
  ropeScale: "rope scaling",
};

function planRows(plan: Plan): Rows {
  const names = Object.keys(PLANNED) as (keyof typeof PLANNED)[];
  const rows = names.map((name) => {
    const { value, source, why } = plan[name] as Planned<number | boolean>;
    if (typeof value === "boolean") return [PLANNED[name], value ? "yes" : "no", source, why];
    const all = name === "gpuLayers" && value === -1;
    return [PLANNED[name], all ? "all" : String(value), source, why];
  });
  return [["setting", "value", "from", "why"], ...rows];
}

function adviceText({ severity, what, why, effect }: Advice): string {
  return `${severity}: ${what}\n  Why: ${why}\n  Effect: ${effect}`;
}

/** The programs as a table, what was passed over, and how to get what is missing. */
function programsText(
  programs: readonly ProgramState[],
  platform: NodeJS.Platform,
): readonly string[] {
  const rows = programs.map((program) => [
    program.name,
    program.version ?? (program.state === "missing" ? "missing" : "not here"),
    program.neededBy ?? "optional",
    program.purpose,
    program.file ?? program.obtainedBy ?? "",
  ]);
  const lines = [
    inColumns([["name", "version", "needed by", "what it does", "file, or how it comes"], ...rows]),
    ...programs.flatMap(({ rejected }) => rejected.map((text) => `Passed over: ${text}.`)),
  ];
  const absent = programs.filter(({ state }) => state !== "here");
  if (absent.length > 0) {
    const here = platform === "darwin" ? "macOS" : "Linux";
    const commands = absent.map((program) => [
      program.name,
      installText(program, platform),
      program.commands.docker,
    ]);
    const table = inColumns([["name", here, "with Docker"], ...commands]);
    lines.push("", "To install what is not here:", table);
  }
  const obtainable = absent.filter(({ state }) => state === "obtainable").map(({ name }) => name);
  if (obtainable.length > 0) {
    lines.push("", `To have ${obtainable.join(", ")}: npm run doctor -- --install`);
  }
  return lines;
}

function serverInUse({ upstream }: Examination): Rows {
  if (upstream === undefined) return [];
  return [["Model server", upstream.known ? upstream.value : "does not answer, see below"]];
}

function modelsInUse({ sentiment, chat, folder }: Examination["models"]): Rows {
  const { path, sizeBytes, problem, configured } = sentiment;
  const file = sizeBytes === undefined ? path : `${path}, ${sizeText(sizeBytes)}`;
  const wrong = problem === undefined ? "" : ` (${problem})`;
  return [
    ["Sentiment", `${configured ? "of HEADROOM_MODEL" : "embedded"}: ${file}${wrong}`],
    ["Chat", chat.text ?? `${chat.id}: ${chat.path}`],
    ["Chat models folder", folder],
  ];
}
