import { closest, distance } from "fastest-levenshtein";
import type { Environment } from "./setting.ts";

/** Variables of the tools around the exporter, which may stand in the same environment. */
const TOOL_VARIABLES: ReadonlySet<string> = new Set([
  "HEADROOM_K6",
  "HEADROOM_PROMTOOL",
  "HEADROOM_CHROMIUM",
  "HEADROOM_ACCEPT_PICTURES",
  "HEADROOM_PROMETHEUS",
  "HEADROOM_ALERTMANAGER",
  "HEADROOM_AMTOOL",
  "HEADROOM_REDIS_SERVER",
  "HEADROOM_HAPROXY",
  "HEADROOM_VULKAN_BUILD",
  "HEADROOM_KUBE_APISERVER",
  "HEADROOM_KUBECTL",
  "HEADROOM_ETCD",
]);

const PREFIX = "HEADROOM_";

/** Begins the settings of the incidents process, which may stand in the same environment, too. */
const INCIDENTS_PREFIX = "HEADROOM_INCIDENTS_";

/** A name further away than this is not a typing error. */
const MOST_TYPING_ERRORS = 4;

/**
 * One problem for each HEADROOM_* variable that nothing reads, with the name that was meant. Each of the
 * two programs checks those of its own kind and leaves the other's alone.
 */
export function unknownVariables(env: Environment, known: readonly string[]): string[] {
  const areOfIncidents = known.every((name) => name.startsWith(INCIDENTS_PREFIX));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX))
    .filter((name) => !known.includes(name) && !TOOL_VARIABLES.has(name))
    .filter((name) => name.startsWith(INCIDENTS_PREFIX) === areOfIncidents)
    .map((name) => {
      const near = nearest(name, known);
      const hint = near ? `did you mean ${near}?` : "--help lists all variables";
      return `${name} is not a setting: ${hint}`;
    });
}

/** The name that this one is the beginning of, or else the one with the fewest typing errors. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const longer = known.find((candidate) => candidate.startsWith(name) && name !== PREFIX);
  if (longer !== undefined) return longer;
  const near = closest(name, known);
  return distance(name, near) <= MOST_TYPING_ERRORS ? near : undefined;
}

/**
 * Names that Kubernetes sets in every pod for every service; with one called `headroom`, or
 * `headroom-redis`, they begin as the exporter's own do.
 * Source: Kubernetes documentation, "Service", discovering services, environment variables.
 */
const OF_A_SERVICE =
  /^HEADROOM_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

/** The one name among them that a setting has too; no port is written like this. */
const ADDRESS = /^(?:tcp|udp|sctp):\/\//;

/** The variables that no person set, but Kubernetes for a service: they say nothing to the exporter. */
export function injectedVariables(env: Environment): readonly string[] {
  return Object.keys(env).filter(
    (name) =>
      OF_A_SERVICE.test(name) ||
      (/^HEADROOM_(?:\w+_)?PORT$/.test(name) && ADDRESS.test(env[name] ?? "")),
  );
}
