import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

const HERE = import.meta.dirname;
const LOCKED = { "node_modules/left": { version: "1.0.0" } };

/** Stands in for npm where the network must not be used: notes how it was called. */
const NPM = `#!/bin/sh
echo "$@" >> "$LOG_FILE"
echo "omit=$npm_config_omit env=$NODE_ENV registry=$npm_config_registry" >> "$LOG_FILE.env"
echo "npm talks on standard output"
if [ -n "$FAILS_WITH" ]; then echo "npm error $FAILS_WITH" >&2; exit 1; fi
mkdir -p node_modules
[ ! -f package-lock.json ] || cp package-lock.json node_modules/.package-lock.json
`;

let root: string;

const write = async (path: string, content: unknown) => {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content), {
    mode: 0o755,
  });
};

function bootstrap(env: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, "stack", "bootstrap.mjs")],
      { env: { PATH: `${join(root, "bin")}:/usr/bin:/bin`, LOG_FILE: join(root, "log"), ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

/** Makes the project need at least this Node. */
const needs = (major: string) =>
  write("package.json", {
    engines: { node: `>=${major}` },
    devEngines: { runtime: { name: "node", version: `${major}.1.2` } },
  });

const calls = async () =>
  (await readFile(join(root, "log"), "utf8").catch(() => "")).split("\n").filter(Boolean);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "headroom-bootstrap-"));
  for (const file of ["bootstrap.mjs", "bootstrap-needs.mjs", "lock.mjs"]) {
    await cp(join(HERE, file), join(root, "stack", file));
  }
  await needs("18");
  await write("package-lock.json", { packages: LOCKED });
  await write("bin/npm", NPM);
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe("bootstrap", () => {
  it("installs from the lockfile when nothing is installed, and keeps standard output clean", async () => {
    const { code, stdout, stderr } = await bootstrap();
    expect(code).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("node_modules is missing");
    expect(await calls()).toEqual([expect.stringMatching(/^ci /)]);
  });

  it("does nothing and says nothing when what is installed fits", async () => {
    await write("node_modules/.package-lock.json", { packages: LOCKED });
    expect(await bootstrap()).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await calls()).toEqual([]);
  });

  it("brings packages up to date in place when the lockfile has another version", async () => {
    await write("node_modules/.package-lock.json", {
      packages: { "node_modules/left": { version: "0.9.0" } },
    });
    const { stderr } = await bootstrap();
    expect(stderr).toContain("node_modules/left is not the version in package-lock.json");
    expect(await calls()).toEqual([expect.stringMatching(/^install --no-save /)]);
  });

  it("accepts that optional packages of other platforms are not installed", async () => {
    await write("package-lock.json", {
      packages: { ...LOCKED, "node_modules/other": { version: "1.0.0", optional: true } },
    });
    await write("node_modules/.package-lock.json", { packages: LOCKED });
    expect((await bootstrap()).stderr).toBe("");
  });

  it("installs without the lockfile's check when that refuses missing optional packages", async () => {
    const { code, stderr } = await bootstrap({ FAILS_WITH: "are not in sync" });
    expect(code).toBe(1);
    expect(stderr).toContain("npm error are not in sync");
    expect(await calls()).toEqual([
      expect.stringMatching(/^ci /),
      expect.stringMatching(/^install /),
    ]);
  });

  it("fails with what npm said and what to do next", async () => {
    const { code, stdout, stderr } = await bootstrap({ FAILS_WITH: "network is down" });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("npm error network is down");
    expect(stderr).toContain("Check the network");
    expect(await calls()).toHaveLength(1);
  });

  it("shields npm from settings of an outer command, but not from how to reach the registry", async () => {
    await bootstrap({
      npm_config_omit: "dev",
      NODE_ENV: "production",
      npm_config_registry: "http://registry.test/",
    });
    expect(await readFile(join(root, "log.env"), "utf8")).toBe(
      "omit= env= registry=http://registry.test/\n",
    );
  });

  it("adds the engine's binary when it is missing, at the engine's own version", async () => {
    await write("node_modules/.package-lock.json", { packages: LOCKED });
    await write("node_modules/node-llama-cpp/package.json", {
      optionalDependencies: {
        "@node-llama-cpp/linux-x64": "3.0.1",
        "@node-llama-cpp/linux-arm64": "3.0.1",
        "@node-llama-cpp/mac-arm64-metal": "3.0.1",
        "@node-llama-cpp/mac-x64": "3.0.1",
      },
    });
    expect((await bootstrap()).code).toBe(0);
    expect(await calls()).toEqual([
      expect.stringMatching(
        /^install --no-save --no-package-lock .*@node-llama-cpp\/[a-z0-9-]+@3\.0\.1/,
      ),
    ]);
  });

  it("fetches a newer Node where its own is too old, once, for the commands that come after", async () => {
    await write("node_modules/.package-lock.json", { packages: LOCKED });
    await needs("99");
    expect((await bootstrap()).code).toBe(0);
    expect(await calls()).toEqual([
      expect.stringMatching(/^install --no-save node-(bin-)?[a-z]+-[a-z0-9]+@99\.1\.2 /),
    ]);
    const link = await readlink(join(root, "node_modules", ".bin", "node"));
    expect(link).toMatch(/^\.\.\/\.\.\/\.tools\/node-99\.1\.2\/.*\/bin\/node$/);
    await write(join("node_modules", ".bin", link), "");
    expect(await bootstrap()).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("says how to get a newer Node where none can be fetched", async () => {
    await write("node_modules/.package-lock.json", { packages: LOCKED });
    await needs("99");
    const { code, stderr } = await bootstrap({ FAILS_WITH: "404 Not Found" });
    expect(code).toBe(1);
    expect(stderr).toContain("99 or newer is needed, and Node 99.1.2 cannot be fetched");
    expect(stderr).toContain("npm error 404 Not Found");
    expect(stderr).toContain("nvm install 99");
  });

  it("refuses a graphics card that it does not know", async () => {
    await write("node_modules/.package-lock.json", { packages: LOCKED });
    const { code, stderr } = await bootstrap({ HEADROOM_GPU: "abacus" });
    expect(code).toBe(1);
    expect(stderr).toContain("allowed are auto, off, metal, cuda, vulkan");
  });

  it.each(["auto", "off"])("adds no graphics card's binary for HEADROOM_GPU=%s", async (gpu) => {
    await write("node_modules/.package-lock.json", { packages: LOCKED });
    const { code, stderr } = await bootstrap({ HEADROOM_GPU: gpu });
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });

  it("lets two commands at once install only once", async () => {
    const results = await Promise.all([bootstrap(), bootstrap(), bootstrap()]);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await calls()).toHaveLength(1);
  });
});
