/** Starts a model on a played device, sends the ids of its processes to whoever forked this, and stays. */
import { pino } from "pino";
import { loadConfig } from "../../config.ts";
import { startPlacedScorers } from "../placed-scorers.ts";

const config = loadConfig({ HEADROOM_GPU: "vulkan", HEADROOM_WORKERS: "1" });
const placed = await startPlacedScorers(config, pino({ level: "silent" }), { build: "cpu" });
placed.tryDevice();
while (placed.placement?.on !== "device") {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
process.send!(placed.pids);
