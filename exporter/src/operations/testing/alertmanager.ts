import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real Alertmanager that tells one exporter of its alerts. */
export interface TellingAlertmanager {
  /** Lets an alert fire, as Prometheus would. */
  fire(labels: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/**
 * Starts Alertmanager: the program named by HEADROOM_ALERTMANAGER, or Debian's on the PATH.
 *
 * @param exporter - its address
 * @throws Error when it does not come up
 */
export async function startTellingAlertmanager(exporter: string): Promise<TellingAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-alertmanager-"));
  const file = join(folder, "alertmanager.yml");
  const receiver = `{ name: exporter, webhook_configs: [{ url: "${exporter}/v1/alerts" }] }`;
  // JSON-like on purpose: what is tested is not how it is configured, but that it tries again.
  await writeFile(
    file,
    "route: { receiver: exporter, group_wait: 0s, group_interval: 1s }\n" +
      `receivers: [${receiver}]\n`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.env["HEADROOM_ALERTMANAGER"] ?? "prometheus-alertmanager",
    [
      ...[`--config.file=${file}`, `--storage.path=${join(folder, "data")}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, "--cluster.listen-address="],
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const end = performance.now() + PATIENCE_MS;
  while (!(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok) {
    if (performance.now() > end || child.exitCode !== null) {
      await stop();
      throw new Error("Alertmanager did not come up");
    }
    await sleep(50);
  }
  return { stop, fire: (labels) => fire(url, labels) };
}

async function fire(url: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ labels }]),
  });
  if (!answer.ok) throw new Error(`Alertmanager refused the alert: ${await answer.text()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
