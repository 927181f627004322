import { INCIDENTS_BUNDLE, ROOT } from "../places.ts";
import { httpProbe } from "../processes/readiness.ts";
import type { Starting } from "../session.ts";

/** What of the incidents process's configuration a run sets; the rest comes from the environment. */
export interface IncidentsSettings {
  /** Address of the run's Prometheus, which may start later. */
  readonly prometheusUrl?: string | undefined;
  /** Where it keeps incidents; HEADROOM_INCIDENTS_FOLDER or the checkout's own folder without it. */
  readonly folder?: string | undefined;
}

/** The port that the incidents process takes when it is free. */
export const INCIDENTS_PORT = 9702;

const READY_SECONDS = 30;

/**
 * The built incidents process, on exactly this port.
 *
 * @param own - the environment that holds where the settings say nothing
 */
export function incidentsPart(
  { prometheusUrl, folder }: IncidentsSettings,
  port: number,
  own = process.env,
): Starting {
  const env: NodeJS.ProcessEnv = {
    ...own,
    HEADROOM_INCIDENTS_HOST: "127.0.0.1",
    HEADROOM_INCIDENTS_PORT: String(port),
    ...(prometheusUrl !== undefined && { HEADROOM_INCIDENTS_PROMETHEUS_URL: prometheusUrl }),
    ...(folder !== undefined && { HEADROOM_INCIDENTS_FOLDER: folder }),
  };
  // It listens on this machine only, and neither Alertmanager nor Prometheus of a run knows the token.
  delete env["HEADROOM_INCIDENTS_TOKEN"];
  return {
    name: "incidents",
    command: process.execPath,
    args: [INCIDENTS_BUNDLE],
    cwd: ROOT,
    env,
    probe: httpProbe(`http://127.0.0.1:${port}/readyz`),
    limitSeconds: READY_SECONDS,
  };
}
