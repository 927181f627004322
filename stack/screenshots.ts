import { copyFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import {
  takeBrokenLimit,
  takeMap,
  takePictures,
  takeStatusPicture,
} from "@headroom/grafana-plugin/browser/take-pictures";
import { firstMessageAt } from "@headroom/loadtest/plan/messages";
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

/** The load of `npm start`, as long as the page is looked at. */
const NORMAL = { profile: "throughput", durationSeconds: 90 };
const LOOK_AFTER_SECONDS = 50;
/** Short prompts and answers: one processor bears several users. */
const SWEEP = {
  profile: "sweep",
  durationSeconds: 90,
  chat: { inputTokens: 24, outputTokens: 12 },
};
/** So many of these at once are more than any processor bears, until the page has been looked at. */
const TOO_MUCH = { profile: "occlusion", durationSeconds: 420 };
const AT_ONCE = 2 * availableParallelism();
/** Their messages begin so many seconds of load apart, so that none finds answers of another in the cache. */
const APART_SECONDS = 1_000;
const DOCUMENTS = join(ROOT, "docs");
const PICTURES = join(ROOT, "grafana-plugin", "src", "img");

const command = new Command("npm run screenshots --")
  .description(
    "Takes the pictures that the documents and the panel show, of real runs, light and dark: the live page " +
      "and its map under load, the status page on a phone, the chart of a sweep, and a limit that breaks " +
      "under too much load. About seven minutes.",
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
    const outDir = (profile: string) => join(session.folder.path, profile);
    const load = (run: typeof NORMAL & { firstMessage?: number }, until = signal, number = "") =>
      runLoad({
        ...{ k6, target: services.exporter, prometheusUrl: services.prometheus },
        ...{ ...run, outDir: outDir(`${run.profile}${number}`), signal: until },
      });
    const order = { page: services.page, folder: DOCUMENTS, signal };
    const taken = takePictures({ ...order, folder: PICTURES, afterSeconds: LOOK_AFTER_SECONDS });
    const [live, map] = await Promise.all([taken, taken.then(() => takeMap(order)), load(NORMAL)]);
    const phone = await takeStatusPicture(services.exporter, DOCUMENTS);

    await load(SWEEP);
    const chart = join(DOCUMENTS, "sweep.svg");
    await copyFile(join(outDir(SWEEP.profile), "report.svg"), chart);

    const looked = new AbortController();
    const seen = takeBrokenLimit(order).finally(() => looked.abort());
    const until = AbortSignal.any([signal, looked.signal]);
    const loads = Array.from({ length: AT_ONCE }, (_, i) => {
      const firstMessage = firstMessageAt(Date.now() + 1_000 * APART_SECONDS * i);
      return load({ ...TOO_MUCH, firstMessage }, until, `-${i + 1}`);
    });
    const [broken] = await Promise.all([seen, ...loads]);
    for (const picture of [...live, ...map, phone, chart, ...broken]) console.log(picture);
    return 0;
  } finally {
    await session.stop();
  }
});
