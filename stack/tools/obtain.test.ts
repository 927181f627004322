import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { optionalTool, requireTool } from "./obtain.ts";

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
  requireTool("k6", optionsOf(env, signal));

const optionsOf = (env: NodeJS.ProcessEnv, signal = new AbortController().signal) => ({
  env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, BUILDS: join(folder, "builds"), ...env },
  toolsFolder: join(folder, "tools", "bin"),
  activity: <T>(_title: string, work: () => Promise<T>) => work(),
  signal,
});

const builds = async () => (await readFile(join(folder, "builds"), "utf8")).trim().split("\n");

describe("requireTool", () => {
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

describe("optionalTool", () => {
  let said: string[];
  const optional = (name: "k6" | "redis-server", options: { env?: object; look?: true } = {}) =>
    optionalTool(name, {
      ...optionsOf({ PATH: join(folder, "bin"), ...options.env }),
      ...(options.look && { look: true }),
      without: "There is no load.",
      say: (text) => said.push(text),
    });
  beforeEach(() => {
    said = [];
  });

  it("says why it is missing, what to do, and what goes on without it", async () => {
    expect(await optional("k6")).toBeUndefined();
    expect(said).toEqual([
      expect.stringMatching(
        /^Note: There is no load\.\nk6 2\.0 or newer is missing; it makes the load\.\n.*Go.*\nInstall it/,
      ),
    ]);
  });

  it("only looks when told so, and names what was passed over", async () => {
    await installGo();
    const old = join(folder, "bin", "redis-server");
    await writeFile(old, "#!/bin/sh\necho Redis server v=5.0.1\n", { mode: 0o755 });
    expect(await optional("redis-server", { look: true })).toBeUndefined();
    expect(said.join()).toContain(`passed over ${old}: it is version 5.0, and 6.0 or newer`);
    expect(said.join()).toMatch(/macOS: +brew install redis/);
    expect(await builds().catch(() => [])).toEqual([]);
  });

  it("takes a variable that names a wrong file for a mistake", async () => {
    const env = { HEADROOM_K6: join(folder, "nowhere") };
    await expect(optional("k6", { env })).rejects.toThrow(/HEADROOM_K6 names .*nowhere/);
    expect(said).toEqual([]);
  });
});
