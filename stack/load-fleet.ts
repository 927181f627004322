import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Argument, Command, Option } from "commander";
import { assessFleetRun } from "@headroom/loadtest/kubernetes/fleet-run";
import { FLEET, MOST_PODS, nameOf, testRun } from "@headroom/loadtest/kubernetes/test-run";
import { firstMessageAt } from "@headroom/loadtest/plan/messages";
import {
  type Profile,
  profile as profileOf,
  PROFILE_NAMES,
} from "@headroom/loadtest/plan/profiles";
import { renderMarkdown } from "@headroom/loadtest/report/render";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { CouldNotRun, exitCode, renderTerminal } from "@headroom/loadtest/run";
import { reason } from "@headroom/loadtest/run/could-not-run";
import { begin } from "./command.ts";
import { PrometheusReader } from "./maintenance/prometheus-reader.ts";
import { durationOption, wholeNumber } from "./options.ts";
import { makeRunFolder } from "./places.ts";
import { say } from "./progress.ts";
import { KUBERNETES_TOOLS } from "./tools/kubernetes.ts";
import { requireTool } from "./tools/obtain.ts";

/** How far back a run is looked for, in seconds. */
const DAY = 86_400;

/** What k6-operator may take to start its pods and to see that they ended, in seconds. */
const SPARE_SECONDS = 600;
const LOOK_MS = 2_000;

/** What taking a run away may take. */
const LAST_MS = 15_000;

/** Prometheus has the last scrape, and all that k6 sent, so long after the end. */
const SETTLE_MS = 20_000;

interface FleetOptions {
  readonly prometheus: string;
  readonly duration?: number;
  readonly pods: number;
  readonly image?: string;
  readonly context?: string;
  readonly seed?: number;
}

/** `npm run load -- kubernetes <profile>` and `npm run load -- verdict <profile>`. */
export async function loadFleet(args: readonly string[]): Promise<number> {
  let done: Promise<number> | undefined;
  const program = new Command("npm run load --").exitOverride();
  const add = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .addArgument(new Argument("<profile>", "the load").choices(PROFILE_NAMES))
      .addOption(
        new Option(
          "--prometheus <url>",
          "the fleet's, such as that of kubectl port-forward",
        ).default("http://127.0.0.1:9090"),
      )
      .addOption(durationOption());
  add("verdict", "Judges the last run of a profile in a cluster, by queries to Prometheus.").action(
    (profile: string, options: FleetOptions) => {
      done = verdict(profile, options);
    },
  );
  add(
    "kubernetes",
    `Puts the fleet of the namespace ${FLEET.namespace} under load from many pods, with kubectl and k6-operator,\n` +
      "waits until it is over, and judges the sum.",
  )
    .addOption(
      new Option("--pods <number>", "how many k6 share the load")
        .default(4)
        .argParser(wholeNumber("pods", MOST_PODS)),
    )
    .addOption(new Option("--image <name>", `k6 with the profiles; ${FLEET.image} when absent`))
    .addOption(
      new Option(
        "--context <name>",
        "the cluster, as kubectl calls it; the current one when absent",
      ),
    )
    .addOption(new Option("--seed <number>", "number of the first message").argParser(Number))
    .action((profile: string, options: FleetOptions) => {
      done = distribute(profile, options);
    });
  program.parse(args, { from: "user" });
  return (await done)!;
}

async function verdict(name: string, options: FleetOptions): Promise<number> {
  const { signal } = begin();
  const now = Date.now() / 1_000;
  const profile = profileOf(name, options.duration);
  return report(options, { profile, since: now - DAY, now }, signal);
}

async function distribute(name: string, options: FleetOptions): Promise<number> {
  const running = begin();
  const { signal, activity } = running;
  const firstMessage = options.seed ?? firstMessageAt(Date.now());
  const profile = profileOf(name, options.duration);
  const wanted = testRun({ profile, pods: options.pods, firstMessage, image: options.image });
  const program = await requireTool(KUBERNETES_TOOLS.kubectl, running);
  const kubectl = kubectlOf(options, program, signal);
  const since = Date.now() / 1_000;
  // A TestRun runs once: what is there is of an earlier run.
  await kubectl(["delete", "testrun", nameOf(profile), "--ignore-not-found", "--wait"]);
  await kubectl(["create", "-f", "-"], JSON.stringify(wanted));
  try {
    await activity(`${profile.name} on ${options.pods} pods, ${profile.durationSeconds} s`, () =>
      untilFinished(kubectl, profile, signal),
    );
  } catch (error) {
    // Whatever went wrong, no load goes on that nobody waits for; after an interrupt too.
    const last = kubectlOf(options, program, AbortSignal.timeout(LAST_MS));
    await last(["delete", "testrun", nameOf(profile), "--ignore-not-found"]).catch((error: Error) =>
      say(error.message),
    );
    throw error;
  }
  await pause(SETTLE_MS, signal);
  return report(options, { profile, since, now: Date.now() / 1_000, firstMessage }, signal);
}

/** @throws the signal's reason when that ends it */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());

type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

function kubectlOf({ context }: FleetOptions, program: string, signal: AbortSignal): Kubectl {
  const where = [...(context === undefined ? [] : ["--context", context]), "-n", FLEET.namespace];
  return async (args, input = "") => {
    const running = promisify(execFile)(program, [...where, ...args], { signal });
    running.child.stdin?.on("error", () => undefined).end(input);
    const { stdout } = await running.catch((cause: Error & { readonly stderr?: string }) => {
      signal.throwIfAborted();
      throw new CouldNotRun(
        "kubectl failed",
        `kubectl ${args.slice(0, 2).join(" ")}: ${cause.stderr?.trim() || reason(cause)}`,
        "Apply an overlay of deploy/kubernetes and install k6-operator first; see docs/kubernetes.md",
        { cause },
      );
    });
    return stdout;
  };
}

async function untilFinished(
  kubectl: Kubectl,
  profile: Profile,
  signal: AbortSignal,
): Promise<void> {
  const limit = Date.now() + 1_000 * (profile.durationSeconds + SPARE_SECONDS);
  const name = nameOf(profile);
  for (;;) {
    const stage = await kubectl(["get", "testrun", name, "-o", "jsonpath={.status.stage}"]);
    if (stage === "finished" || stage === "stopped") return;
    if (stage === "error" || Date.now() > limit) {
      throw new CouldNotRun(
        `the TestRun ${name} did not finish`,
        stage === "error" ? "k6-operator says: error" : `its stage is ${stage || "not told"}`,
        `Look at kubectl -n ${FLEET.namespace} describe testrun ${name}, and at the logs of its pods`,
      );
    }
    await pause(LOOK_MS, signal);
  }
}

async function report(
  { prometheus }: FleetOptions,
  run: Parameters<typeof assessFleetRun>[1],
  signal: AbortSignal,
): Promise<number> {
  const assessed = await assessFleetRun(new PrometheusReader(prometheus, signal), run);
  const { path } = await makeRunFolder();
  const inFolder = (name: string) => join(path, name);
  const files = { json: inFolder("report.json"), markdown: inFolder("report.md") };
  const whole = { ...assessed, files };
  await writeFile(files.json, `${JSON.stringify(whole, null, 2)}\n`);
  await writeFile(files.markdown, renderMarkdown(whole));
  say("");
  console.log(renderTerminal(whole, screenOn()));
  return exitCode(whole);
}
