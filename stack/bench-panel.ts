import { join } from "node:path";
import { buildPanel } from "./builds.ts";
import { begin, runCommand } from "./command.ts";
import { runVisibly } from "./processes/run.ts";
import { requireTool } from "./tools/obtain.ts";

// The benchmark's own options, --help among them, pass through.
await runCommand(async () => {
  const running = begin();
  const chromium = await requireTool("chromium", running);
  await buildPanel(running);
  const program = join("grafana-plugin", "browser", "bench.ts");
  return runVisibly(process.execPath, [program, ...process.argv.slice(2)], {
    env: { ...process.env, HEADROOM_CHROMIUM: chromium },
    signal: running.signal,
  });
});
