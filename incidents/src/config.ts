import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import {
  optionalSetting,
  readSettings,
  setting,
  type Environment,
} from "@headroom/exporter/config/setting";
import { helpOf, tableOf } from "@headroom/exporter/config/text";
import * as values from "@headroom/exporter/config/values";
import { isLoopback } from "@headroom/exporter/loopback";

/** Every setting of the incidents process, once: validation and `--help` come from here. */
const settings = z.object({
  host: setting(values.host, {
    variable: "HEADROOM_INCIDENTS_HOST",
    allowed: "an IP address or host name",
    default: "127.0.0.1",
    description:
      "Address to listen on. Other machines can only reach an address that is not loopback; that needs a token.",
  }),
  port: setting(values.integer(0, 65_535), {
    variable: "HEADROOM_INCIDENTS_PORT",
    allowed: "a whole number from 0 to 65535",
    default: "9702",
    description: "Port to listen on; 0 takes a free one.",
  }),
  token: optionalSetting(values.token, {
    variable: "HEADROOM_INCIDENTS_TOKEN",
    allowed: "16 or more letters, digits or - . _ ~ + /",
    description:
      "Bearer token that every request must carry, except for /healthz and the runbooks.",
    secret: true,
  }),
  allowInsecure: setting(values.flag, {
    variable: "HEADROOM_INCIDENTS_ALLOW_INSECURE",
    allowed: "true or false",
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
    allowed: "an http:// or https:// address",
    description:
      "Prometheus that is asked for the key metrics of an incident; without it, incidents hold none.",
    secret: true,
  }),
  logLevel: setting(z.enum(values.LOG_LEVELS), {
    variable: "HEADROOM_INCIDENTS_LOG_LEVEL",
    allowed: values.LOG_LEVELS.join(", "),
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
  const found = readSettings(settings, environment, ({ host, token, allowInsecure }) =>
    host === undefined || isLoopback(host) || token !== undefined || allowInsecure !== false
      ? []
      : [
          `HEADROOM_INCIDENTS_HOST=${JSON.stringify(host)} lets other machines in: set ` +
            "HEADROOM_INCIDENTS_TOKEN, or HEADROOM_INCIDENTS_ALLOW_INSECURE=true to answer anyone",
        ],
  );
  return Object.freeze({ ...found, folder: resolve(found.folder ?? FOLDER) });
}
