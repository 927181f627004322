import { basename, join } from "node:path";
import { FLEET, testRun } from "@headroom/loadtest/kubernetes/test-run";
import { profile, PROFILE_NAMES } from "@headroom/loadtest/plan/profiles";
import { OVERLAYS } from "../checks/kubernetes.ts";
import { ROOT } from "../places.ts";
import type { ApiServer, KubectlAnswer } from "./api-server.ts";
import { inconsistencies, type PodSpec, type Resource } from "./consistency.ts";

const FOLDER = join(ROOT, "deploy", "kubernetes");

/** A kustomization that an overlay may add, and that needs an operator whose definitions are not here. */
const BUILT_ONLY = join(ROOT, "provisioning", "kubernetes", "grafana-operator");

/** What was looked at, and what is wrong; nothing when it is as it should be. */
export interface Finding {
  readonly about: string;
  readonly problems: readonly string[];
}

const LOAD_ACCOUNT = `system:serviceaccount:${FLEET.namespace}:headroom-load`;
const EXPORTER_ACCOUNT = `system:serviceaccount:${FLEET.namespace}:headroom`;

/** Applies everything to an API server, and looks at what came of it, one finding after the other. */
export async function* clusterFindings({ kubectl }: ApiServer): AsyncGenerator<Finding> {
  yield found("kustomize builds grafana-operator", await kubectl(["kustomize", BUILT_ONLY]));
  for (const folder of OVERLAYS) {
    const overlay = basename(folder);
    const built = await kubectl(["kustomize", folder]);
    yield found(`kustomize builds ${overlay}`, built);
    const apply = (...more: readonly string[]) =>
      kubectl(["apply", ...SERVER_SIDE, ...more, "-f", "-"], built.stdout);
    if (folder === OVERLAYS[0]) yield found("the namespace and its secret", await prepare(kubectl));
    yield found(`${overlay}, tried`, await apply("--dry-run=server"));
    const applied = await apply("-o", "json");
    yield found(`${overlay}, applied`, applied);
    // Exit code 1 with what differs: a field that the server dropped or changed.
    const diff = await kubectl(
      ["diff", "--server-side", "--force-conflicts", "-f", "-"],
      built.stdout,
    );
    yield {
      about: `${overlay} came back as it was given`,
      problems: lines(diff.stdout, diff.stderr),
    };
    const { items } = JSON.parse(applied.stdout || '{"items":[]}') as {
      items: readonly Resource[];
    };
    yield { about: `${overlay} fits together`, problems: inconsistencies(items) };
    yield* podFindings(kubectl, overlay, items);
  }
  yield* refusals(kubectl);
  yield* loadFindings(kubectl);
  yield* accessFindings(kubectl);
}

type Kubectl = ApiServer["kubectl"];

const SERVER_SIDE = ["--server-side", "--force-conflicts"];

/** A warning is as bad as an error: the server warns of what it will refuse in a later version, or in a pod. */
const found = (about: string, { code, stdout, stderr }: KubectlAnswer): Finding => ({
  about,
  problems: lines(
    stderr,
    code === 0 ? "" : stdout,
    code === 0 || stderr ? "" : `exit code ${code}`,
  ),
});

const lines = (...texts: readonly string[]): readonly string[] =>
  texts
    .join("\n")
    .split("\n")
    .filter((line) => line.trim() !== "");

const asJson = (resource: object): string => JSON.stringify(resource);

async function prepare(kubectl: Kubectl): Promise<KubectlAnswer> {
  const namespace = await kubectl([
    "apply",
    ...SERVER_SIDE,
    "-f",
    join(FOLDER, "base", "namespace.yaml"),
  ]);
  if (namespace.code !== 0) return namespace;
  const keys = ["token", "metrics-token", "incidents-token"];
  const literals = keys.map((key) => `--from-literal=${key}=0123456789abcdef`);
  return kubectl(["create", "secret", "generic", "headroom", "-n", FLEET.namespace, ...literals]);
}

/** Nothing makes pods here, so each is given to admission by itself, which enforces "restricted". */
async function* podFindings(kubectl: Kubectl, overlay: string, items: readonly Resource[]) {
  for (const { metadata, spec } of items) {
    if (!spec?.template) continue;
    const tried = await tryPod(kubectl, metadata.name, spec.template.spec);
    yield found(`${overlay}: a pod of ${metadata.name} is admitted`, tried);
  }
}

const tryPod = (kubectl: Kubectl, name: string, spec: PodSpec) =>
  kubectl(
    ["create", "--dry-run=server", "-f", "-"],
    asJson({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: FLEET.namespace },
      spec,
    }),
  );

/** What must not be taken; else the checks above would find nothing either. */
async function* refusals(kubectl: Kubectl): AsyncGenerator<Finding> {
  const root = await tryPod(kubectl, "root", {
    containers: [{ name: "root", ...{ image: "root" } }],
  });
  yield refused("a pod that may be root is refused", root, /violates PodSecurity "restricted/);
  const unknown = await kubectl(
    ["apply", ...SERVER_SIDE, "--dry-run=server", "-f", "-"],
    asJson({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: "wrong", namespace: FLEET.namespace },
      spec: { selector: {}, endpoints: [{ port: "http", intervall: "5s" }] },
    }),
  );
  yield refused("a field that does not exist is refused", unknown, /intervall/);
}

const refused = (about: string, { code, stderr }: KubectlAnswer, why: RegExp): Finding => ({
  about,
  problems:
    code !== 0 && why.test(stderr) ? [] : [`exit code ${code}: ${stderr.trim() || "taken"}`],
});

/** A TestRun of each profile that pods can share, made by the account that may do just that. */
async function* loadFindings(kubectl: Kubectl): AsyncGenerator<Finding> {
  for (const name of PROFILE_NAMES) {
    let run: object;
    try {
      run = testRun(shared(name));
    } catch (error) {
      if (error instanceof RangeError) continue;
      throw error;
    }
    const tried = await kubectl(
      ["apply", ...SERVER_SIDE, "--dry-run=server", `--as=${LOAD_ACCOUNT}`, "-f", "-"],
      asJson(run),
    );
    yield found(`load ${name} on four pods`, tried);
  }
  const { initializer, runner, starter } = testRun(shared("smoke")).spec;
  for (const [name, parts] of Object.entries({ initializer, runner, starter })) {
    const { securityContext, containerSecurityContext } = parts;
    const k6 = { name: "k6", image: "k6", securityContext: containerSecurityContext };
    const tried = await tryPod(kubectl, name, { securityContext, containers: [k6] });
    yield found(`a pod as k6-operator makes its ${name} is admitted`, tried);
  }
}

const shared = (name: string) => ({ profile: profile(name), pods: 4, firstMessage: 0 });

/** Who may do what; the last word says what is expected. */
const ACCESS = [
  [LOAD_ACCOUNT, "create", "testruns.k6.io", "yes"],
  [LOAD_ACCOUNT, "delete", "testruns.k6.io", "yes"],
  [LOAD_ACCOUNT, "get", "pods/log", "yes"],
  [LOAD_ACCOUNT, "get", "secrets", "no"],
  [LOAD_ACCOUNT, "create", "pods", "no"],
  [LOAD_ACCOUNT, "create", "pods/exec", "no"],
  [LOAD_ACCOUNT, "patch", "deployments.apps", "no"],
  [EXPORTER_ACCOUNT, "get", "secrets", "no"],
  [EXPORTER_ACCOUNT, "list", "pods", "no"],
  [`${EXPORTER_ACCOUNT}-incidents`, "get", "configmaps", "no"],
] as const;

async function* accessFindings(kubectl: Kubectl): AsyncGenerator<Finding> {
  for (const [who, verb, what, expected] of ACCESS) {
    const { stdout } = await kubectl([
      "auth",
      "can-i",
      verb,
      what,
      "-n",
      FLEET.namespace,
      `--as=${who}`,
    ]);
    const answer = stdout.trim();
    yield {
      about: `${who.split(":").at(-1)} may ${expected === "yes" ? "" : "not "}${verb} ${what}`,
      problems: answer === expected ? [] : [`the server says ${answer || "nothing"}`],
    };
  }
}
