import { sizeText } from "@headroom/loadtest/report/format";
import type { Examination } from "./examine.ts";
import { installText, type ProgramState } from "./programs.ts";

/** Something that keeps npm start from running. */
export interface Obstacle {
  /** What it is about, in a word or two. */
  readonly what: string;
  /** What is wrong, and what to do next. */
  readonly text: string;
}

/** What keeps npm start from running; nothing when it can. */
export function obstaclesIn(examination: Examination): readonly Obstacle[] {
  const { runtime, disk, programs, models, facts, upstream } = examination;
  return [
    ...inRuntime(runtime),
    ...programs.flatMap((program) => inProgram(program, facts.platform)),
    ...inSentimentModel(models.sentiment),
    ...inDisk(disk),
    ...(upstream && !upstream.known ? [{ what: "the model server", text: upstream.reason }] : []),
  ];
}

function inRuntime({ node, engine }: Examination["runtime"]): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (!node.newEnough) {
    obstacles.push({
      what: "Node.js",
      text: `Node.js ${node.version} is too old: ${node.oldest} or newer is needed. Install it from https://nodejs.org/.`,
    });
  }
  if (engine.problem !== undefined) {
    obstacles.push({
      what: "the model engine",
      text: `The model engine does not start on ${engine.platform}: ${engine.problem}. Delete the folder node_modules and run npm start, which installs it again; it runs on Linux, macOS and WSL 2.`,
    });
  }
  return obstacles;
}

function inProgram(program: ProgramState, platform: NodeJS.Platform): readonly Obstacle[] {
  if (program.neededBy !== "npm start" || program.state !== "missing") return [];
  const { name, purpose, variable, rejected } = program;
  const why = rejected.length > 0 ? ` (${rejected.join("; ")})` : "";
  const named = variable === undefined ? "" : `, or name its file in ${variable}`;
  const text = `${name}, which ${purpose}, is missing${why}. Install it${named}: ${installText(program, platform)}`;
  return [{ what: name, text }];
}

function inSentimentModel(model: Examination["models"]["sentiment"]): readonly Obstacle[] {
  const { path, problem, configured } = model;
  if (problem === undefined) return [];
  const next = configured
    ? "Set HEADROOM_MODEL to the path of another GGUF file, or leave it out."
    : "Restore it with git checkout -- exporter/models/sentiment/sentiment.gguf.";
  return [{ what: "the sentiment model", text: `${path} ${problem}. ${next}` }];
}

/** Room that is not known is no obstacle: most likely there is enough. */
function inDisk({ folder, freeBytes, neededBytes }: Examination["disk"]): readonly Obstacle[] {
  if (!freeBytes.known || freeBytes.value >= neededBytes) return [];
  const text = `${sizeText(freeBytes.value)} are free at ${folder}, and ${sizeText(neededBytes)} are needed for tools, a model and logs. Free some, for example by deleting .runs.`;
  return [{ what: "disk space", text }];
}
