import { join } from "node:path";
import { buildExporter, buildIncidents } from "../builds/programs.ts";
import { buildPanel } from "../builds/panel.ts";
import { panelSize } from "../builds/panel-size.ts";
import { ROOT } from "../places.ts";
import { runVisibly } from "../processes/run-visibly.ts";
import { type Check, type Outcome, outcomeOf } from "./check.ts";
import { checkCompose, checkWorkflows } from "./compose.ts";
import { runJest } from "./jest.ts";
import { checkConfiguration, checkRules } from "./rules.ts";
import { checkStyle } from "./style.ts";
import { checkTools } from "./tools.ts";
import { checkTypes } from "./types.ts";

/** The committed model was trained on this platform; others may round differently. */
const MODEL_IS_REPRODUCIBLE: Check = {
  name: "model",
  title: "training again gives the committed model and its card",
  run: ({ env, signal }) =>
    runProgram([join("exporter", "models", "sentiment", "train.ts"), "--check"], env, signal),
};

/** One of each kind: by ratio, critical over warning, by a part that is gone, by each process itself. */
const DRILLED = [
  "HeadroomErrorRateHigh",
  "HeadroomLatencyCritical",
  "HeadroomCacheDegraded",
  "HeadroomExporterDown",
  "HeadroomIncidentsDown",
];

/** Every step of `npm test`, in order: the quick ones first. */
export const CHECKS: readonly Check[] = [
  {
    name: "tools",
    title: "k6, Prometheus, Alertmanager, Redis, Chromium and their tools are here",
    run: checkTools,
  },
  {
    name: "lint",
    title: "ESLint and Prettier",
    run: async ({ signal }) => outcomeOf(await checkStyle({ fix: false, signal })),
  },
  {
    name: "types",
    title: "types",
    run: async ({ signal }) => outcomeOf(await checkTypes(signal)),
  },
  {
    name: "build",
    title: "build of the exporter, the incidents process, the panel and its preview page",
    run: async ({ activity, signal }) => {
      await buildExporter({ activity, signal, always: true });
      await buildIncidents({ activity, signal, always: true });
      await buildPanel({ activity, signal, always: true });
      console.log(await panelSize());
      return outcomeOf(true);
    },
  },
  {
    name: "provisioning",
    title: "generated files are those of alerts/",
    run: ({ env, signal }) =>
      runProgram([join("provisioning", "generate.ts"), "--check"], env, signal),
  },
  {
    name: "documentation",
    title: "the tables of docs/ are those of the code",
    run: ({ env, signal }) => runProgram([join("stack", "docs.ts"), "--check"], env, signal),
  },
  {
    name: "rules",
    title: "promtool reads the rules",
    usesTools: true,
    run: async (context) => outcomeOf(await checkRules(context)),
  },
  {
    name: "configuration",
    title: "promtool and amtool read the configuration",
    usesTools: true,
    run: async (context) => outcomeOf(await checkConfiguration(context)),
  },
  {
    name: "compose",
    title: "Docker Compose's library reads the compose file",
    run: async (context) => outcomeOf(await checkCompose(context)),
  },
  {
    name: "workflows",
    title: "actionlint reads GitHub's workflows",
    run: async (context) => outcomeOf(await checkWorkflows(context)),
  },
  {
    name: "jest",
    title: "unit and integration tests",
    usesTools: true,
    run: runJest,
  },
  {
    name: "smoke",
    title: "k6 against the built exporter",
    usesTools: true,
    run: ({ env, signal }) => runProgram([join("stack", "load.ts"), "smoke"], env, signal),
  },
  {
    name: "drill",
    title: "drills: a fault becomes an alert and an incident, and ends",
    usesTools: true,
    run: ({ env, signal }) =>
      runProgram([join("stack", "drill.ts"), "--alert", ...DRILLED], env, signal),
  },
  ...(process.platform === "linux" && process.arch === "x64" ? [MODEL_IS_REPRODUCIBLE] : []),
];

/** Runs a TypeScript program of this checkout; passed when it exits 0. */
async function runProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Outcome> {
  return outcomeOf((await runVisibly(process.execPath, args, { cwd: ROOT, env, signal })) === 0);
}
