import { join } from "node:path";
import { Command } from "commander";
import { takePictures } from "@headroom/grafana-plugin/browser/take-pictures";
import { activityOn } from "./activity.ts";
import { buildExporter, buildIncidents } from "./builds/programs.ts";
import { buildPanel } from "./builds/panel.ts";
import { runCommand } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";
import { runLoad } from "./load-run.ts";
import { obtainForRun } from "./models/obtain-for-run.ts";
import { portOption } from "./options.ts";
import { ROOT, RUNS_FOLDER } from "./places.ts";
import { makeRunFolder } from "./run-folder.ts";
import { Session } from "./session.ts";
import { startParts } from "./start/parts.ts";
import { requireTool } from "./toolbox.ts";

/** The load of `npm start`. */
const PROFILE = "throughput";
const SECONDS = 60;
/** The page is looked at while the load still runs. */
const LOOK_AFTER_SECONDS = 50;
const PICTURES = join(ROOT, "grafana-plugin", "src", "img");

const command = new Command("npm run screenshots --")
  .description(
    "Runs the exporter under load for a minute and takes the pictures of the live page,\n" +
      "light and dark, that the README and the panel show.",
  )
  .addOption(portOption())
  .addHelpText("after", "\nExit codes: 0 taken; 2 could not run; 130 interrupted.")
  .exitOverride();

await runCommand(async () => {
  const { port } = command.parse().opts<{ port: number }>();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const signal = interruptSignal(say);
  const activity = activityOn(process.stderr);
  const k6 = await requireTool("k6", { activity, signal });
  const prometheus = await requireTool("prometheus", { activity, signal });
  process.env["HEADROOM_CHROMIUM"] = await requireTool("chromium", { activity, signal });
  await buildExporter({ activity, signal });
  await buildIncidents({ activity, signal });
  await buildPanel({ activity, signal });
  await obtainForRun(undefined, { env: process.env, signal, stream: process.stderr });
  const session = new Session({ folder: await makeRunFolder(RUNS_FOLDER), activity, signal, say });
  try {
    const {
      exporter,
      prometheus: prometheusUrl,
      page,
    } = await startParts(session, { port }, { prometheus });
    const load = runLoad({
      k6,
      target: exporter,
      profile: PROFILE,
      durationSeconds: SECONDS,
      outDir: join(session.folder.path, "report"),
      prometheusUrl,
      signal,
      stream: process.stderr,
    });
    const taken = takePictures({
      page,
      folder: PICTURES,
      afterSeconds: LOOK_AFTER_SECONDS,
      signal,
    });
    for (const file of (await Promise.all([taken, load]))[0]) console.log(file);
    return 0;
  } finally {
    await session.stop();
  }
});
