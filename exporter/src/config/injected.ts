import type { Environment } from "./setting.ts";

/**
 * Names that Kubernetes sets in every pod for every service; with one called `headroom`, or
 * `headroom-redis`, they begin as the exporter's own do.
 * Source: Kubernetes documentation, "Service", discovering services, environment variables.
 */
const NAMES =
  /^HEADROOM_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

/** The one name among them that a setting has too; no port is written like this. */
const ADDRESS = /^(?:tcp|udp|sctp):\/\//;

/** The variables that no person set, but Kubernetes for a service: they say nothing to the exporter. */
export function injectedVariables(env: Environment): readonly string[] {
  return Object.keys(env).filter(
    (name) =>
      NAMES.test(name) || (/^HEADROOM_(?:\w+_)?PORT$/.test(name) && ADDRESS.test(env[name] ?? "")),
  );
}
