import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { checkManifests } from "../checks/kubernetes.ts";
import { ROOT } from "../places.ts";
import { inconsistencies, type Resource } from "./consistency.ts";

const labels = { app: "a" };
const pod = (container: object = {}, spec: object = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: "c", ports: [{ name: "http" }], ...container }], ...spec },
});
const deployment = (...parts: Parameters<typeof pod>): Resource => ({
  kind: "Deployment",
  metadata: { name: "d" },
  spec: { template: pod(...parts) },
});
const service = (port: string, selector: Record<string, string> = labels): Resource => ({
  kind: "Service",
  metadata: { name: "s", labels },
  spec: { selector, ports: [{ name: "http", targetPort: port }] },
});
const other = (kind: string, spec: object): Resource => ({ kind, metadata: { name: "o" }, spec });

describe("resources that do not fit together", () => {
  it("are not these", () => {
    const monitor = { selector: { matchLabels: labels }, endpoints: [{ port: "http" }] };
    const all = [deployment(), service("http"), other("ServiceMonitor", monitor)];
    expect(inconsistencies(all)).toEqual([]);
  });

  it.each<[string, Resource, RegExp]>([
    ["a service without pods", service("http", { app: "b" }), /selects no pod/],
    ["a port that no pod has", service("https"), /the port https, which no pod has/],
    [
      "a policy without pods",
      other("NetworkPolicy", { podSelector: { matchLabels: { app: "b" } } }),
      /selects no pod/,
    ],
    [
      "a budget without pods",
      other("PodDisruptionBudget", { selector: { matchLabels: { app: "b" } } }),
      /selects no pod/,
    ],
    [
      "a monitor without a service",
      other("ServiceMonitor", { selector: { matchLabels: { app: "b" } } }),
      /selects no service/,
    ],
    [
      "a monitor of another port",
      other("ServiceMonitor", { selector: { matchLabels: labels }, endpoints: [{ port: "web" }] }),
      /scrapes the port web/,
    ],
    ["scaling of nothing", other("ScaledObject", { scaleTargetRef: { name: "e" } }), /not there/],
    [
      "a setting that does not exist",
      deployment({ env: [{ name: "HEADROOM_WORKER", value: "1" }] }),
      /HEADROOM_WORKER/,
    ],
    [
      "a value that is none",
      deployment({ env: [{ name: "HEADROOM_WORKERS", value: "many" }] }),
      /HEADROOM_WORKERS/,
    ],
    [
      "an open door",
      deployment({ env: [{ name: "HEADROOM_HOST", value: "0.0.0.0" }] }),
      /lets other machines in/,
    ],
    [
      "too little time to drain",
      deployment({ env: [{ name: "HEADROOM_DRAIN_SECONDS", value: "60" }] }),
      /killed after 30 s/,
    ],
  ])("are told: %s", (_what, wrong, why) => {
    const all = [deployment(), service("http"), wrong].slice(wrong.kind === "Deployment" ? 1 : 0);
    expect(inconsistencies(all).join("; ")).toMatch(why);
  });
});

describe("the manifests' types", () => {
  let folder: string;
  const said: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-manifests-"));
    for (const way of ["log", "error"] as const) {
      jest.spyOn(console, way).mockImplementation((text) => void said.push(String(text)));
    }
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  it("refuse fields that do not exist, of Kubernetes and of operators, each by its name", async () => {
    const base = join(ROOT, "deploy", "kubernetes", "base");
    const monitors = join(ROOT, "provisioning", "kubernetes", "prometheus-operator");
    const write = async (name: string, from: string, right: string, wrong: string) => {
      const text = await readFile(from, "utf8");
      expect(text).toContain(right);
      await writeFile(join(folder, name), text.replace(right, wrong));
    };
    await write(
      "exporter.yaml",
      join(base, "exporter.yaml"),
      "readOnlyRootFilesystem",
      "readOnlyRootFileSystem",
    );
    await write("monitors.yaml", join(monitors, "monitors.yaml"), "interval:", "intervall:");
    const kustomization = { resources: ["exporter.yaml", "monitors.yaml"] };
    await writeFile(join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
    const context = { env: process.env, signal: new AbortController().signal };
    expect(await checkManifests(context, [folder])).toBe(false);
    expect(said.join("\n")).toMatch(/unknown field .*readOnlyRootFileSystem/);
    expect(said.join("\n")).toMatch(/unknown field .*intervall/);
  });
});
