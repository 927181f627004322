import { copyFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import {
  takeBrokenLimit,
  takeMap,
  takePictures,
  takeStatusPicture,
} from "@headroom/grafana-plugin/browser/take-pictures";
import { firstMessageAt } from "@headroom/loadtest/plan/messages";
import { alertsAt } from "./alert-watch.ts";
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
/** So many of these at once, and as many more each half minute, until a limit breaks; they last until that is seen. */
const TOO_MUCH = { profile: "occlusion", durationSeconds: 420 };
const AT_ONCE = 2 * availableParallelism();
const MOST = 3 * AT_ONCE;
const MORE_AFTER_MS = 30_000;
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

    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const seen = takeBrokenLimit({ ...order, signal: until }).finally(() => over.abort());
    const overload = overloadUntilBroken(services.prometheus, until, (number) => {
      const firstMessage = firstMessageAt(Date.now() + 1_000 * APART_SECONDS * number);
      const one = load({ ...TOO_MUCH, firstMessage }, until, `-${number}`);
      return one.catch((error: unknown) => over.abort(error));
    });
    const [broken] = await Promise.all([seen, overload]);
    for (const picture of [...live, ...map, phone, chart, ...broken]) console.log(picture);
    return 0;
  } finally {
    await session.stop();
  }
});

/** Puts loads on until the signal aborts: more and more, until there is an alert about a limit. */
async function overloadUntilBroken(
  prometheus: string,
  signal: AbortSignal,
  load: (number: number) => Promise<unknown>,
): Promise<void> {
  const loads: Promise<unknown>[] = [];
  const isBroken = async () => {
    const alerts = await alertsAt(prometheus, signal).catch(() => []);
    return alerts.some(({ labels }) => labels["limit"] !== undefined);
  };
  while (!signal.aborted) {
    // What processors bear differs; an alert of the load before says nothing about this one.
    if (loads.length === 0 || (loads.length < MOST && !(await isBroken())))
      for (let i = 0; i < AT_ONCE; i++) loads.push(load(loads.length + 1));
    await sleep(MORE_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(loads);
}
