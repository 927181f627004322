import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import {
  helpOf,
  optionalSetting,
  readSettings,
  setting,
  tableOf,
  type Environment,
} from "@headroom/exporter/config/setting";
import * as values from "@headroom/exporter/config/values";
import { openToOthers } from "@headroom/exporter/loopback";

/** Every setting of the incidents process, once: validation and `--help` come from here. */
const settings = z.object({
  host: setting(values.host, {
    variable: "HEADROOM_INCIDENTS_HOST",
    default: "127.0.0.1",
    description:
      "Address to listen on. Other machines can only reach an address that is not loopback; that needs a token.",
  }),
  port: setting(values.integer(0, 65_535), {
    variable: "HEADROOM_INCIDENTS_PORT",
    default: "9702",
    description: "Port to listen on; 0 takes a free one.",
  }),
  token: optionalSetting(values.token, {
    variable: "HEADROOM_INCIDENTS_TOKEN",
    description:
      "Bearer token that every request must carry, except for /healthz and the runbooks.",
    secret: true,
  }),
  allowInsecure: setting(values.flag, {
    variable: "HEADROOM_INCIDENTS_ALLOW_INSECURE",
    default: "false",
    description: "Listen on an address that is not loopback without a token.",
  }),
  folder: optionalSetting(values.text, {
    variable: "HEADROOM_INCIDENTS_FOLDER",
    allowed: "the path of a folder",
    description: "Where incidents are kept; without it, .headroom/incidents of the checkout.",
  }),
  prometheusUrl: optionalSetting(values.webUrl, {
    variable: "HEADROOM_INCIDENTS_PROMETHEUS_URL",
    description:
      "Prometheus that is asked for the key metrics of an incident; without it, incidents hold none.",
    secret: true,
  }),
  runFile: optionalSetting(values.text, {
    variable: "HEADROOM_INCIDENTS_RUN_FILE",
    allowed: "the path of a file",
    description:
      "JSON file that npm start writes of its run; runbooks then name its addresses and logs.",
  }),
  grafanaUrl: optionalSetting(values.webUrl, {
    variable: "HEADROOM_INCIDENTS_GRAFANA_URL",
    description: "Grafana, as browsers reach it; the queries of runbooks then open in its Explore.",
  }),
  logLevel: setting(values.logLevel, {
    variable: "HEADROOM_INCIDENTS_LOG_LEVEL",
    default: "info",
    description: "Least severe lines that are logged.",
  }),
});

/** The validated settings. */
export type Config = Readonly<Omit<z.output<typeof settings>, "folder">> & {
  /** Absolute path of the folder that holds a file for each incident. */
  readonly folder: string;
};

/** Seen from here and from the bundle incidents/dist/main.js alike. */
const FOLDER = fileURLToPath(new URL("../../.headroom/incidents", import.meta.url));

/** All variables as plain text for `--help`. */
export const configHelp = (): string => helpOf(settings);

/** All variables as a Markdown table. */
export const configTable = (): string => tableOf(settings);

/**
 * Reads all HEADROOM_INCIDENTS_* variables into one frozen object.
 *
 * @throws ConfigError that names every wrong value at once
 */
export function loadConfig(environment: Environment): Config {
  const found = readSettings(settings, environment, (some) =>
    openToOthers("HEADROOM_INCIDENTS", some),
  );
  return Object.freeze({ ...found, folder: resolve(found.folder ?? FOLDER) });
}
