/**
 * Compares the panel with Grafana's own UPlotChart, one chart a series: the same data in turn, so
 * that a change of the machine's speed meets both.
 */
import { cpus } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { END, frame, LIMITED, SPAN, wave } from "./series.ts";
import { openStage } from "./stage.ts";

const atLeastOne = (text: string) => {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("give a whole number above 0");
};
const { lanes, points, rounds } = new Command("npm run bench:panel --")
  .description("Compares the panel with Grafana's own charts, drawing the same data in Chromium.")
  .option("--lanes <n>", "series", atLeastOne, 8)
  .option("--points <n>", "points a series", atLeastOne, 10_000)
  .option("--rounds <n>", "pairs of rounds", atLeastOne, 7)
  .addHelpText(
    "after",
    "\nExamples:\n  npm run bench:panel\n  npm run bench:panel -- --lanes 16 --points 2000",
  )
  .parse()
  .opts<{ lanes: number; points: number; rounds: number }>();

/** New data that each round draws; the round's time is their median. */
const UPDATES = 9;

const frames = Array.from({ length: lanes }, (_, i) =>
  frame(
    `Latency ${i + 1}`,
    wave(points, i, (t) => 0.1 * (i + 1) + 0.1 * t, 0.03),
    LIMITED.latency,
  ),
);
const input = { frames, from: END - SPAN, to: END, width: 1_200, height: 800 };
const stage = await openStage();
await stage.page.setViewportSize({ width: 1_200, height: 800 });

/** Milliseconds until the first picture, and the median until new data is painted. */
async function measure(kind: "panel" | "uplot"): Promise<{ first: number; update: number }> {
  await stage.show({ ...input, frames: [], kind });
  const first = await stage.page.evaluate(
    async (given) => {
      const start = performance.now();
      await window.stage.show(given);
      return performance.now() - start;
    },
    { ...input, kind },
  );
  const update = await stage.page.evaluate((times) => window.stage.time(times), UPDATES);
  return { first, update };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

try {
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, Chromium ${stage.page.context().browser()?.version()}; ` +
      `${lanes} lanes x ${points} points, ${rounds} pairs of rounds`,
  );
  const ours: { first: number; update: number }[] = [];
  const theirs: { first: number; update: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const pair = [await measure("panel"), await measure("uplot")] as const;
    if (round < 0) continue;
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  console.log("              panel ms   UPlotChart ms   ratio, median of pairs");
  for (const [title, what] of [
    ["first draw", "first"],
    ["update", "update"],
  ] as const) {
    const ratio = median(ours.map((one, i) => one[what] / theirs[i]![what]));
    const [a, b] = [ours, theirs].map((all) => median(all.map((one) => one[what])).toFixed(1));
    console.log(
      `${title.padEnd(12)}${a!.padStart(10)}${b!.padStart(16)}${ratio.toFixed(2).padStart(12)}`,
    );
  }
} finally {
  await stage.close();
}
