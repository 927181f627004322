import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { buildExporter, buildIncidents, buildPanel, panelSize } from "../builds.ts";
import { ROOT } from "../places.ts";
import { runVisibly } from "../processes/run.ts";
import { type ToolName, TOOLS } from "../tools/catalogue.ts";
import { checkCompose, checkWorkflows } from "./compose.ts";
import { runFastTests, runJest } from "./jest.ts";
import { checkManifests } from "./kubernetes.ts";
import type { Check, CheckContext } from "./run-checks.ts";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { brokenBounds, shapeOf, shapeText } from "./shape.ts";
import { checkStyle, checkTypes } from "./style.ts";

const RULES = join("provisioning", "prometheus", "rules");
const PROMETHEUS = join("provisioning", "prometheus", "prometheus.yml");
const ALERTMANAGER = join("provisioning", "alertmanager", "alertmanager.yml");

/** The committed model was trained on this platform; others may round differently. */
const MODEL_IS_REPRODUCIBLE: Check = {
  name: "model",
  title: "training again gives the committed model and its card",
  beside: true,
  run: program("exporter/models/sentiment/train.ts", "--check"),
};

/** One of each kind: critical over warning, a model server, a service that is gone, the keeper of incidents. */
const DRILLED = [
  "HeadroomLatencyCritical",
  "HeadroomFirstTokenSlow",
  "HeadroomCacheDegraded",
  "HeadroomIncidentsDown",
];

const SOURCES: Check = {
  name: "sources",
  title: "types, ESLint and Prettier, side by side",
  run: async ({ signal }) => {
    const both = [checkTypes(signal), checkStyle({ fix: false, signal })];
    return !(await Promise.all(both)).includes(false);
  },
};

/** The steps of `npm test -- --fast`. */
export const FAST_CHECKS: readonly Check[] = [
  SOURCES,
  { name: "jest", title: "unit tests that start no programs", run: runFastTests },
];

/** Every step of `npm test`, in order: the quick ones first, and beside the drills what needs a processor and no port. */
export const CHECKS: readonly Check[] = [
  {
    name: "tools",
    title: "k6, Prometheus, Alertmanager, Redis, Chromium and their tools are here",
    run: checkTools,
  },
  SOURCES,
  {
    name: "shape",
    title: "files of each flow, lines of source, and no circle of imports",
    run: async () => {
      const shape = shapeOf(ROOT);
      console.log(shapeText(shape, screenOn()));
      return brokenBounds(shape).length === 0;
    },
  },
  {
    name: "build",
    title: "build of the exporter, the incidents process, the panel and its preview page",
    run: async ({ activity, signal }) => {
      await buildExporter({ activity, signal, always: true });
      await buildIncidents({ activity, signal, always: true });
      await buildPanel({ activity, signal, always: true });
      console.log(await panelSize());
      return true;
    },
  },
  {
    name: "provisioning",
    title: "generated files are those of alerts/",
    run: program("provisioning/generate.ts", "--check"),
  },
  {
    name: "documentation",
    title: "the tables of docs/ are those of the code",
    run: program("stack/docs.ts", "--check"),
  },
  {
    name: "rules",
    title: "promtool reads the rules",
    usesTools: true,
    run: async (context) =>
      accepts(context, "promtool", ["check", "rules", ...(await ruleFiles())]),
  },
  {
    name: "configuration",
    title: "promtool and amtool read the configuration",
    usesTools: true,
    // Both, even when one is wrong.
    run: async (context) => {
      const prometheus = await accepts(context, "promtool", ["check", "config", PROMETHEUS]);
      return (await accepts(context, "amtool", ["check-config", ALERTMANAGER])) && prometheus;
    },
  },
  {
    name: "compose",
    title: "Docker Compose's library reads the compose file",
    run: (context) => checkCompose(context),
  },
  {
    name: "kubernetes",
    title: "Kubernetes' own types take the manifests, which fit together",
    run: (context) => checkManifests(context),
  },
  {
    name: "workflows",
    title: "actionlint reads GitHub's workflows",
    run: (context) => checkWorkflows(context),
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
    run: program("stack/load.ts", "smoke"),
  },
  {
    name: "drill",
    title: "drills: a fault becomes an alert and an incident, and ends",
    usesTools: true,
    run: program("stack/drill.ts", "--at-once", "2", "--alert", ...DRILLED),
  },
  ...(process.platform === "linux" && process.arch === "x64" ? [MODEL_IS_REPRODUCIBLE] : []),
];

/** A program of this checkout, which passes when it exits with 0. */
function program(...args: readonly string[]): Check["run"] {
  return async ({ env, signal }) =>
    (await runVisibly(process.execPath, args, { env, signal })) === 0;
}

/** Finds or obtains every tool; each that cannot be had is told and fails. */
async function checkTools({ tool, signal }: CheckContext): Promise<boolean> {
  let holds = true;
  for (const name of Object.keys(TOOLS) as ToolName[]) {
    try {
      console.log(`${name.padEnd(14)} ${await tool(name)}`);
    } catch (error) {
      signal.throwIfAborted();
      console.log(error instanceof Error ? error.message : String(error));
      holds = false;
    }
  }
  return holds;
}

async function accepts(
  { env, signal, tool }: CheckContext,
  name: "promtool" | "amtool",
  args: readonly string[],
): Promise<boolean> {
  return (await runVisibly(await tool(name), args, { env, signal })) === 0;
}

async function ruleFiles(): Promise<readonly string[]> {
  const names = (await readdir(join(ROOT, RULES))).filter((name) => name.endsWith(".yml"));
  if (names.length === 0) throw new Error(`there are no rules in ${RULES}; run npm run generate`);
  return names.sort().map((name) => join(RULES, name));
}
