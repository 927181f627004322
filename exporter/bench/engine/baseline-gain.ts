import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatRatio, formatRate } from "@headroom/loadtest/report/format";
import {
  type Baseline,
  baselineFile,
  type Machine,
  readBaseline,
} from "@headroom/loadtest/report/baseline";

/** Where load runs save what later runs are compared with. */
const FOLDER = fileURLToPath(new URL("../../../loadtest/baselines", import.meta.url));

/** One message a request, one connection, no cache. */
const UNBATCHED = "baseline";

/**
 * The saved unbatched run of a model: this machine's, or else one of another.
 *
 * @returns undefined when none was saved
 * @throws Error when it cannot be read
 */
export async function savedBaseline(
  model: string,
  machine: Machine,
  folder = FOLDER,
): Promise<Baseline | undefined> {
  const own = baselineFile(folder, UNBATCHED, { model, simulated: false }, machine);
  // Everything in its name that is not the machine.
  const [profile, slug] = basename(own).split("--");
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${profile}--${slug}--`));
  const chosen = files.find((file) => file === basename(own)) ?? files[0];
  return chosen === undefined ? undefined : readBaseline(join(folder, chosen));
}

/** What a rate gained over the saved one, in a sentence that says when and on what that was measured. */
export function gainInWords(rate: number, saved: Baseline, machine: Machine): string {
  const then = saved.machine;
  const was = `${then.cpu}, ${then.cores} cores, ${(then.memoryBytes / 1e9).toFixed(0)} GB, Node ${then.node}`;
  const differs = [
    ...(then.cpu === machine.cpu ? [] : [`the processor (${machine.cpu} here)`]),
    ...(then.cores === machine.cores ? [] : [`the number of cores (${machine.cores} here)`]),
    ...(then.os === machine.os ? [] : [`the system (${machine.os} here)`]),
    ...(then.node === machine.node ? [] : [`Node's version (${machine.node} here)`]),
  ];
  const ratio = formatRatio(rate / saved.messagesPerSecond);
  return (
    `Unbatched, ${formatRate(saved.messagesPerSecond)} messages/s were saved on ` +
    `${saved.measuredAt.slice(0, 10)} (one message a request, one connection, by k6; ${was}): ` +
    `${ratio} of that now. ` +
    (differs.length === 0
      ? "It is the same kind of machine, but another day."
      : `What differs besides the day: ${differs.join(", ")}; so the ratio is not of one machine.`)
  );
}
