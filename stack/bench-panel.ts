import { join } from "node:path";
import { buildPanel } from "./builds.ts";
import { begin, runCommand } from "./command.ts";
import { runVisibly } from "./processes/run.ts";
import { requireTool } from "./tools/obtain.ts";

// The benchmark's own options, --help among them, pass through.
await runCommand(async () => {
  const running = begin();
  // Neither a browser nor a build is needed for its help.
  const asksHelp = process.argv.some((word) => /^(-h|--help)$/.test(word));
  const program = join("grafana-plugin", "browser", "bench.ts");
  const args = [program, ...process.argv.slice(2)];
  if (asksHelp) return runVisibly(process.execPath, args, running);
  const chromium = await requireTool("chromium", running);
  await buildPanel(running);
  return runVisibly(process.execPath, args, {
    env: { ...process.env, HEADROOM_CHROMIUM: chromium },
    signal: running.signal,
  });
});
