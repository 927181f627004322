import { join } from "node:path";
import { ROOT } from "../places.ts";
import { httpProbe } from "../processes/readiness.ts";
import type { Session } from "../session.ts";
import { SCRAPE_SECONDS } from "./prometheus.ts";

/** The port that the live page takes when it is free. */
export const PREVIEW_PORT = 9701;
const READY_SECONDS = 30;

/** Where the live page listens, and what it shows. */
export interface PreviewPlace {
  /** A port that the run keeps for it. */
  readonly port: number;
  readonly prometheus: string;
  /** JSON file of parts that are, or were, not there. */
  readonly troublesFile: string;
  /** Folder of dashboards in Grafana's JSON. */
  readonly dashboards: string;
}

/**
 * Starts the server of the preview page, which shows dashboards without Grafana.
 *
 * @returns its address, like http://127.0.0.1:9701
 * @throws Error with the end of its log when it does not become ready
 */
export async function startPreview(
  session: Session,
  { port, prometheus, troublesFile, dashboards }: PreviewPlace,
): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  await session.start({
    name: "preview",
    command: process.execPath,
    args: [
      ...[join(ROOT, "grafana-plugin", "preview", "serve.ts")],
      ...["--port", String(port), "--prometheus", prometheus],
      ...["--scrape-interval", String(SCRAPE_SECONDS)],
      ...["--dashboards", dashboards],
      ...["--troubles", troublesFile],
    ],
    cwd: ROOT,
    probe: httpProbe(url),
    limitSeconds: READY_SECONDS,
  });
  return url;
}
