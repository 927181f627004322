/**
 * Does a work on the incidents of a folder, and kills itself at its n-th step on the disk:
 * `killed-writer.ts <work> <folder> <n>`. Each answer that was given is written to stdout as a line.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { writeSync } from "node:fs";

const [name = "", folder = "", killAt = ""] = process.argv.slice(2);
let steps = 0;

function step(before: () => void = () => {}): void {
  if (++steps !== Number(killAt)) return;
  before();
  process.kill(process.pid, "SIGKILL");
}

const { open } = fs;
const wrapped = ["mkdir", "rename", "symlink", "rm", "readlink", "readdir", "stat"] as const;
for (const called of wrapped) {
  const real = fs[called] as (...args: unknown[]) => Promise<unknown>;
  Object.assign(fs, {
    [called]: (...args: unknown[]) => {
      step();
      return real(...args);
    },
  });
}
fs.open = async (...args) => {
  step();
  const file = await open(...args);
  const writeFile = file.writeFile.bind(file);
  file.writeFile = (data, options) => {
    // Killed in the middle of a write: half of the text is there.
    step(() => writeSync(file.fd, String(data).slice(0, String(data).length / 2)));
    return writeFile(data, options);
  };
  const sync = file.sync.bind(file);
  file.sync = () => {
    step();
    return sync();
  };
  return file;
};
syncBuiltinESMExports();

// Only now, so that they see the functions above.
const { IncidentStore } = await import("../records/incident-store.ts");
const { isWork, WORKS } = await import("./works.ts");

if (!isWork(name)) throw new Error(`there is no work ${JSON.stringify(name)}`);
await WORKS[name](new IncidentStore(folder), (answer) => writeSync(1, `${answer}\n`));
