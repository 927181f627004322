import { Argument, Command } from "commander";
import { loadConfig } from "@headroom/exporter/config";
import { CHAT_MODELS } from "@headroom/exporter/models/catalogue";
import { findChatModel } from "@headroom/exporter/models/find-model";
import { readModelChoice } from "@headroom/exporter/models/model-choice";
import { inTable } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { begin, runCommand } from "./command.ts";
import { fetchVisibly } from "./fetch-model.ts";
import { listModels, modelRows } from "./models.ts";
import { say } from "./progress.ts";

let work = async (): Promise<number> => 0;

const command = new Command("npm run model --")
  .description("Shows, fetches and finds the chat models that word status answers.")
  .addHelpText(
    "after",
    "\nHEADROOM_CHAT_MODEL says which model the exporter uses, and HEADROOM_MODELS_FOLDER where models are kept.\n" +
      "\nExit codes: 0 done; 1 the model is not here; 2 could not run; 130 interrupted.",
  )
  .addHelpText("after", "\nExamples:\n  npm run model -- list\n  npm run model -- get qwen2.5-1.5b")
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
  console.log(inTable(modelRows(await listModels(modelsFolder)), screenOn()));
  return 0;
}

async function get(wanted: string): Promise<number> {
  const choice = readModelChoice(wanted);
  if (choice.kind !== "entry" && choice.kind !== "address") {
    const ids = CHAT_MODELS.map(({ id }) => id).join(", ");
    throw new Error(`"${wanted}" cannot be fetched. Give one of ${ids}, or an hf: address.`);
  }
  const { modelsFolder } = loadConfig(process.env);
  const { signal } = begin();
  const { sha256 } = await fetchVisibly(choice, { modelsFolder, signal });
  say(`SHA-256 ${sha256}`);
  return 0;
}

async function path(): Promise<number> {
  const { chatModel, modelsFolder } = loadConfig(process.env);
  const model = await findChatModel({ wanted: chatModel, modelsFolder });
  if (model.state === "found") console.log(model.path);
  else process.stderr.write(`${model.text}\n`);
  return model.state === "found" ? 0 : 1;
}
