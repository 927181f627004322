import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import { alertmanagerConfig, INCIDENTS } from "../alertmanager.ts";
import { amtool } from "../testing/companion.ts";
import { alertingFile } from "../testing/grafana-alerting.ts";
import { exampleContactPointFiles, MESSAGE_BODY, MESSAGE_TITLE } from "./notifications.ts";

interface Route {
  readonly receiver: string;
  readonly group_by?: readonly string[];
  readonly object_matchers?: readonly (readonly [string, string, string])[];
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}

interface ContactPoint {
  readonly name: string;
  readonly receivers: readonly {
    readonly uid: string;
    readonly type: string;
    readonly settings: Readonly<Record<string, string>>;
    readonly disableResolveMessage: boolean;
  }[];
}

const { policies } = alertingFile("policies.yml") as { policies: (Route & { orgId: number })[] };
const { contactPoints } = alertingFile("contact-points.yml") as { contactPoints: ContactPoint[] };
const { muteTimes } = alertingFile("mute-timings.yml") as {
  muteTimes: { orgId: number; name: string; time_intervals: object[] }[];
};
const { templates } = alertingFile("templates.yml") as {
  templates: { name: string; template: string }[];
};
const examples = [...exampleContactPointFiles()].map(
  ([name, text]) =>
    [name, text, (parse(text) as { contactPoints: ContactPoint[] }).contactPoints] as const,
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-notify-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("Grafana's notification policy", () => {
  const [policy] = policies;
  if (!policy) throw new Error("there is no policy");

  it("groups, paces and receives as Alertmanager does", () => {
    const own = parse(alertmanagerConfig({ incidents: "127.0.0.1:9702" })) as { route: Route };
    const { routes, ...route } = own.route;
    expect(policies).toEqual([expect.objectContaining({ orgId: 1, ...route })]);
    expect(contactPoints.map(({ name }) => name)).toEqual([policy.receiver]);
  });

  it("tells nobody of what is only shown, and everything else", () => {
    const [info, ...others] = policy.routes ?? [];
    expect(others).toEqual([]);
    expect(info?.object_matchers).toEqual([["severity", "=", "info"]]);
    expect(info?.receiver).toBe(policy.receiver);
    const muted = muteTimes.find(({ name }) => name === info?.mute_time_intervals?.[0]);
    // Quoted, or a reader of YAML 1.1 takes them for numbers.
    expect(muted?.time_intervals).toEqual([
      { times: [{ start_time: "00:00", end_time: "24:00" }] },
    ]);
    // The root of the tree cannot be muted.
    expect(policy.mute_time_intervals).toBeUndefined();
  });

  it("is accepted by Alertmanager, and so are the mute timings", async () => {
    const matchers = (route: Route): string[] =>
      (route.object_matchers ?? []).map(
        ([name, operator, value]) => `${name}${operator}"${value}"`,
      );
    const translated = (route: Route & { readonly orgId?: number }): object => {
      const { object_matchers, routes, orgId, ...same } = route;
      const children = routes && { routes: routes.map(translated) };
      return { ...same, ...(object_matchers && { matchers: matchers(route) }), ...children };
    };
    const file = join(folder, "alertmanager.yml");
    const intervals = muteTimes.map(({ orgId, ...interval }) => interval);
    await writeFile(
      file,
      stringify({
        route: translated(policy),
        receivers: [{ name: INCIDENTS }],
        mute_time_intervals: intervals,
      }),
    );
    const { ok, output } = await amtool("check-config", file);
    expect(ok ? "" : output).toBe("");
  });
});

describe("Grafana's contact points", () => {
  it("report to the process that keeps incidents, and the resolution, too", () => {
    const [{ receivers } = { receivers: [] }] = contactPoints;
    expect(receivers).toEqual([
      expect.objectContaining({ uid: INCIDENTS, type: "webhook", disableResolveMessage: false }),
    ]);
    expect(receivers[0]?.settings).toMatchObject({
      url: "${HEADROOM_INCIDENTS_URL}/v1/alerts",
      authorization_credentials: "${HEADROOM_INCIDENTS_TOKEN}",
    });
  });

  it("have examples that join the one there is, each with a uid of its own", () => {
    const all = [...contactPoints, ...examples.flatMap(([, , points]) => points)];
    expect(new Set(all.map(({ name }) => name))).toEqual(new Set([INCIDENTS]));
    const uids = all.flatMap(({ receivers }) => receivers.map(({ uid }) => uid));
    expect(new Set(uids).size).toBe(1 + examples.length);
  });

  it.each(examples)("%s says what must be set before it is used", (_name, text, points) => {
    const [head = ""] = text.split("\napiVersion");
    const settings = JSON.stringify(points);
    const asked = [...settings.matchAll(/\$\{(\w+)\}/g)];
    expect(asked.length).toBeGreaterThan(0);
    for (const [, variable] of asked) expect(head).toContain(variable);
    expect(head).toContain("provisioning/grafana/provisioning/alerting/");
    for (const name of [MESSAGE_TITLE, MESSAGE_BODY]) expect(settings).toContain(name);
  });
});

describe("the message templates", () => {
  const alert = (status: string, more: Record<string, string> = {}) => ({
    status,
    labels: { alertname: "HeadroomMemoryHigh", severity: "warning" },
    annotations: { summary: "Memory is short", ...more },
  });
  const commonLabels = { alertname: "HeadroomMemoryHigh", severity: "warning", instance: "a:1" };

  /** Prints one with Alertmanager's own engine, which has the functions and fields that are used. */
  async function print(name: string, data: object): Promise<string> {
    const [glob, input] = [join(folder, "*.tmpl"), join(folder, "data.json")];
    await writeFile(join(folder, "headroom.tmpl"), templates[0]?.template ?? "");
    await writeFile(input, JSON.stringify(data));
    const { ok, output } = await amtool(
      ...["template", "render", `--template.glob=${glob}`, `--template.data=${input}`],
      `--template.text={{ template "${name}" . }}`,
    );
    expect([ok, ok ? "" : output]).toEqual([true, ""]);
    return output.trim();
  }

  it("print a title with state, severity, alert and exporter", async () => {
    const data = { status: "firing", commonLabels, alerts: [alert("firing")] };
    expect(await print(MESSAGE_TITLE, data)).toBe("[FIRING, warning] HeadroomMemoryHigh on a:1");
    const bare = { status: "resolved", commonLabels: {}, alerts: [] };
    expect(await print(MESSAGE_TITLE, bare)).toBe("[RESOLVED]");
  });

  it("print what happened to each alert, and where to look", async () => {
    const whole = {
      description: "It was full twice today.",
      runbook_url: "http://r/HeadroomMemoryHigh",
      dashboard_url: "http://g/d/headroom-operations",
    };
    const data = { status: "firing", alerts: [alert("firing", whole), alert("resolved")] };
    expect((await print(MESSAGE_BODY, data)).split("\n")).toEqual([
      "FIRING, warning: Memory is short",
      "It was full twice today.",
      "What to do: http://r/HeadroomMemoryHigh",
      "Dashboard: http://g/d/headroom-operations",
      "",
      "RESOLVED, warning: Memory is short",
    ]);
  });
});
