import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alertmanagerConfig, PROMPT_PACE } from "@headroom/provisioning/alertmanager";
import { httpProbe } from "../processes/readiness.ts";
import type { Session } from "../session.ts";

const ALERTMANAGER_PORT = 9093;
const READY_SECONDS = 30;

/**
 * Starts an Alertmanager for this run only, which tells the run's incidents process of alerts at once.
 *
 * @param program - file of Alertmanager
 * @returns its address, like http://127.0.0.1:9093
 * @throws Error with the end of its log when it does not become ready
 */
export async function startAlertmanager(
  session: Session,
  program: string,
  incidentsUrl: string,
): Promise<string> {
  const folder = join(session.folder.path, "alertmanager");
  await mkdir(folder, { recursive: true });
  const configuration = join(folder, "alertmanager.yml");
  const incidents = new URL(incidentsUrl).host;
  await writeFile(configuration, alertmanagerConfig({ incidents, pace: PROMPT_PACE }));
  const port = await session.port("alertmanager", ALERTMANAGER_PORT);
  const url = `http://127.0.0.1:${port}`;
  await session.start({
    name: "alertmanager",
    command: program,
    args: [
      `--config.file=${configuration}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // It has no peers, and would listen on every address for some.
      "--cluster.listen-address=",
    ],
    cwd: folder,
    probe: httpProbe(`${url}/-/ready`),
    limitSeconds: READY_SECONDS,
  });
  return url;
}
