import { once } from "node:events";
import { join } from "node:path";
import { Command, Option } from "commander";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { exitCode, PROFILE_NAMES, renderTerminal } from "@headroom/loadtest/run";
import { tellAlerts } from "./alert-watch.ts";
import { buildExporter, buildIncidents, buildPanel } from "./builds.ts";
import { begin, INTERRUPTED, runCommand, STOP_SECONDS } from "./command.ts";
import { runLoad } from "./load-run.ts";
import { modelBesideServer, obtainForRun } from "./models.ts";
import {
  addServerOptions,
  chatModelOption,
  durationOption,
  modelOption,
  portOption,
  profileList,
  type ServerOptions,
  simulateOption,
} from "./options.ts";
import { makeRunFolder } from "./places.ts";
import { say } from "./progress.ts";
import { drainSeconds } from "./services.ts";
import { Session } from "./session.ts";
import { startServices, whereEverythingIs } from "./start-services.ts";
import { optionalTool, requireTool } from "./tools/obtain.ts";
import { upstreamIfWanted } from "./upstream.ts";

/** The options of `npm start`. */
interface StartOptions extends ServerOptions {
  readonly exit?: true;
  /** `sweep` for a model server and `throughput` without one, when absent. */
  readonly profile?: string;
  /** Seconds; the profile's own when absent. */
  readonly duration?: number;
  readonly model?: string;
  /** As in HEADROOM_CHAT_MODEL. */
  readonly chatModel?: string;
  readonly simulate?: true;
  readonly port: number;
}

const command = addServerOptions(new Command("npm start --"))
  .description(
    "Starts the exporter with a model, or before your model server, Prometheus, and Redis and " +
      "Alertmanager if they are to be had; puts a load on them; reports how much headroom is left; " +
      "and stays until Ctrl-C.",
  )
  .option("--exit", "end after the report, with its exit code")
  .addOption(
    new Option(
      "--profile <name>",
      "the load; throughput, or sweep for a model server, without it",
    ).choices(PROFILE_NAMES),
  )
  .addOption(durationOption())
  .addOption(modelOption())
  .addOption(chatModelOption())
  .addOption(simulateOption())
  .addOption(portOption())
  .addHelpText(
    "after",
    `\n${profileList()}\n` +
      "\nExit codes: 0 within limits; 1 a limit is broken; 2 could not run;\n130 interrupted.\n" +
      "The exporter's own settings are environment variables:\n  node exporter/dist/main.js --help",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm start -- --profile smoke --simulate --exit\n  npm start -- --upstream http://127.0.0.1:11434   # your model server",
  )
  .exitOverride();

await runCommand(() => start(command.parse().opts<StartOptions>()));

/**
 * Starts everything, runs the load, prints the report, and stays until Ctrl-C unless told to exit.
 * Whatever happens, all that was started is stopped before this returns.
 */
async function start(options: StartOptions): Promise<number> {
  const { exit, duration, model, simulate, port, limits: limitsFile } = options;
  const running = begin(STOP_SECONDS + drainSeconds(process.env));
  const { signal } = running;
  const upstream = await upstreamIfWanted(options, { ...running, say });
  const profile = options.profile ?? (upstream ? "sweep" : "throughput");
  const chatModel = options.chatModel ?? (upstream && modelBesideServer(process.env));
  const k6 = await requireTool("k6", running);
  const prometheus = await requireTool("prometheus", running);
  const without = "Alerts are only shown, by Prometheus.";
  const alertmanager = await optionalTool("alertmanager", { ...running, say, without });
  await buildExporter(running);
  await buildIncidents(running);
  await buildPanel(running);
  if (!simulate) await obtainForRun(chatModel, { signal });

  const session = new Session({ ...running, folder: await makeRunFolder(), say });
  const over = new AbortController();
  try {
    const settings = { model, chatModel, simulate, port, limitsFile, upstream };
    const addresses = await startServices(session, { prometheus, alertmanager }, settings);
    const where = whereEverythingIs(addresses, session.folder);
    console.log(`\n${where}\n`);
    void tellAlerts(addresses.prometheus, { signal: AbortSignal.any([signal, over.signal]) });
    const report = await runLoad({
      k6,
      target: addresses.exporter,
      profile,
      model: upstream?.model,
      allowRemote: options.allowRemote,
      durationSeconds: duration,
      outDir: join(session.folder.path, "report"),
      prometheusUrl: addresses.prometheus,
      ...(!upstream && { askStatus: true }),
      signal,
    });
    console.log(`\n${renderTerminal(report, screenOn())}\n`);
    if (signal.aborted) return INTERRUPTED;
    if (exit) return exitCode(report);
    console.log(`${where}\n`);
    say("Everything keeps running. Press Ctrl-C to stop it.");
    if (!signal.aborted) await once(signal, "abort");
    return exitCode(report);
  } finally {
    over.abort();
    await session.stop();
  }
}
