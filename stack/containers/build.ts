/** Makes all images. `npm run containers:check` starts it apart from the machine's own podman. */
import { begin, runCommand } from "../command.ts";
import { buildImages, makeStandIns, pullImages } from "./images.ts";
import { removeAll } from "./podman.ts";

await runCommand(async () => {
  const running = begin();
  // What an earlier run left that was killed.
  await removeAll();
  try {
    await (process.argv.includes("--pull") ? pullImages(running) : makeStandIns(running));
    await buildImages(running);
    return 0;
  } finally {
    await removeAll();
  }
});
