/**
 * Files two notifications, one after the other, in a folder, and kills itself at its n-th step on
 * the disk: `killed-writer.ts <folder> <n>`. Each answer that a sender would have got is written to
 * stdout as a line.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { writeSync } from "node:fs";

const [folder = "", killAt = ""] = process.argv.slice(2);
let steps = 0;

function step(before: () => void = () => {}): void {
  if (++steps !== Number(killAt)) return;
  before();
  process.kill(process.pid, "SIGKILL");
}

const { open } = fs;
const wrapped = ["mkdir", "rename", "symlink", "rm", "readlink", "readdir", "stat"] as const;
for (const name of wrapped) {
  const real = fs[name] as (...args: unknown[]) => Promise<unknown>;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
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
const { IncidentStore } = await import("../incident-store.ts");
const { Incidents } = await import("../incidents.ts");
const { notification } = await import("./example-alerts.ts");

const nothing = (): void => {};
const incidents = new Incidents({
  store: new IncidentStore(folder),
  surroundings: () => ({ build: "test", model: "none", hardware: "none" }),
  observer: { notified: nothing, resolved: nothing },
  logger: { info: nothing, warn: nothing, error: nothing },
});
for (const fingerprint of ["1", "2"]) {
  await incidents.receive([notification({ fingerprint })]);
  writeSync(1, `${fingerprint}\n`);
}
