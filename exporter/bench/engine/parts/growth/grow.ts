import { warmUpOf, type BenchRun } from "../../bench-run.ts";
import { bars } from "../../figures/bars.ts";
import type { Table } from "../../figures/section.ts";
import { spreadOf, withSpread } from "../../figures/spread.ts";
import { formatRate } from "@headroom/loadtest/report/format";
import { inTurn } from "../../in-turn.ts";

/** A table of one quantity that grows, with what was measured for programs. */
export interface Growth {
  readonly name: string;
  readonly table: Table;
  readonly figures: unknown;
}

/** A row: the quantity, and how the rate is measured there. */
export interface Point {
  readonly at: string;
  /** @returns messages a second */
  measure(round: number): Promise<number>;
  /** What else is told of it, calculated from the rate. */
  also?(rate: number): string;
}

/** What grows, and how often each point is measured. */
export interface GrowthOptions {
  readonly name: string;
  readonly title: string;
  /** Heads of the first column and, where points tell more, of the last. */
  readonly quantity: string;
  readonly also?: string;
  readonly rounds?: number;
}

/** The points in turn, with bars of their rates. */
export async function grow(
  run: BenchRun,
  points: readonly Point[],
  { name, title, quantity, also, rounds = roundsOf(run) }: GrowthOptions,
): Promise<Growth> {
  const measured = await inTurn(
    points.map(({ at, measure }) => ({ name: at, measure })),
    { ...run, rounds, warmUp: Math.min(1, warmUpOf(rounds)), what: title },
  );
  const spreads = measured.map(spreadOf);
  const drawn = bars(spreads.map(({ median }) => median));
  return {
    name,
    table: {
      title,
      head: [quantity, "messages/s", "", ...(also === undefined ? [] : [also])],
      rows: points.map((point, i) => [
        point.at,
        withSpread(spreads[i]!, formatRate),
        drawn[i]!,
        ...(point.also ? [point.also(spreads[i]!.median)] : []),
      ]),
    },
    figures: Object.fromEntries(points.map(({ at }, i) => [at, measured[i]])),
  };
}

/** The many points of a table are measured less often than a pair whose ratio counts. */
export function roundsOf({ rounds }: BenchRun): number {
  return Math.ceil(rounds / 4);
}
