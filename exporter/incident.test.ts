import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { IncidentStore } from "./src/operations/incident-store.ts";
import { Incidents } from "./src/operations/incidents.ts";
import { notification } from "./src/operations/testing/example-alerts.ts";

const COMMAND = fileURLToPath(new URL("./incident.ts", import.meta.url));

let folder: string;
let id: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-incident-"));
  const { incidents } = await create().receive([notification()]);
  id = incidents[0]!;
});
afterEach(() => rm(folder, { recursive: true }));

function create(): Incidents {
  return new Incidents({
    store: new IncidentStore(join(folder, "incidents")),
    surroundings: () => ({ build: "b", model: "m", hardware: "h" }),
    observer: { notified: () => {}, resolved: () => {} },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  });
}

async function incident(...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", COMMAND, ...args], {
    env: { PATH: process.env["PATH"], HEADROOM_DATA_FOLDER: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit") as Promise<[number]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { out, err, code };
}

describe("npm run incident", () => {
  it("lists, shows, notes and closes, and the exporter goes on from there", async () => {
    const [listed, shown] = await Promise.all([incident("list"), incident("show", "MemoryHigh")]);
    expect(listed).toMatchObject({ code: 0, out: `open      warning   ${id}  (1 alerts)\n` });
    expect(shown.out).toContain("# HeadroomMemoryHigh (warning)");

    // At once: neither may undo the other.
    const [noted, closed] = await Promise.all([
      incident("note", id, "restarted the *import*"),
      incident("close", id, "--json"),
    ]);
    expect(noted).toMatchObject({ code: 0, out: `Noted in ${id}.\n` });
    expect(JSON.parse(closed.out)).toMatchObject({ id, status: "closed" });

    const end = { status: "resolved", endsAt: "2026-01-02T03:14:05.000Z" } as const;
    const { filings } = await create().receive([notification(end)]);
    expect(filings).toMatchObject({ resolved: 1 });
    const again = await incident("show", id, "--json", "--folder", folder);
    const { status, body } = JSON.parse(again.out) as { status: string; body: string };
    expect(status).toBe("closed");
    for (const line of [
      "**note** restarted the \\*import\\*",
      "**closed** while open",
      "**resolved**",
    ]) {
      expect(body).toContain(line);
    }
    expect(await incident("close", id)).toMatchObject({
      code: 1,
      err: expect.stringContaining("has been closed since"),
    });
  }, 30_000);

  it("says what is wrong, with 1 for incidents and 2 for the command line", async () => {
    await writeFile(join(folder, "incidents", "torn.md"), "no front matter");
    const [help, missing, unknown, flag, nowhere, empty, torn] = await Promise.all([
      incident("--help"),
      incident("show", "no-such"),
      incident("burn"),
      incident("list", "--colour"),
      incident("list", "--folder", join(folder, "nowhere")),
      incident("note", id, "  "),
      incident("list", "--json"),
    ]);
    expect([help.code, missing.code, unknown.code, flag.code]).toEqual([0, 1, 2, 2]);
    expect([nowhere.code, empty.code, torn.code]).toEqual([2, 1, 0]);
    expect(help.out).toContain("Exit codes: 0 done; 1");
    expect(missing.err).toContain('There is no incident "no-such"');
    expect(flag.err).toContain("unknown option '--colour'");
    expect(nowhere.err).toContain("check --folder");
    expect(torn.err).toContain("torn.md: The front matter is missing");
    expect(JSON.parse(torn.out)).toMatchObject([{ id, status: "open" }]);
    expect(await readdir(folder)).toEqual(["incidents"]);
  }, 30_000);
});
