import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOwnServer } from "./own-server.ts";

/** A real Alertmanager that tells one incidents process of its alerts. */
export interface TellingAlertmanager {
  /** Lets an alert fire, as Prometheus would. */
  fire(labels: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Alertmanager: the program named by HEADROOM_ALERTMANAGER, or Debian's on the PATH.
 *
 * @param incidents - address of the process
 * @throws Error when it does not come up
 */
export async function startTellingAlertmanager(incidents: string): Promise<TellingAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-alertmanager-"));
  const file = join(folder, "alertmanager.yml");
  const receiver = `{ name: incidents, webhook_configs: [{ url: "${incidents}/v1/alerts" }] }`;
  // JSON-like on purpose: what is tested is not how it is configured, but that it tries again.
  await writeFile(
    file,
    "route: { receiver: incidents, group_wait: 0s, group_interval: 1s }\n" +
      `receivers: [${receiver}]\n`,
  );
  const program = process.env["HEADROOM_ALERTMANAGER"] ?? "prometheus-alertmanager";
  const { url, stop } = await startOwnServer(program, {
    folder,
    args: [
      ...[`--config.file=${file}`, `--storage.path=${join(folder, "data")}`],
      "--cluster.listen-address=",
    ],
  });
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
