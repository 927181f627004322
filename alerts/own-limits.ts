import type { Bound, Limit, Severity } from "./limits.ts";

/**
 * Limits of one's own, by name and severity, in the unit of the limit: a number, or for a band its two
 * edges. `{ "first_token_p95": { "warning": 1, "critical": 4 }, "goodput": { "warning": 0.8 } }`
 */
export type OwnLimits = Readonly<Record<string, Readonly<Partial<Record<Severity, OwnValue>>>>>;

type OwnValue = number | readonly [lower: number, upper: number];

/**
 * Puts limits of one's own in the place of those of the same name and severity. It may be given anything
 * that was read from a file.
 *
 * @param longest - the greatest seconds that the measure of a limit can have
 * @throws RangeError that names the limit which does not exist or cannot be one, and says why
 */
export function withOwnLimits(
  limits: readonly Limit[],
  own: OwnLimits,
  longest: (id: string) => number,
): readonly Limit[] {
  for (const [id, severities] of entriesOf(own, "limits of one's own")) {
    const known = limits.filter((limit) => limit.id === id).map(({ severity }) => severity);
    if (known.length === 0) {
      const ids = [...new Set(limits.map((limit) => limit.id))].join(", ");
      throw new RangeError(`there is no limit "${id}"; there are ${ids}`);
    }
    for (const [severity] of entriesOf(severities, `the limit ${id}`)) {
      if (known.some((name) => name === severity)) continue;
      throw new RangeError(`the limit ${id} has no "${severity}", only ${known.join(" and ")}`);
    }
  }
  const changed = limits.map((limit): Limit => {
    const value = Object.hasOwn(own, limit.id) ? own[limit.id]![limit.severity] : undefined;
    return value === undefined ? limit : { ...limit, ...boundOf(limit, value, longest) };
  });
  for (const id of Object.keys(own)) {
    const [warning, critical] = changed.filter((limit) => limit.id === id);
    if (warning?.bound !== "upper" || critical?.bound !== "upper") continue;
    if (warning.upper >= critical.upper) {
      throw new RangeError(
        `${id}: the warning (${warning.upper}) must be below the critical limit (${critical.upper}); ` +
          "give both",
      );
    }
  }
  return changed;
}

function boundOf(limit: Limit, value: unknown, longest: (id: string) => number): Bound {
  const { id, severity, unit, bound } = limit;
  const refuse = (allowed: string): never => {
    throw new RangeError(`${id}, ${severity}: give ${allowed}, not ${JSON.stringify(value)}`);
  };
  if (bound === "band") {
    const [lower, upper, more] = Array.isArray(value) ? (value as unknown[]) : [];
    if (!isPositive(lower) || !isPositive(upper) || more !== undefined || lower >= upper) {
      return refuse("two positive numbers, the smaller one first, like [0.5, 2.5]");
    }
    return { bound, lower, upper };
  }
  if (!isPositive(value)) return refuse("a positive number");
  if (unit === "ratio" && (value > 1 || (bound === "lower" && value === 1))) {
    return refuse(`a share, ${bound === "lower" ? "below" : "at most"} 1`);
  }
  if (unit === "seconds" && value > longest(id)) {
    return refuse(`at most ${longest(id)} s, which is as far as its histogram tells`);
  }
  return bound === "upper" ? { bound, upper: value } : { bound, lower: value };
}

const isPositive = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value > 0;

function entriesOf(value: unknown, what: string): [string, unknown][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  throw new RangeError(`${what} must be an object, not ${JSON.stringify(value)}`);
}
