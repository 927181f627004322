import { join } from "node:path";
import { activityOn } from "./activity.ts";
import { buildPanel } from "./builds/panel.ts";
import { runCommand } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";
import { ROOT } from "./places.ts";
import { runVisibly } from "./processes/run-visibly.ts";
import { requireTool } from "./toolbox.ts";

// The benchmark's own options, --help among them, pass through.
await runCommand(async () => {
  const signal = interruptSignal((text) => process.stderr.write(`${text}\n`));
  const activity = activityOn(process.stderr);
  const chromium = await requireTool("chromium", { activity, signal });
  await buildPanel({ activity, signal });
  const program = join("grafana-plugin", "browser", "bench.ts");
  return runVisibly(process.execPath, [program, ...process.argv.slice(2)], {
    cwd: ROOT,
    env: { ...process.env, HEADROOM_CHROMIUM: chromium },
    signal,
  });
});
