import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { TOOLS } from "./catalogue.ts";
import { obtainTool } from "./obtain.ts";

/** Stands in for Go, which would need the network: takes a moment and writes a program. */
const GO = `#!/bin/sh
echo built >> "$BUILDS"
if [ -n "$BROKEN" ]; then echo "no required module provides package" >&2; exit 1; fi
while [ "$1" != "-o" ]; do shift; done
sleep 0.3
printf '#!/bin/sh\\necho k6 v2.2.0\\n' > "$2"
chmod 755 "$2"
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-obtain-"));
  await mkdir(join(folder, "bin"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const installGo = () => writeFile(join(folder, "bin", "go"), GO, { mode: 0o755 });

const obtain = (env: NodeJS.ProcessEnv = {}, signal = new AbortController().signal) =>
  obtainTool(TOOLS.k6, {
    env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, BUILDS: join(folder, "builds"), ...env },
    toolsFolder: join(folder, "tools", "bin"),
    activity: (_title, work) => work(),
    signal,
  });

const builds = async () => (await readFile(join(folder, "builds"), "utf8")).trim().split("\n");

describe("obtainTool", () => {
  it("builds once when two commands need the tool at once, and finds it afterwards", async () => {
    await installGo();
    const built = join(folder, "tools", "bin", "k6");
    expect(await Promise.all([obtain(), obtain()])).toEqual([built, built]);
    expect(await obtain()).toBe(built);
    expect(await builds()).toEqual(["built"]);
    expect(await readdir(join(folder, "tools", "bin"))).toEqual(["k6"]);
  });

  it("tells what Go said and what to type when the build fails", async () => {
    await installGo();
    const failing = obtain({ BROKEN: "yes" });
    await expect(failing).rejects.toThrow(/no required module provides package/);
    await expect(failing).rejects.toThrow(/macOS: +brew install k6/);
    await expect(obtain()).resolves.toContain("k6");
  });

  it("tells what to type when there is no way to obtain it", async () => {
    await expect(obtain({ PATH: join(folder, "bin") })).rejects.toThrow(
      /k6 2\.0 or newer is missing; it makes the load\.\n.*Go.*\nInstall it[^]*Linux:[^]*Docker:[^]*HEADROOM_K6/,
    );
  });

  it("stops the build when interrupted and leaves nothing half made", async () => {
    await installGo();
    const controller = new AbortController();
    const running = obtain({}, controller.signal);
    setTimeout(() => controller.abort(new Error("interrupted")), 50);
    await expect(running).rejects.toThrow("interrupted");
    expect(await readdir(join(folder, "tools", "bin")).catch(() => [])).toEqual([]);
  });
});
