/** Runs every proof, in a network of its own. `npm run containers:check` starts it there. */
import { begin, runCommand } from "../command.ts";
import { makeRunFolder } from "../places.ts";
import { say } from "../progress.ts";
import { Composed } from "./composed.ts";
import { FAULTS } from "./faults.ts";
import { INTERRUPT } from "./interrupt.ts";
import { LOAD_POD } from "./pods.ts";
import { removeAll } from "./podman.ts";
import { PROOFS } from "./proofs.ts";

await runCommand(async () => {
  const { activity, signal } = begin();
  const folder = await makeRunFolder();
  // What an earlier run left that was killed.
  await removeAll();
  const composed = new Composed(folder, signal);
  const failed: string[] = [];
  // Another check would fetch the real images again, from where no registry is reached.
  const last = process.argv.includes("--pull") ? [] : [INTERRUPT];
  const proofs = [...PROOFS, LOAD_POD, ...FAULTS, ...last];
  try {
    await activity("Starting the compose file's services", () => composed.start());
    for (const [index, { what, run }] of proofs.entries()) {
      let seen = "";
      try {
        seen = await activity(`${index + 1}/${proofs.length} ${what}`, () => run(composed));
      } catch (error) {
        signal.throwIfAborted();
        failed.push(what);
        seen = `FAILED: ${(error as Error).message}`;
      }
      console.log(`${what}: ${seen}`);
    }
  } finally {
    await composed.stop();
  }
  say(`${proofs.length - failed.length} of ${proofs.length} hold. Logs: ${folder.path}/logs`);
  return failed.length === 0 ? 0 : 1;
});
