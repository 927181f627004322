import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { signalGroup, spawnTied } from "@headroom/loadtest/run/tied-process";
import { INTERRUPTED } from "../command.ts";
import { ROOT } from "../places.ts";
import type { Composed } from "./composed.ts";
import { CONTAINERS, podman } from "./podman.ts";
import { expect, type Proof } from "./proofs.ts";

/** What the check says when it gets there: at work on an image, and with all services up. */
const MOMENTS = ["Building the image of exporter", "2/"];

/** Interrupts checks within the check, whose services must give way to theirs: so it comes last. */
export const INTERRUPT: Proof = {
  what: "Ctrl-C leaves nothing behind, whatever it interrupts",
  run: async (composed) => {
    await composed.stop();
    const before = await present();
    const seconds: string[] = [];
    for (const moment of MOMENTS) {
      seconds.push((await interruptAt(moment, composed)).toFixed(1));
      await composed.until(`as before "${moment}"`, 10, async () => {
        const left = (await present()).filter((one) => !before.includes(one));
        if (left.length > 0) throw new Error(`left are ${left.join(", ")}`);
        return true;
      });
    }
    return `ended with ${INTERRUPTED} after ${seconds.join(" and ")} s; no process, mount, container or folder is left`;
  },
};

/** @returns the seconds until it ended */
async function interruptAt(moment: string, composed: Composed): Promise<number> {
  const check = [join(ROOT, "stack", "containers-check.ts")];
  const child = spawnTied(process.execPath, check, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += text));
  try {
    await composed.until(`at "${moment}"`, 120, async () => {
      if (child.exitCode !== null) throw new Error(said);
      return said.includes(moment);
    });
    const began = performance.now();
    signalGroup(child, "SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    expect("exit code", code, INTERRUPTED);
    return (performance.now() - began) / 1000;
  } finally {
    signalGroup(child, "SIGKILL");
  }
}

/** Everything that a check makes, by name. */
async function present(): Promise<readonly string[]> {
  const ask = ["ps --all --external", "pod ls", "volume ls", "network ls"];
  const known = ask.map((what) => podman([...what.split(" "), "--quiet"]));
  const lists = await Promise.all([readFile("/proc/self/mounts", "utf8"), ...known]);
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const named = processes.map((id) => readFile(`/proc/${id}/comm`, "utf8").catch(() => "ended"));
  const running = (await Promise.all(named)).map((name, at) => `${name.trim()} ${processes[at]}`);
  return [...lists.flatMap((list) => list.split("\n")), ...running, ...(await readdir(CONTAINERS))];
}
