import { textOf } from "@headroom/exporter/config/setting";
import { settings as exporterSettings } from "@headroom/exporter/config/settings";
import { EXPORTER_BUNDLE, ROOT } from "../places.ts";
import { httpProbe } from "../processes/readiness.ts";
import type { Session, Starting } from "../session.ts";

/** What of the exporter's configuration a run sets; the rest comes from the environment. */
export interface ExporterSettings {
  readonly port: number;
  readonly redisUrl?: string | undefined;
  /** Path of a GGUF; without it, HEADROOM_MODEL or the embedded model. */
  readonly model?: string | undefined;
  /** As in HEADROOM_CHAT_MODEL, which holds without it. */
  readonly chatModel?: string | undefined;
  readonly simulate?: boolean | undefined;
  /** Further HEADROOM_* variables. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/** The port that the exporter takes when it is free. */
export const EXPORTER_PORT = 9700;

/** A model of some GB may load from a slow disk. */
const READY_SECONDS = 120;

/** What an orderly end takes beyond the time to drain, in seconds. */
const FREEING_SECONDS = 2;

/**
 * Starts the built exporter on the wanted port or the next free one.
 *
 * @returns its address, like http://127.0.0.1:9700
 * @throws Error with the end of its log when it does not become ready
 */
export async function startExporter(session: Session, settings: ExporterSettings): Promise<string> {
  const port = await session.port("exporter", settings.port);
  await session.start(exporterPart(settings, port));
  return `http://127.0.0.1:${port}`;
}

/**
 * The built exporter, on exactly this port.
 *
 * @param own - the environment that holds where the settings say nothing
 */
export function exporterPart(
  settings: Omit<ExporterSettings, "port">,
  port: number,
  own = process.env,
): Starting {
  return {
    name: "exporter",
    command: process.execPath,
    args: [EXPORTER_BUNDLE],
    cwd: ROOT,
    env: exporterEnvironment(own, settings, port),
    probe: httpProbe(`http://127.0.0.1:${port}/readyz`),
    limitSeconds: READY_SECONDS,
    graceMs: 1000 * (drainSeconds({ ...own, ...settings.variables }) + FREEING_SECONDS),
  };
}

/** Seconds that requests get to finish; a setting that the exporter refuses counts as not set. */
export function drainSeconds(env: NodeJS.ProcessEnv): number {
  const setting = exporterSettings.shape.drainSeconds;
  const { data } = setting.safeParse(env[textOf(setting).variable] || undefined);
  return data ?? setting.parse(undefined);
}

/** The environment of an exporter on this machine: the caller's, with what the run sets over it. */
export function exporterEnvironment(
  own: NodeJS.ProcessEnv,
  settings: Omit<ExporterSettings, "port">,
  port: number,
): NodeJS.ProcessEnv {
  const { redisUrl, model, chatModel, simulate, variables } = settings;
  const env: NodeJS.ProcessEnv = {
    ...own,
    HEADROOM_HOST: "127.0.0.1",
    HEADROOM_PORT: String(port),
    ...(redisUrl !== undefined && { HEADROOM_REDIS_URL: redisUrl }),
    ...(model !== undefined && { HEADROOM_MODEL: model }),
    ...(chatModel !== undefined && { HEADROOM_CHAT_MODEL: chatModel }),
    ...(simulate && { HEADROOM_SIMULATE: "true" }),
    ...variables,
  };
  // It listens on this machine only, and neither k6 nor Prometheus of this run knows the token.
  delete env["HEADROOM_TOKEN"];
  return env;
}
