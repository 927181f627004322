import type { Advice } from "@headroom/exporter/hardware/advice";
import { gigabytes } from "@headroom/exporter/hardware/facts";
import type { Plan, Planned } from "@headroom/exporter/hardware/plan";
import { formatCount, formatValue, sizeText } from "@headroom/loadtest/report/format";
import { inColumns, inTable, PLAIN, type Screen, wrap } from "@headroom/loadtest/report/columns";
import { modelRows } from "../models.ts";
import type { Ceiling } from "./ceilings.ts";
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
export function reportText(
  examination: Examination,
  obstacles: readonly Obstacle[],
  screen: Screen = PLAIN,
): string {
  const { facts, plan, advice, programs, models, ceilings } = examination;
  const machine = [...machineRows(facts, examination.limits), ...runtimeRows(examination)];
  const inTheWay = obstacles.map(({ what }) => what).join(", ");
  const lines = (text: string) => wrap(text, screen.columns, screen).join("\n");
  const section = (title: string, ...parts: readonly string[]) => [
    screen.paint(lines(title), "title"),
    "-".repeat(Math.min(title.length, screen.columns)),
    ...parts,
    "",
  ];
  const pairs = (rows: Rows) => inColumns(rows, screen, { stateAt: -1 });
  return [
    ...section("Machine", pairs(machine)),
    ...section(...ceilingsText(ceilings, screen)),
    ...(plan ? section(planTitle(plan, models.chat), inTable(planRows(plan), screen)) : []),
    ...section("Advice", ...(advice.length > 0 ? advice.map(adviceText).map(lines) : ["none"])),
    ...section("Tools", ...programsText(programs, facts.platform, screen)),
    ...section(
      "Models",
      pairs([...modelsInUse(models), ...serverInUse(examination)]),
      "",
      inTable(modelRows(models.catalogue), screen),
    ),
    ...(obstacles.length === 0
      ? []
      : section("In the way", ...obstacles.map(({ text }) => lines(text)))),
    obstacles.length === 0
      ? screen.paint("Ready: npm start can run.", "good")
      : screen.paint(lines(`Not ready: npm start cannot run because of ${inTheWay}.`), "bad"),
  ].join("\n");
}

/** Whether something is above a ceiling, each with what wants it, and what to type. */
function ceilingsText(
  ceilings: readonly Ceiling[],
  screen: Screen,
): readonly [string, ...string[]] {
  const above = ceilings.filter(({ toType }) => toType !== undefined);
  const show = ({ unit }: Ceiling, value: number) =>
    unit === "count" ? formatCount(value) : formatValue(value, unit);
  const rows = ceilings.map((ceiling) => [
    ceiling.what,
    show(ceiling, ceiling.is),
    show(ceiling, ceiling.wants),
    ceiling.by,
    ceiling.toType === undefined ? "below" : "ABOVE",
  ]);
  const shape = { head: ["ceiling", "there is", "wanted", "by", ""] };
  const next = above.map(({ what, toType }) => [what, toType!]);
  return [
    above.length === 0
      ? "Ceilings: no limit is above one"
      : `Ceilings: ${above.length} of ${ceilings.length} are too low for what is wanted`,
    inColumns(rows, screen, shape),
    ...(next.length > 0 ? ["", "To type:", inColumns(next, screen)] : []),
  ];
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
  screen: Screen,
): readonly string[] {
  const rows = programs.map((program) => [
    program.name,
    program.version ?? (program.state === "missing" ? "missing" : "not here"),
    program.neededBy ?? "optional",
    program.purpose,
    program.file ?? program.obtainedBy ?? "",
  ]);
  const head = ["name", "version", "needed by", "what it does", "file, or how it comes"];
  const lines = [
    inColumns(rows, screen, { head, stateAt: 1, optional: [3] }),
    ...programs.flatMap(({ rejected }) =>
      rejected.flatMap((text) => wrap(`Passed over: ${text}.`, screen.columns, screen)),
    ),
  ];
  const absent = programs.filter(({ state }) => state !== "here");
  if (absent.length > 0) {
    const here = platform === "darwin" ? "macOS" : "Linux";
    const commands = absent.map((program) => [
      program.name,
      installText(program, platform),
      program.commands.docker,
    ]);
    const table = inColumns(commands, screen, { head: ["name", here, "with Docker"] });
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
