import { join } from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { BASELINES } from "@headroom/loadtest/run";
import { liveLineOn, say } from "./progress.ts";
import { begin, runCommand } from "./command.ts";
import { runLoad } from "./load-run.ts";
import { readDocuments } from "./maintenance/documents.ts";
import { examine } from "./maintenance/examine.ts";
import { checkMarkdown, checkText } from "./maintenance/report.ts";
import { type CheckKind, type CheckSettings, runCheck, stepsOf } from "./maintenance/run-check.ts";
import { durationOption } from "./options.ts";
import { EXPORTER_PORT, INCIDENTS_PORT, PROMETHEUS_PORT } from "./services.ts";
import { makeRunFolder, ROOT, RUNS_FOLDER } from "./places.ts";
import { requireTool } from "./tools/obtain.ts";

interface CheckOptions {
  readonly prometheus: string;
  readonly url: string;
  readonly incidents: string;
  readonly json?: true;
  readonly markdown?: true;
  readonly updateBaseline?: true;
  readonly skipLoad?: true;
  readonly online?: true;
  readonly duration?: number;
}

/** Options that belong to one kind of check. */
const ONLY = {
  updateBaseline: ["weekly", "--update-baseline"],
  skipLoad: ["monthly", "--skip-load"],
  online: ["monthly", "--online"],
} as const;

const command = new Command("npm run check --")
  .description(
    "Checks a running stack, changes nothing in it, and prints a table with what to do.\n\n" +
      "  daily    alerts, incidents, errors, latency, memory, attributions, cache, and what is\n" +
      "           unlike the days before\n" +
      "  weekly   trends over two weeks, the cache's use, the accelerator, the baseline\n" +
      "  monthly  the full load, every metric, the configuration, the documentation",
  )
  .addArgument(new Argument("<kind>", "what to check").choices(["daily", "weekly", "monthly"]))
  .option("--prometheus <address>", "address of Prometheus", webAddress, local(PROMETHEUS_PORT))
  .option("--url <address>", "address of the exporter", webAddress, local(EXPORTER_PORT))
  .option("--incidents <address>", "where runbooks are served", webAddress, local(INCIDENTS_PORT))
  .option("--json", "print one JSON document (npm run --silent check -- daily --json)")
  .option("--markdown", "print a Markdown table")
  .option("--update-baseline", "weekly: measure the baseline again and save it")
  .option("--skip-load", "monthly: leave out the full load, which takes a minute")
  .option("--online", "monthly: also ask for the web pages that the documentation links")
  .addOption(durationOption())
  .addHelpText(
    "after",
    "\nHEADROOM_TOKEN is sent to the exporter. The load runs only against this machine.\n" +
      "What cannot be judged, such as a change over a week after a day, is unknown and fails nothing.\n" +
      "An exporter does not tell its settings: the monthly review takes those of this environment.\n" +
      "\nExit codes: 0 nothing failed; 1 something failed; 2 could not run;\n130 interrupted.",
  )
  .showHelpAfterError()
  .addHelpText(
    "after",
    "\nExamples:\n  npm run check -- daily\n  npm run check -- weekly --update-baseline --duration 30s",
  )
  .exitOverride();

await runCommand(async () => {
  const [kind] = command.parse().processedArgs as [CheckKind];
  const options = command.opts<CheckOptions>();
  requireFitting(kind, options);
  const running = begin();
  const { signal } = running;
  const { prometheus, url, incidents } = options;
  const addresses = {
    prometheus,
    url,
    incidents,
    token: process.env["HEADROOM_TOKEN"] || undefined,
  };
  const examined = await running.activity("Reading Prometheus and the exporter", () =>
    examine(addresses, signal),
  );
  const settings: CheckSettings = {
    load: (profile) => async (exporter) =>
      runLoad({
        k6: await requireTool("k6", running),
        target: exporter.url,
        token: exporter.token,
        profile,
        durationSeconds: options.duration,
        outDir: join((await makeRunFolder(RUNS_FOLDER)).path, "report"),
        signal,
        stream: process.stderr,
      }),
    baselines: BASELINES,
    documents: kind === "monthly" ? await readDocuments(ROOT) : [],
    say,
    updateBaseline: options.updateBaseline ?? false,
    skipLoad: options.skipLoad ?? false,
    online: options.online ?? false,
  };
  const result = await runCheck(kind, stepsOf(kind, settings), examined, {
    line: liveLineOn(process.stderr),
    signal,
  });
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else console.log(options.markdown ? checkMarkdown(result) : `\n${checkText(result, screenOn())}`);
  return result.counts.fail === 0 ? 0 : 1;
});

/** Refuses options that the kind of check would leave unused. */
function requireFitting(kind: CheckKind, options: CheckOptions): void {
  if (options.json && options.markdown) command.error("error: choose --json or --markdown");
  for (const [name, [owner, flag]] of Object.entries(ONLY)) {
    if (options[name as keyof typeof ONLY] && kind !== owner) {
      command.error(`error: ${flag} belongs to the ${owner} check`);
    }
  }
  const loads = options.updateBaseline || (kind === "monthly" && !options.skipLoad);
  if (options.duration !== undefined && !loads) {
    command.error("error: --duration needs a load: weekly --update-baseline, or monthly");
  }
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.search) {
    throw new InvalidArgumentError(`it is like ${local(EXPORTER_PORT)}, without a password`);
  }
  return text.replace(/\/+$/, "");
}
