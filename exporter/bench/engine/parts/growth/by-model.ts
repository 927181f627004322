import { statSync } from "node:fs";
import { closingAll, type BenchRun } from "../../bench-run.ts";
import { DEFAULT_CHAT_MODEL } from "../../../../src/models/catalogue.ts";
import { findChatModel } from "../../../../src/models/find-model.ts";
import { secondsOf } from "../../in-turn.ts";
import { batchesOf } from "../../messages.ts";
import { analyseAll, startPipeline } from "../../pipeline.ts";
import { grow, roundsOf, type Growth, type Point } from "./grow.ts";

const METHODS = ["none", "prefix"] as const;

/** Messages of a point: the large model takes a second for some. */
const MESSAGES = { small: 512, large: 4 } as const;

/** The large model's few messages take long, and hardly differ. */
const MOST_ROUNDS = 3;

/** By the model: the embedded one, and the default chat model where it is on this machine. */
export function byModel(run: BenchRun): Promise<Growth> {
  const { config } = run;
  return closingAll(async (keep) => {
    const points: Point[] = [];
    const add = async (file: string, count: number) => {
      const megabytes = `${(statSync(file).size / 1e6).toFixed(1)} MB`;
      run.tell(`starting the model of ${megabytes}`);
      const pipeline = keep(await startPipeline({ ...config, model: file }));
      for (const attribution of METHODS) {
        points.push({
          at: `${pipeline.scorers[0]!.model.id} (${megabytes}), ${attribution}`,
          measure: async (round) => {
            const batches = batchesOf(round, 1, count);
            return (
              count /
              (await secondsOf(() => analyseAll(pipeline.analyser, batches, { attribution })))
            );
          },
        });
      }
    };
    await add(config.model, MESSAGES.small);
    const large = await findChatModel({
      wanted: DEFAULT_CHAT_MODEL.id,
      modelsFolder: config.modelsFolder,
    });
    if (large.state === "found") await add(large.path, MESSAGES.large);
    const grown = await grow(run, points, {
      name: "model",
      title: "Models, with and without prefix attribution (pipeline in process)",
      quantity: "model",
      rounds: Math.min(MOST_ROUNDS, roundsOf(run)),
    });
    if (large.state === "found") return grown;
    const { id } = DEFAULT_CHAT_MODEL;
    const absent = [id, `not here: npm run model -- get ${id} fetches it`, ""];
    return { ...grown, table: { ...grown.table, rows: [...grown.table.rows, absent] } };
  });
}
