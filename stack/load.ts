import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { exitCode, PROFILE_NAMES, renderTerminal } from "@headroom/loadtest/run";
import { tellAlerts } from "./alert-watch.ts";
import { buildExporter } from "./builds.ts";
import { addChatOptions, chatChangeOf, type ChatOptions } from "./chat-options.ts";
import { begin, INTERRUPTED, runCommand, STOP_SECONDS } from "./command.ts";
import { loadFleet } from "./load-fleet.ts";
import { runLoad } from "./load-run.ts";
import { modelBesideServer, modelForProfile, obtainForRun } from "./models.ts";
import {
  addServerOptions,
  chatModelOption,
  durationOption,
  modelOption,
  profileList,
  type ServerOptions,
  simulateOption,
} from "./options.ts";
import { makeRunFolder } from "./places.ts";
import { say } from "./progress.ts";
import {
  addressOf,
  drainSeconds,
  EXPORTER_PORT,
  exporterService,
  PROMETHEUS_PORT,
} from "./services.ts";
import { Session } from "./session.ts";
import { startRedisIfPresent } from "./start-services.ts";
import { requireTool } from "./tools/obtain.ts";
import { type Upstream, upstreamIfWanted } from "./upstream.ts";

interface LoadOptions extends ServerOptions, ChatOptions {
  readonly url?: string;
  readonly prometheus: string;
  readonly duration?: number;
  readonly model?: string;
  readonly chatModel?: string;
  readonly simulate?: true;
  readonly saveBaseline?: true;
}

const command = addChatOptions(addServerOptions(new Command("npm run load --")))
  .description("Puts the load of one profile on an exporter and reports how much headroom is left.")
  .addArgument(new Argument("<profile>", "the load").choices(PROFILE_NAMES))
  .addOption(
    new Option(
      "--url <address>",
      "an exporter on this machine that runs already, like http://127.0.0.1:9700, with the server\n" +
        "and the limits that it has; without it one is started for the run",
    ).conflicts(["model", "chatModel", "simulate"]),
  )
  .addOption(durationOption())
  .addOption(modelOption())
  .addOption(chatModelOption())
  .addOption(simulateOption())
  .addOption(
    new Option(
      "--prometheus <address>",
      "the Prometheus that watches the exporter of --url: what fires there is told meanwhile",
    ).default(addressOf(PROMETHEUS_PORT)),
  )
  .option("--save-baseline", "keep this run as the one that later runs are compared with")
  .addHelpText(
    "after",
    `\n${profileList()}\n` +
      "\nA fleet in a cluster:\n  npm run load -- kubernetes --help\n  npm run load -- verdict --help\n" +
      "\nHEADROOM_TOKEN is sent to an exporter that runs already.\n" +
      "\nExit codes: 0 within limits; 1 a limit is broken; 2 could not run;\n130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run load -- throughput --duration 2m --save-baseline\n  npm run load -- users --users 4 --url http://127.0.0.1:9700",
  )
  .exitOverride();

await runCommand(async () => {
  const args = process.argv.slice(2);
  if (args[0] === "kubernetes" || args[0] === "verdict") return loadFleet(args);
  const [profile] = command.parse().processedArgs as [string];
  return load(profile, command.opts<LoadOptions>());
});

async function load(profile: string, options: LoadOptions): Promise<number> {
  const running = begin(STOP_SECONDS + drainSeconds(process.env));
  const { signal } = running;
  const upstream = options.url ? undefined : await upstreamIfWanted(options, { ...running, say });
  const k6 = await requireTool("k6", running);
  const session = new Session({ ...running, folder: await makeRunFolder(), say });
  const over = new AbortController();
  if (options.url !== undefined && URL.canParse(options.url)) {
    const { host: instance } = new URL(options.url);
    void tellAlerts(options.prometheus, {
      instance,
      signal: AbortSignal.any([signal, over.signal]),
    });
  }
  try {
    const report = await runLoad({
      k6,
      target: options.url ?? (await startOwn(session, profile, options, upstream)),
      profile,
      model: upstream?.model ?? options.upstreamModel,
      chat: chatChangeOf(options),
      allowRemote: options.allowRemote,
      firstMessage: options.seed,
      durationSeconds: options.duration,
      outDir: join(session.folder.path, "report"),
      token: options.url === undefined ? undefined : process.env["HEADROOM_TOKEN"],
      saveBaseline: options.saveBaseline,
      signal,
    });
    console.log(`\n${renderTerminal(report, screenOn())}`);
    return signal.aborted ? INTERRUPTED : exitCode(report);
  } finally {
    over.abort();
    await session.stop();
  }
}

/** Starts an exporter, and Redis if present, for this run only. */
async function startOwn(
  session: Session,
  profile: string,
  options: LoadOptions,
  upstream: Upstream | undefined,
): Promise<string> {
  await buildExporter(session);
  const { model, simulate, limits: limitsFile } = options;
  const unasked = upstream ? modelBesideServer(process.env) : modelForProfile(profile);
  const { chatModel = unasked } = options;
  if (!simulate) await obtainForRun(chatModel, { signal: session.signal });
  const redisUrl = await startRedisIfPresent(session);
  const port = await session.port("exporter", EXPORTER_PORT);
  const settings = { redisUrl, model, chatModel, simulate, limitsFile, upstreamUrl: upstream?.url };
  await session.start(exporterService(settings, port));
  return addressOf(port);
}
