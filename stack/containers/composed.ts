import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { alertmanagerConfig, PROMPT_PACE } from "@headroom/provisioning/alertmanager";
import { COMPOSE_EXPORTERS, COMPOSE_INCIDENTS } from "@headroom/provisioning/generated-files";
import { prometheusConfig } from "@headroom/provisioning/prometheus";
import { prometheusRules } from "@headroom/provisioning/rule-file";
import { DRILL_INTERVAL_SECONDS, DRILL_PACE } from "../drill/rules.ts";
import { ROOT, type RunFolder } from "../places.ts";
import { ALERTMANAGER_IMAGE } from "./images.ts";
import { logOf, podman, PODMAN_COMPOSE, PODMAN_ENV, removeAll } from "./podman.ts";

/** The services of the compose file that stay up, but for Grafana. */
export const SERVICES = ["redis", "exporter", "incidents", "prometheus"] as const;
/** One of them. */
export type ServiceName = (typeof SERVICES)[number];

/** Where they answer on this machine. */
export const EXPORTER = "http://127.0.0.1:9700";
export const INCIDENTS = "http://127.0.0.1:9702";
const PROMETHEUS = "http://127.0.0.1:9090";

const HEALTH_MS = 1_000;
const LOOK_MS = 250;

/** k6 ends so when a threshold is crossed, which says how quick this machine is. */
const THRESHOLD_CROSSED = 99;
const SAID_CHARACTERS = 1_000;

/** Settings of the compose file, as `.env` has them. */
type Settings = Readonly<Record<string, string>>;

/** The compose file's services in containers, with Alertmanager in the place of Grafana. */
export class Composed {
  readonly #folder: RunFolder;
  readonly #signal: AbortSignal;
  #over = false;

  constructor(folder: RunFolder, signal: AbortSignal) {
    this.#folder = folder;
    this.#signal = signal;
  }

  /** Starts all services and waits until they are healthy. */
  async start(): Promise<void> {
    await writeOverride(this.#folder);
    void this.#askForHealth();
    await this.up({}, ...SERVICES, "alertmanager");
    for (const name of SERVICES) await this.untilHealthy(name);
  }

  /** Starts services, anew where their settings differ. */
  async up(settings: Settings, ...services: readonly string[]): Promise<void> {
    await this.#compose(settings, "up", "--detach", "--no-build", ...services);
  }

  /** Stops a service as `docker compose stop` does, and removes its container. */
  async remove(service: ServiceName): Promise<void> {
    await this.#compose({}, "stop", service);
    await podman(["rm", "--force", containerOf(service)]);
  }

  /**
   * Runs the service k6 to its end.
   *
   * @returns whether the thresholds held
   * @throws Error with what it said when it ended with anything else
   */
  async load(settings: Settings): Promise<boolean> {
    // Docker Compose takes the profile of a service that is named, podman-compose wants to be told.
    const profiles = { COMPOSE_PROFILES: "exporter,load" };
    return this.#compose({ ...profiles, ...settings }, "run", "--rm", "--no-deps", "k6").then(
      () => true,
      (error: Error & { readonly code?: unknown; readonly stdout?: string }) => {
        if (error.code === THRESHOLD_CROSSED) return false;
        throw new Error(`${error.message}\n${error.stdout?.slice(-SAID_CHARACTERS)}`);
      },
    );
  }

  /** Ends all services, keeps their logs and removes what they kept. Once more is no error. */
  async stop(): Promise<void> {
    this.#over = true;
    for (const name of SERVICES) {
      const log = await logOf(containerOf(name)).catch(() => undefined);
      if (log !== undefined) await writeFile(this.#folder.log(name), log);
    }
    await removeAll();
    // Where podman-compose stands, conmon leaves a mark of a container that ran out of memory.
    await rm(join(ROOT, "oom"), { force: true });
  }

  /** @throws Error with what the last look said when it does not become healthy */
  async untilHealthy(service: ServiceName, seconds = 60): Promise<void> {
    const check = () => podman(["healthcheck", "run", containerOf(service)]);
    await this.until(`${service} healthy`, seconds, () => check().then(() => true));
  }

  /**
   * Looks until something holds. A look that throws is one that does not hold.
   *
   * @throws Error that says what did not hold
   */
  async until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    let last: unknown;
    while (performance.now() < end) {
      this.#signal.throwIfAborted();
      if (await holds().catch((error: unknown) => void (last = error))) return;
      await sleep(LOOK_MS);
    }
    const why = last instanceof Error ? `: ${last.message}` : "";
    throw new Error(`not ${what} within ${seconds} s${why}`);
  }

  /** The first value of a query; undefined when it has none. */
  async query(expression: string): Promise<number | undefined> {
    const address = `${PROMETHEUS}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { data } = (await (await fetch(address)).json()) as {
      readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
    };
    const [first] = data.result;
    return first && Number(first.value[1]);
  }

  async #compose(settings: Settings, ...args: string[]): Promise<void> {
    const options = {
      cwd: ROOT,
      env: {
        ...PODMAN_ENV,
        COMPOSE_PROFILES: "exporter",
        GRAFANA_ADMIN_PASSWORD: "never-used",
        HEADROOM_CHAT_MODEL: "none",
        ...settings,
      },
      signal: this.#signal,
      maxBuffer: 2 ** 26,
    };
    // The example's settings, so that the ones somebody made here change nothing.
    const own = ["--env-file", join(ROOT, ".env.example"), "--file", "docker-compose.yml"];
    const override = ["--file", overrideOf(this.#folder)];
    const compose = promisify(execFile)(PODMAN_COMPOSE, [...own, ...override, ...args], options);
    await compose.finally(() => this.#signal.throwIfAborted());
  }

  /** Podman has systemd ask for health, which a container of a build machine seldom has. */
  async #askForHealth(): Promise<void> {
    while (!this.#over && !this.#signal.aborted) {
      for (const name of SERVICES) {
        await podman(["healthcheck", "run", containerOf(name)]).catch(() => undefined);
      }
      await sleep(HEALTH_MS);
    }
  }
}

/** The name of a service's container. */
export const containerOf = (service: ServiceName): string => `headroom_${service}_1`;

/** What podman knows of a container. */
export interface ContainerState {
  /** Of its first process. */
  readonly pid: number;
  readonly exitCode: number;
  readonly restarts: number;
}

/** @throws Error when there is no such container */
export async function stateOf(service: ServiceName): Promise<ContainerState> {
  const format = "{{.State.Pid}} {{.State.ExitCode}} {{.RestartCount}}";
  const [pid = 0, exitCode = 0, restarts = 0] = (
    await podman(["container", "inspect", "--format", format, containerOf(service)])
  )
    .split(" ")
    .map(Number);
  return { pid, exitCode, restarts };
}

/** Runs a command of a shell in a service's container. @returns what it said, or the error it ended with */
export async function inside(service: ServiceName, command: string): Promise<string> {
  return podman(["exec", containerOf(service), "sh", "-c", command]).catch(
    (error: { readonly stderr?: string }) => String(error.stderr).trim(),
  );
}

/**
 * Writes what differs from the compose file: rules at a drill's pace, and Alertmanager, which calls
 * incidents by the loopback address that the committed configuration has.
 */
async function writeOverride(run: RunFolder): Promise<void> {
  const folder = join(run.path, "check");
  await mkdir(folder);
  const interval = `${1000 * DRILL_INTERVAL_SECONDS}ms`;
  const [incidents] = COMPOSE_INCIDENTS.split(":");
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write("rules.yml", prometheusRules({ pace: DRILL_PACE }));
  await write(
    "compose.yml",
    prometheusConfig({
      exporter: COMPOSE_EXPORTERS.compose,
      incidents: COMPOSE_INCIDENTS,
      alertmanager: `${incidents}:9093`,
      scrapeInterval: interval,
      evaluationInterval: interval,
      ruleFiles: ["rules.yml"],
    }),
  );
  await write(
    "alertmanager.yml",
    alertmanagerConfig({ incidents: new URL(INCIDENTS).host, pace: PROMPT_PACE }),
  );
  await writeFile(
    overrideOf(run),
    `services:
  prometheus:
    # What podman older than 4.7 does not know, and nothing here asks for.
    extra_hosts: !override []
    volumes: !override
      - ${folder}:/etc/prometheus:ro
      - prometheus:/prometheus
  alertmanager:
    image: ${ALERTMANAGER_IMAGE}
    network_mode: service:${incidents}
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    command:
      - --config.file=/check/alertmanager.yml
      - --storage.path=/tmp
      - --cluster.listen-address=
    volumes:
      - ${folder}:/check:ro
`,
  );
}

const overrideOf = ({ path }: RunFolder): string => join(path, "override.yml");
