import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@headroom/alerts/testing/free-port";

/** An alert as Alertmanager shows it, as far as tests look. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: {
    readonly state: "unprocessed" | "active" | "suppressed";
    readonly inhibitedBy: readonly string[];
  };
}

/** A real Alertmanager on a free port of loopback, for tests. */
export interface OwnAlertmanager {
  readonly url: string;
  /** Sends alerts as Prometheus would; with an end in the past they are resolved. */
  send(alerts: readonly Readonly<Record<string, string>>[], endsAt?: Date): Promise<void>;
  /** All alerts that it holds. */
  alerts(): Promise<readonly ShownAlert[]>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/**
 * Starts Alertmanager: the program named by HEADROOM_ALERTMANAGER, or Debian's on the PATH.
 *
 * @param configuration - the text of its configuration file
 * @throws Error with what it said when it does not come up
 */
export async function startAlertmanager(configuration: string): Promise<OwnAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-alertmanager-"));
  const file = join(folder, "alertmanager.yml");
  await writeFile(file, configuration);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = process.env["HEADROOM_ALERTMANAGER"] ?? "prometheus-alertmanager";
  const child = spawn(
    program,
    [
      ...[`--config.file=${file}`, `--storage.path=${join(folder, "data")}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, "--cluster.listen-address="],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close");
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended.catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      ready(url),
      ended.then(() => Promise.reject(new Error("it ended; is it installed?"))),
    ]);
  } catch (error) {
    await stop();
    throw new Error(`${program} did not come up (${(error as Error).message}):\n${said}`);
  }
  return {
    url,
    stop,
    send: (alerts, endsAt) => send(url, alerts, endsAt),
    alerts: () => list(url),
  };
}

async function ready(url: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error(`no answer within ${PATIENCE_MS / 1000} s`);
}

async function send(
  url: string,
  alerts: readonly Readonly<Record<string, string>>[],
  endsAt?: Date,
): Promise<void> {
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(alerts.map((labels) => ({ labels, ...(endsAt && { endsAt }) }))),
  });
  if (!response.ok) throw new Error(`Alertmanager refused: ${await response.text()}`);
}

async function list(url: string): Promise<readonly ShownAlert[]> {
  return (await (await fetch(`${url}/api/v2/alerts`)).json()) as ShownAlert[];
}
