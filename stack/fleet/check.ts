import { Fleet } from "./fleet.ts";
import { POINTS } from "./points.ts";
import {
  type Point,
  type Shown,
  TRIAL_INTERVAL_SECONDS,
  TRIAL_RULES,
  TRIAL_VARIABLES,
  type Trial,
} from "./trial.ts";

/** How one point went. */
export interface Checked extends Shown, Pick<Point, "name" | "what"> {}

/**
 * Starts a fleet whose answers are made up, and goes through the points with these names.
 *
 * @throws Error when the fleet does not start, or the signal's reason
 */
export async function checkFleet(
  replicas: number,
  only: readonly string[],
  trial: Trial,
): Promise<readonly Checked[]> {
  const fleet = await Fleet.start(trial.session, trial.tools, {
    replicas,
    variables: TRIAL_VARIABLES,
    rules: TRIAL_RULES,
    intervalSeconds: TRIAL_INTERVAL_SECONDS,
  });
  const checked: Checked[] = [];
  for (const { name, what, run } of POINTS.filter((point) => only.includes(point.name))) {
    checked.push(
      await trial.session.activity(`${name}: ${what}`, async () => {
        const shown = await run(fleet, trial).catch((error: Error) => {
          trial.session.signal.throwIfAborted();
          return { seen: "-", problems: [error.message] };
        });
        return { name, what, ...shown };
      }),
    );
  }
  return checked;
}

/** The head and a line for each point. */
export function checkedTable(checked: readonly Checked[]): readonly (readonly string[])[] {
  return [
    ["Point", "What must hold", "Seen", ""],
    ...checked.map(({ name, what, seen, problems }) => [
      ...[name, what, seen],
      problems.length === 0 ? "passed" : `FAILED: ${problems.join("; ")}`,
    ]),
  ];
}
