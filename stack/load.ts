import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { exitCode, PROFILE_NAMES, renderTerminal } from "@headroom/loadtest/run";
import { activityOn } from "./activity.ts";
import { runCommand } from "./exit.ts";
import { INTERRUPTED, interruptSignal, STOP_SECONDS } from "./interrupt.ts";
import { runLoad } from "./load-run.ts";
import { modelForProfile } from "./models/model-for-profile.ts";
import { obtainForRun } from "./models/obtain-for-run.ts";
import {
  chatModelOption,
  durationOption,
  modelOption,
  profileList,
  simulateOption,
} from "./options.ts";
import { buildExporter } from "./builds/programs.ts";
import { drainSeconds, EXPORTER_PORT, startExporter } from "./parts/exporter.ts";
import { startRedisIfPresent } from "./parts/redis.ts";
import { RUNS_FOLDER } from "./places.ts";
import { makeRunFolder } from "./run-folder.ts";
import { Session } from "./session.ts";
import { requireTool } from "./toolbox.ts";

interface LoadOptions {
  readonly url?: string;
  readonly duration?: number;
  readonly model?: string;
  readonly chatModel?: string;
  readonly simulate?: true;
  readonly saveBaseline?: true;
}

const command = new Command("npm run load --")
  .description("Puts the load of one profile on an exporter and reports how much headroom is left.")
  .addArgument(new Argument("<profile>", "the load").choices(PROFILE_NAMES))
  .addOption(
    new Option(
      "--url <address>",
      "an exporter on this machine that runs already, like http://127.0.0.1:9700;\n" +
        "without it one is started for the run",
    ).conflicts(["model", "chatModel", "simulate"]),
  )
  .addOption(durationOption())
  .addOption(modelOption())
  .addOption(chatModelOption())
  .addOption(simulateOption())
  .option("--save-baseline", "keep this run as the one that later runs are compared with")
  .addHelpText(
    "after",
    `\n${profileList()}\n` +
      "\nHEADROOM_TOKEN is sent to an exporter that runs already.\n" +
      "\nExit codes: 0 within limits; 1 a limit is broken; 2 could not run; 130 interrupted.",
  )
  .exitOverride();

await runCommand(async () => {
  const [profile] = command.parse().processedArgs as [string];
  return load(profile, command.opts<LoadOptions>());
});

async function load(profile: string, options: LoadOptions): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const signal = interruptSignal(say, STOP_SECONDS + drainSeconds(process.env));
  const activity = activityOn(process.stderr);
  const k6 = await requireTool("k6", { activity, signal });
  const folder = await makeRunFolder(RUNS_FOLDER);
  const session = new Session({ folder, activity, signal, say });
  try {
    const report = await runLoad({
      k6,
      target: options.url ?? (await startOwn(session, profile, options)),
      profile,
      durationSeconds: options.duration,
      outDir: join(folder.path, "report"),
      token: options.url === undefined ? undefined : process.env["HEADROOM_TOKEN"],
      saveBaseline: options.saveBaseline,
      signal,
      stream: process.stderr,
    });
    console.log(`\n${renderTerminal(report)}`);
    return signal.aborted ? INTERRUPTED : exitCode(report);
  } finally {
    await session.stop();
  }
}

/** Starts an exporter, and Redis if present, for this run only. */
async function startOwn(session: Session, profile: string, options: LoadOptions): Promise<string> {
  await buildExporter(session);
  const chatModel = options.chatModel ?? modelForProfile(profile);
  if (!options.simulate) {
    const { signal } = session;
    await obtainForRun(chatModel, { env: process.env, signal, stream: process.stderr });
  }
  return startExporter(session, {
    port: EXPORTER_PORT,
    redisUrl: await startRedisIfPresent(session),
    model: options.model,
    chatModel,
    simulate: options.simulate,
  });
}
