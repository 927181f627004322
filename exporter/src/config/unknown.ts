import { closest, distance } from "fastest-levenshtein";

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
  "HEADROOM_VULKAN_BUILD",
]);

const PREFIX = "HEADROOM_";

/** A name further away than this is not a typing error. */
const MOST_TYPING_ERRORS = 4;

/** Begins the settings of the incidents process, which may stand in the same environment, too. */
const INCIDENTS_PREFIX = "HEADROOM_INCIDENTS_";

/**
 * One problem for each HEADROOM_* variable that nothing reads, with the name that was meant. Each of the
 * two programs judges those of its own kind and leaves the other's alone.
 */
export function unknownVariables(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
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
