import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Composed, containerOf, EXPORTER, INCIDENTS, inside, stateOf } from "./composed.ts";
import { type BUILT, builtImage } from "./images.ts";
import { logOf, podman } from "./podman.ts";
import { expect, metric, type Proof } from "./proofs.ts";

/** Less than the sentiment model's process needs to load. */
const TOO_LITTLE_MEMORY = "64m";

/**
 * Alertmanager does not tell that an alert ended while another one held it back; Prometheus says so again after
 * a minute.
 */
const TOLD_AGAIN_SECONDS = 90;

/** Requests that are under way when the exporter is asked to end, each of some tenths of a second. */
const IN_FLIGHT = 8;
const LONG_MESSAGES = Array.from({ length: 128 }, (_, number) =>
  `message ${number} says how well it all went and how gladly we would come again `.repeat(3),
);

/** What goes wrong, and what must hold nevertheless. */
export const FAULTS: readonly Proof[] = [
  {
    what: "without Redis all is answered, and it is used again when it is back",
    run: async (composed) => {
      const { pid, restarts } = await stateOf("redis");
      process.kill(pid, "SIGKILL");
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, number) => ask([`without a cache ${number}`], "none")),
      );
      expect("answers", answers.filter((status) => status !== 200).join(), "");
      await composed.until(
        "restarted",
        30,
        async () => (await stateOf("redis")).restarts > restarts,
      );
      const entries = 'headroom_cache_entries{cache="shared",tier="redis"}';
      await composed.until("used again", 30, async () => (await metric(entries)) !== undefined);
      return `${answers.length} of ${answers.length} answered, restarted and used again`;
    },
  },
  {
    what: "SIGTERM lets requests finish",
    run: async (composed) => {
      const { pid } = await stateOf("exporter");
      const asked = Array.from({ length: IN_FLIGHT }, () => ask(LONG_MESSAGES, "occlusion"));
      await sleep(200);
      const began = performance.now();
      const [, ...answers] = await Promise.all([
        podman(["stop", containerOf("exporter")]),
        ...asked,
      ]);
      const seconds = (performance.now() - began) / 1000;
      expect("answers", answers.filter((status) => status !== 200 && status !== 503).join(), "");
      const answered = answers.filter((status) => status === 200).length;
      expect("some were answered", answered > 0, true);
      expect("exit code", (await stateOf("exporter")).exitCode, 0);
      await podman(["start", containerOf("exporter")]);
      await composed.untilHealthy("exporter");
      expect("a new process", (await stateOf("exporter")).pid === pid, false);
      return `${answered} answered and ${IN_FLIGHT - answered} refused, ended with 0 after ${seconds.toFixed(1)} s`;
    },
  },
  {
    what: "SIGKILL is followed by a restart",
    run: async (composed) => {
      const { pid, restarts } = await stateOf("exporter");
      const began = performance.now();
      process.kill(pid, "SIGKILL");
      await composed.until("restarted", 30, async () => {
        return (await stateOf("exporter")).restarts > restarts;
      });
      await composed.untilHealthy("exporter");
      return `healthy again after ${((performance.now() - began) / 1000).toFixed(1)} s`;
    },
  },
  {
    what: "an exporter that the kernel ends for its memory alerts, and the incident closes when it has more",
    run: async (composed) => {
      const restart = async (settings: Readonly<Record<string, string>>) => {
        await composed.remove("exporter");
        await composed.up(settings, "exporter");
      };
      await restart({ EXPORTER_MEMORY: TOO_LITTLE_MEMORY });
      try {
        await composed.until("alerting", 60, () => firing(composed));
        await composed.until("an incident", TOLD_AGAIN_SECONDS, async () => (await open()) > 0);
        await composed.until("in its log", 30, async () => {
          const log = await logOf(containerOf("exporter"));
          return log.includes("SIGKILL, as the system does when memory");
        });
      } finally {
        await restart({});
      }
      await composed.untilHealthy("exporter");
      await composed.until("over", 60, async () => !(await firing(composed)));
      await composed.until("closed", TOLD_AGAIN_SECONDS, async () => (await open()) === 0);
      return `with ${TOO_LITTLE_MEMORY} HeadroomExporterDown fires, and the log says why; its incident closed`;
    },
  },
  {
    what: "incidents outlive their process",
    run: async (composed) => {
      const before = await recorded();
      expect("there are some", before > 0, true);
      const { pid, restarts } = await stateOf("incidents");
      process.kill(pid, "SIGKILL");
      await composed.until("restarted", 30, async () => {
        return (await stateOf("incidents")).restarts > restarts;
      });
      await composed.untilHealthy("incidents");
      expect("incidents after the restart", await recorded(), before);
      return `${before} before and after`;
    },
  },
  {
    what: "a volume that the user may not write ends nothing, and is told",
    run: async (composed) => {
      const folder = await mkdtemp(join(tmpdir(), "headroom-of-root-"));
      const run = async (name: keyof typeof BUILT, target: string, ...args: string[]) => {
        const options = ["--detach", "--name", `${name}-of-root`, "--read-only", "--network=none"];
        const volume = ["--volume", `${folder}:${target}`, "--env", "HEADROOM_CHAT_MODEL=none"];
        await podman(["run", ...options, ...volume, ...args, await builtImage(name)]);
        const healthy = () => podman(["healthcheck", "run", `${name}-of-root`]).then(() => true);
        await composed.until(`${name} healthy`, 60, healthy);
      };
      await run("exporter", "/var/lib/headroom/models");
      await run("incidents", "/var/lib/headroom/data");
      const log = await logOf("exporter-of-root");
      expect("the exporter tells", /EACCES[^\n]*\/models/.test(log), true);
      const script = `fetch("http://127.0.0.1:9702/v1/alerts", { method: "POST",
        headers: { "Content-Type": "application/json" }, body: process.argv[1] })
        .then(async (r) => console.log(r.status, await r.text()))`;
      const alert = JSON.stringify(NOTIFICATION);
      const answer = await podman(["exec", "incidents-of-root", "node", "-e", script, alert]);
      expect(`incidents answer ${answer}`, answer.includes("storage_failed"), true);
      return "both are healthy; the exporter says it in its log, incidents answer alerts with storage_failed";
    },
  },
];

/** As Alertmanager sends it; it sends it again when it is not taken. */
const NOTIFICATION = {
  version: "4",
  status: "firing",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "HeadroomExporterDown", severity: "critical" },
      annotations: {},
      startsAt: "2026-01-01T00:00:00Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "",
      fingerprint: "0123456789abcdef",
    },
  ],
};

async function ask(messages: readonly string[], attribution: string): Promise<number> {
  const response = await fetch(`${EXPORTER}/v1/sentiment`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ messages, attribution }),
  });
  await response.text();
  return response.status;
}

async function firing(composed: Composed): Promise<boolean> {
  const alert = 'ALERTS{alertname="HeadroomExporterDown",alertstate="firing"}';
  return (await composed.query(`count(${alert})`)) !== undefined;
}

/** How many critical incidents are open, as their process tells. */
async function open(): Promise<number> {
  const text = await (await fetch(`${INCIDENTS}/metrics`)).text();
  return Number(/^headroom_incidents_open\{severity="critical"\} (\d+)$/m.exec(text)?.[1]);
}

/** How many incidents the volume holds. */
async function recorded(): Promise<number> {
  return Number(await inside("incidents", "ls /var/lib/headroom/data/incidents/*.md | wc -l"));
}
