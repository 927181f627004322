import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import {
  COMPOSE_EXPORTERS,
  COMPOSE_INCIDENTS,
  generatedFiles,
  REFERENCE_SETTINGS,
} from "./generated-files.ts";
import { DASHBOARDS_FOLDER } from "./grafana-files/provisioned-file.ts";

interface Bind {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: { readonly create_host_path?: boolean };
}

interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly build?: { readonly dockerfile: string };
  readonly command?: readonly string[] | string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | Bind)[];
  readonly healthcheck?: object;
  readonly network_mode?: string;
  readonly networks?: { readonly default: { readonly aliases: readonly string[] } };
  readonly [key: string]: unknown;
}

const root = join(import.meta.dirname, "..");
const read = (file: string): Promise<string> => readFile(join(root, file), "utf8");
const textOf = (entry: string | Bind): string => (typeof entry === "string" ? entry : entry.source);

/** What a build leaves behind; not in the checkout. */
const BUILD_OUTPUTS = ["./grafana-plugin/dist"];

describe("docker-compose.yml", () => {
  let text: string;
  let services: Readonly<Record<string, Service>>;
  let all: readonly Service[];
  const service = (name: string): Service => {
    const found = services[name];
    if (!found) throw new Error(`there is no service ${name}`);
    return found;
  };

  beforeAll(async () => {
    text = await read("docker-compose.yml");
    services = (parse(text, { merge: true }) as { services: typeof services }).services;
    all = Object.values(services);
  });

  it("names every image by an exact version", () => {
    for (const { image } of all) expect(image).toMatch(/^[a-z\d/-]+:v?\d+\.\d+\.\d+(-alpine)?$/);
  });

  it("has the exporter before a model server take the place of the one without", () => {
    const { profiles, networks, environment, extra_hosts, ...rest } = service("gateway");
    const { profiles: _, environment: own, ...exporter } = service("exporter");
    expect(rest).toEqual(exporter);
    expect([profiles, networks?.default.aliases]).toEqual([["gateway"], ["exporter"]]);
    expect(environment).toMatchObject({ ...own, HEADROOM_CHAT_MODEL: "none" });
    expect(environment?.["HEADROOM_UPSTREAM_URL"]).toContain("//host.docker.internal:11434");
    expect(extra_hosts).toEqual(["host.docker.internal:host-gateway"]);
    expect(service("k6-gateway").network_mode).toBe("service:gateway");
  });

  it.each(["exporter", "incidents"])("gives the image of %s its version", async (name) => {
    const { version } = JSON.parse(await read(`${name}/package.json`)) as { version: string };
    expect(service(name).image).toBe(`headroom-${name}:${version}`);
    expect(existsSync(join(root, service(name).build?.dockerfile ?? ""))).toBe(true);
  });

  it("publishes ports on loopback only", () => {
    const ports = all.flatMap((one) => one.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it("lets no service do more than it must", () => {
    for (const one of all) {
      expect(one).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        mem_limit: expect.stringMatching(/\d[mg]\b/),
        restart: one.profiles?.includes("load") ? "no" : "unless-stopped",
      });
    }
  });

  it("knows of everything that stays whether it is well", async () => {
    for (const [name, { healthcheck, build, profiles }] of Object.entries(services)) {
      if (profiles?.includes("load")) continue;
      const inImage = build && (await read(build.dockerfile)).includes("\nHEALTHCHECK ");
      expect([name, healthcheck !== undefined || inImage]).toEqual([name, true]);
    }
  });

  it("mounts what is there, only to be read, and never makes an empty folder of it", () => {
    const binds = all
      .flatMap((one) => one.volumes ?? [])
      .filter((entry) => typeof entry !== "string" || entry.startsWith("."));
    expect(binds.length).toBeGreaterThan(5);
    for (const entry of binds) {
      expect(entry).toMatchObject({ read_only: true, bind: { create_host_path: false } });
      const source = textOf(entry);
      expect([source, BUILD_OUTPUTS.includes(source) || existsSync(join(root, source))]).toEqual([
        source,
        true,
      ]);
    }
  });

  it("loads our unsigned panel from where Grafana looks for it, and no other", async () => {
    const { id } = JSON.parse(await read("grafana-plugin/src/plugin.json")) as { id: string };
    const { environment, volumes } = service("grafana");
    expect(environment?.["GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS"]).toBe(id);
    expect(volumes).toContainEqual(
      expect.objectContaining({
        source: "./grafana-plugin/dist",
        target: `/var/lib/grafana/plugins/${id}`,
      }),
    );
  });

  it("shows Grafana the generated data source, alerting and dashboards, the overview first", () => {
    const { environment, volumes } = service("grafana");
    const targets = new Map(
      (volumes ?? []).flatMap((entry) =>
        typeof entry === "string" ? [] : [[entry.source, entry.target] as const],
      ),
    );
    const generated = "./provisioning/grafana";
    expect(targets.get(`${generated}/dashboards`)).toBe(DASHBOARDS_FOLDER);
    for (const kind of ["datasources", "dashboards", "alerting"]) {
      const source = `${generated}/provisioning/${kind}`;
      expect(targets.get(source)).toBe(`/etc/grafana/provisioning/${kind}`);
    }
    const home = environment?.["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] ?? "";
    const file = home.replace(DASHBOARDS_FOLDER, `${generated}/dashboards`);
    expect(existsSync(join(root, file))).toBe(true);
  });

  it("gives Grafana every variable that its alerting files ask for", () => {
    const { environment = {} } = service("grafana");
    const files = [...generatedFiles(REFERENCE_SETTINGS)].filter(([path]) =>
      /^grafana\/(examples|provisioning\/alerting)\//.test(path),
    );
    const asked = files.flatMap(([, text]) => [...text.matchAll(/\$\{(\w+)\}/g)]);
    expect(asked.length).toBeGreaterThan(4);
    for (const [, name] of asked) expect(Object.keys(environment)).toContain(name);
  });

  it("lets Grafana report alerts to the process that keeps incidents, in every profile", () => {
    const { environment } = service("grafana");
    expect(environment?.["HEADROOM_INCIDENTS_URL"]).toBe(`http://${COMPOSE_INCIDENTS}`);
    expect(environment?.["GF_UNIFIED_ALERTING_ENABLED"]).toBe("true");
    const { profiles, ports } = service(COMPOSE_INCIDENTS.split(":")[0]!);
    expect(profiles).toBeUndefined();
    // Links to runbooks name it.
    expect(ports).toEqual([`127.0.0.1:${REFERENCE_SETTINGS.incidents.split(":")[1]}:9702`]);
  });

  it("gives each kind of exporter a Prometheus, which Grafana finds by one name", () => {
    const { hostname, port } = new URL(REFERENCE_SETTINGS.prometheus);
    for (const [name, config, ...kinds] of [
      ["prometheus", "compose", "exporter", "gateway"],
      ["prometheus-host", "compose-host", "host"],
    ] as const) {
      const { command, ports, profiles, networks } = service(name);
      expect(command).toContain(`--config.file=/etc/prometheus/${config}.yml`);
      expect(command).toContain("--web.enable-remote-write-receiver");
      expect(existsSync(join(root, "provisioning", "prometheus", `${config}.yml`))).toBe(true);
      expect(profiles).toEqual(kinds);
      expect([name, ...(networks?.default.aliases ?? [])]).toContain(hostname);
      expect(ports?.[0]).toMatch(new RegExp(`:${port}$`));
    }
    expect(Object.keys(services)).toContain(COMPOSE_EXPORTERS.compose.split(":")[0]);
    expect(service("exporter").ports).toEqual([
      `127.0.0.1:${REFERENCE_SETTINGS.exporter.split(":")[1]}:9700`,
    ]);
  });

  it("puts load on the exporter by its loopback address, with a script that exists", () => {
    const { network_mode, environment, command, profiles } = service("k6");
    expect(profiles).toEqual(["load"]);
    expect(network_mode).toBe("service:exporter");
    expect(environment?.["HEADROOM_TARGET"]).toBe("http://127.0.0.1:9700");
    const script = String([command].flat().at(-1)).replace("${LOAD_PROFILE:-mixed}", "mixed");
    expect(existsSync(join(root, script.replace("/headroom/", "")))).toBe(true);
  });

  /** A variable of the file; the terminal's width is the shell's. */
  const OF_FILE = /\$\{(?!COLUMNS)(\w+)/g;

  it("takes only settings that .env.example explains, and no password from it", async () => {
    const example = await read(".env.example");
    const used = [...text.matchAll(OF_FILE)].map(([, name = ""]) => name);
    const explained = [...example.matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name);
    const read_by_compose = ["COMPOSE_PROFILES"];
    expect([...new Set(used), ...read_by_compose].sort()).toEqual(explained.sort());
    expect(example).toMatch(/^GRAFANA_ADMIN_PASSWORD=$/m);
    expect(await read(".gitignore")).toMatch(/^\.env$/m);
  });

  it("has the same defaults as .env.example", async () => {
    const example = new Map(
      [...(await read(".env.example")).matchAll(/^(\w+)=(.*)$/gm)].map(
        ([, name = "", value = ""]) => [name, value] as const,
      ),
    );
    const defaults = [...text.matchAll(/\$\{(?!COLUMNS)(\w+):-([^}]*)\}/g)];
    expect(defaults.length).toBeGreaterThan(5);
    for (const [, name = "", value] of defaults)
      expect([name, example.get(name)]).toEqual([name, value]);
  });
});
