import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { IncidentStore } from "./src/records/incident-store.ts";
import { Incidents } from "./src/records/record-notifications.ts";
import { notification } from "./src/testing/example-alerts.ts";

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
    store: new IncidentStore(folder),
    observer: { notified: () => {}, resolved: () => {} },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  });
}

async function incident(...args: string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env["PATH"], HEADROOM_INCIDENTS_FOLDER: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit") as Promise<[number]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { out, err, code };
}

describe("npm run incident", () => {
  it("lists, shows, notes and closes, and whoever keeps them goes on from there", async () => {
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
  });

  it("prunes what is closed and over, names it, and keeps the rest", async () => {
    await incident("close", id);
    const age = ["prune", "--older-than", "1h"];
    const young = await incident(...age);
    expect(young.out).toBe("Removed, as closed more than 1h ago: 0\n");

    const file = join(folder, `${id}.md`);
    const closed = "2026-01-02T03:20:00.000Z";
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/^closed: .*$/m, `closed: "${closed}"`));
    const firing = await incident(...age);
    expect(firing).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Kept, since not closed .*: 1$/m),
    });
    expect(firing.out).toContain(`  ${id}  (closed)\n`);

    await create().receive([
      notification({ status: "resolved", endsAt: "2026-01-02T03:14:05.000Z" }),
    ]);
    const dry = await incident(...age, "--dry-run", "--json");
    expect(JSON.parse(dry.out)).toMatchObject({ dryRun: true, removed: [{ id }], kept: [] });
    expect(await readdir(folder)).toEqual([`${id}.md`]);
    const done = await incident(...age);
    expect(done.out).toBe(
      "Removed, as closed more than 1h ago: 1\n" + `  ${id}  (closed ${closed})\n`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("does not mind a reader that has enough", async () => {
    const command = `"$0" "$1" list --folder "$2" | true; exit "\${PIPESTATUS[0]}"`;
    const args = ["-c", command, process.execPath, COMMAND, folder];
    const child = spawn("bash", args, { stdio: ["ignore", "ignore", "pipe"] });
    const exit = once(child, "exit") as Promise<[number]>;
    expect(await text(child.stderr)).toBe("");
    expect(await exit).toEqual([0, null]);
  });

  it("says what is wrong, with 1 for incidents and 2 for the command line", async () => {
    await writeFile(join(folder, "torn.md"), "no front matter");
    const [help, missing, unknown, flag, nowhere, empty, torn, ageless, aged] = await Promise.all([
      incident("--help"),
      incident("show", "no-such"),
      incident("burn"),
      incident("list", "--colour"),
      incident("list", "--folder", join(folder, "nowhere")),
      incident("note", id, "  "),
      incident("list", "--json"),
      incident("prune"),
      incident("prune", "--older-than", "soon"),
    ]);
    expect([help.code, missing.code, unknown.code, flag.code]).toEqual([0, 1, 2, 2]);
    expect([nowhere.code, empty.code, torn.code]).toEqual([2, 1, 0]);
    expect([ageless.code, aged.code]).toEqual([2, 2]);
    expect(ageless.err).toContain("--older-than <age>' not specified");
    expect(aged.err).toContain('an age is like 12h, 90d or 2w, and more than none; got "soon"');
    expect(help.out).toContain("Exit codes: 0 done; 1");
    expect(missing.err).toContain('There is no incident "no-such"');
    expect(flag.err).toContain("unknown option '--colour'");
    expect(nowhere.err).toContain("check --folder");
    expect(torn.err).toContain("torn.md: The front matter is missing");
    expect(JSON.parse(torn.out)).toMatchObject([{ id, status: "open" }]);
    expect((await readdir(folder)).sort()).toEqual([`${id}.md`, "torn.md"].sort());
  });
});
