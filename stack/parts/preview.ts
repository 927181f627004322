import { join } from "node:path";
import { ROOT } from "../places.ts";
import { httpProbe } from "../processes/readiness.ts";
import type { Session } from "../session.ts";
import { SCRAPE_SECONDS } from "./prometheus.ts";

const PREVIEW_PORT = 9701;
const READY_SECONDS = 30;

/**
 * Starts the server of the preview page, which shows the provisioned dashboards without Grafana.
 *
 * @returns its address, like http://127.0.0.1:9701
 * @throws Error with the end of its log when it does not become ready
 */
export async function startPreview(session: Session, prometheusUrl: string): Promise<string> {
  const port = await session.port("the live page", PREVIEW_PORT);
  const url = `http://127.0.0.1:${port}`;
  await session.start({
    name: "preview",
    command: process.execPath,
    args: [
      ...["--import", "tsx", join(ROOT, "grafana-plugin", "preview", "serve.ts")],
      ...["--port", String(port), "--prometheus", prometheusUrl],
      ...["--scrape-interval", String(SCRAPE_SECONDS)],
      ...["--dashboards", join(ROOT, "provisioning", "grafana", "dashboards")],
    ],
    cwd: ROOT,
    probe: httpProbe(url),
    limitSeconds: READY_SECONDS,
  });
  return url;
}
