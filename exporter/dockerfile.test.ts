import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";

const root = join(import.meta.dirname, "..");

describe.each([
  ["exporter", 9700, "HEADROOM_TOKEN"],
  ["incidents", 9702, "HEADROOM_INCIDENTS_TOKEN"],
])("%s/Dockerfile", (program, ownPort, token) => {
  let lines: readonly string[];
  beforeAll(async () => {
    const text = await readFile(join(root, program, "Dockerfile"), "utf8");
    lines = text.replaceAll("\\\n", " ").split("\n");
  });
  const after = (instruction: string): string[] =>
    lines
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1).trim());

  it("starts from the Node that the other commands run on", async () => {
    const { devEngines } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      devEngines: { runtime: { version: string } };
    };
    const bases = after("FROM").filter((from) => !from.startsWith("packages "));
    expect(bases.length).toBeGreaterThan(1);
    const version = devEngines.runtime.version.replaceAll(".", "\\.");
    for (const base of bases) expect(base).toMatch(RegExp(`^node:${version}-bookworm-slim`));
  });

  it("copies what is there, and the package.json of every workspace", async () => {
    const { workspaces } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      workspaces: string[];
    };
    const copied = after("COPY")
      .filter((words) => !words.startsWith("--from"))
      .flatMap((words) => words.split(" ").slice(0, -1));
    for (const file of copied) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
    for (const name of workspaces) expect(copied).toContain(`${name}/package.json`);
  });

  it("takes along every folder into which npm puts packages that run", async () => {
    const { packages } = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
      packages: Readonly<Record<string, { readonly dev?: true }>>;
    };
    const folders = Object.entries(packages).flatMap(([path, { dev }]) => {
      const [, folder] = RegExp(`^((?:${program}/)?node_modules/)`).exec(path) ?? [];
      return folder === undefined || dev ? [] : [`/headroom/${folder}`];
    });
    const copied = after("COPY").flatMap(
      (words) => /^--from=runtime-packages (\S+)/.exec(words)?.[1] ?? [],
    );
    expect(folders).toContain("/headroom/node_modules/");
    for (const folder of new Set(folders)) {
      const taken = copied.some((from) => folder.startsWith(`${from}/`));
      expect([folder, taken]).toEqual([folder, true]);
    }
  });

  it("runs as a user without rights", () => {
    const last = lines.findLastIndex((line) => line.startsWith("FROM "));
    expect(lines.slice(last).filter((line) => line.startsWith("USER "))).toEqual(["USER node"]);
  });

  it.each([
    [200, 0],
    [503, 1],
  ])("is healthy when /readyz answers %i: exit code %i", async (status, code) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((req, res) => {
      asked.push(`${req.url} ${req.headers.authorization}`);
      res.writeHead(status).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await healthcheck(port)).toBe(code);
    expect(asked).toEqual(["/readyz Bearer a-token-of-this-test"]);
    server.close();
  });

  it("is not healthy when nothing answers", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    expect(await healthcheck(port)).toBe(1);
  });

  /** Runs the command of HEALTHCHECK against another port; its exit code. */
  async function healthcheck(port: number): Promise<number> {
    const [line = ""] = after("HEALTHCHECK");
    const [, ...args] = JSON.parse(line.slice(line.indexOf("["))) as string[];
    const child = spawn(
      process.execPath,
      args.map((arg) => arg.replace(`:${ownPort}`, `:${port}`)),
      { env: { [token]: "a-token-of-this-test" }, stdio: "ignore" },
    );
    const [code] = (await once(child, "exit")) as [number];
    return code;
  }
});
