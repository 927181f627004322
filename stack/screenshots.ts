import { join } from "node:path";
import { Command } from "commander";
import { takePictures, takeStatusPicture } from "@headroom/grafana-plugin/browser/take-pictures";
import { buildExporter, buildIncidents, buildPanel } from "./builds.ts";
import { begin, runCommand } from "./command.ts";
import { runLoad } from "./load-run.ts";
import { obtainForRun } from "./models.ts";
import { portOption } from "./options.ts";
import { makeRunFolder, ROOT } from "./places.ts";
import { say } from "./progress.ts";
import { Session } from "./session.ts";
import { startServices } from "./start-services.ts";
import { requireTool } from "./tools/obtain.ts";

/** The load of `npm start`. */
const PROFILE = "throughput";
const SECONDS = 60;
/** The page is looked at while the load still runs. */
const LOOK_AFTER_SECONDS = 50;
const DOCUMENTS = join(ROOT, "docs");
const PICTURES = join(ROOT, "grafana-plugin", "src", "img");

const command = new Command("npm run screenshots --")
  .description(
    "Runs the exporter under load for a minute and takes the pictures of the live page,\n" +
      "light and dark, and of the status page on a phone, that the documents and the panel show.",
  )
  .addOption(portOption())
  .addHelpText("after", "\nExit codes: 0 taken; 2 could not run; 130 interrupted.")
  .addHelpText("after", "\nExamples:\n  npm run screenshots\n  npm run screenshots -- --port 9800")
  .exitOverride();

await runCommand(async () => {
  const { port } = command.parse().opts<{ port: number }>();
  const running = begin();
  const { signal } = running;
  const k6 = await requireTool("k6", running);
  const prometheus = await requireTool("prometheus", running);
  process.env["HEADROOM_CHROMIUM"] = await requireTool("chromium", running);
  await buildExporter(running);
  await buildIncidents(running);
  await buildPanel(running);
  await obtainForRun(undefined, { signal });
  const session = new Session({ ...running, folder: await makeRunFolder(), say });
  try {
    const services = await startServices(session, { prometheus }, { port });
    const load = runLoad({
      k6,
      target: services.exporter,
      profile: PROFILE,
      durationSeconds: SECONDS,
      outDir: join(session.folder.path, "report"),
      prometheusUrl: services.prometheus,
      signal,
    });
    const taken = takePictures({
      page: services.page,
      folder: PICTURES,
      afterSeconds: LOOK_AFTER_SECONDS,
      signal,
    });
    const status = taken.then(() => takeStatusPicture(services.exporter, DOCUMENTS));
    const [files, file] = await Promise.all([taken, status, load]);
    for (const picture of [...files, file]) console.log(picture);
    return 0;
  } finally {
    await session.stop();
  }
});
