import { once } from "node:events";
import { join } from "node:path";
import { exitCode, renderTerminal } from "@headroom/loadtest/run";
import { activityOn } from "../activity.ts";
import { INTERRUPTED, interruptSignal, STOP_SECONDS } from "../interrupt.ts";
import { runLoad } from "../load-run.ts";
import { obtainForRun } from "../models/obtain-for-run.ts";
import { buildExporter, buildIncidents } from "../builds/programs.ts";
import { buildPanel } from "../builds/panel.ts";
import { RUNS_FOLDER } from "../places.ts";
import { drainSeconds } from "../parts/exporter.ts";
import { makeRunFolder } from "../run-folder.ts";
import { Session } from "../session.ts";
import { requireTool, toolIfObtainable } from "../toolbox.ts";
import { startParts } from "./parts.ts";
import { whereEverythingIs } from "./where.ts";

/** The options of `npm start`. */
export interface StartOptions {
  readonly exit?: true;
  readonly profile: string;
  /** Seconds; the profile's own when absent. */
  readonly duration?: number;
  readonly model?: string;
  /** As in HEADROOM_CHAT_MODEL. */
  readonly chatModel?: string;
  readonly simulate?: true;
  readonly port: number;
}

/**
 * Starts everything, runs the load, prints the report, and stays until Ctrl-C unless told to exit.
 * Whatever happens, all that was started is stopped before this returns.
 *
 * @returns the exit code of the command
 * @throws Error when a part cannot be had or started, or the load could not run
 */
export async function start(options: StartOptions): Promise<number> {
  const signal = interruptSignal(say, STOP_SECONDS + drainSeconds(process.env));
  const activity = activityOn(process.stderr);
  const k6 = await requireTool("k6", { activity, signal });
  const prometheus = await requireTool("prometheus", { activity, signal });
  const alertmanager = await toolIfObtainable("alertmanager", { activity, signal });
  await buildExporter({ activity, signal });
  await buildIncidents({ activity, signal });
  await buildPanel({ activity, signal });
  if (!options.simulate) {
    await obtainForRun(options.chatModel, { env: process.env, signal, stream: process.stderr });
  }
  const session = new Session({ folder: await makeRunFolder(RUNS_FOLDER), activity, signal, say });
  try {
    const addresses = await startParts(session, options, { prometheus, alertmanager });
    console.log(`\n${whereEverythingIs(addresses, session.folder)}\n`);
    const report = await runLoad({
      k6,
      target: addresses.exporter,
      profile: options.profile,
      durationSeconds: options.duration,
      outDir: join(session.folder.path, "report"),
      prometheusUrl: addresses.prometheus,
      askStatus: true,
      signal,
      stream: process.stderr,
    });
    console.log(`\n${renderTerminal(report)}\n`);
    if (signal.aborted) return INTERRUPTED;
    if (options.exit) return exitCode(report);
    console.log(`${whereEverythingIs(addresses, session.folder)}\n`);
    say("Everything keeps running. Press Ctrl-C to stop it.");
    if (!signal.aborted) await once(signal, "abort");
    return exitCode(report);
  } finally {
    await session.stop();
  }
}

/** A line of its own, also where a line that is rewritten stands. */
function say(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? "\r\x1b[K" : ""}${text}\n`);
}
