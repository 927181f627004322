import { execFile } from "node:child_process";
import { existsSync, globSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { DrillStack } from "../../drill/drill-stack.ts";
import { connectTo, sendAlert } from "../ask.ts";
import type { Found, Row } from "../row.ts";

const run = promisify(execFile);

/** More than the process may have files open, and more connections than that. */
const DESCRIPTORS = 200;
const CONNECTIONS = 400;
const HOLD_MS = 6_000;

const CLOCK_MS = 4_000;

/** Its own small disk for incidents, which is gone with the process. */
const SMALL_DISK =
  `mkdir -p "$HEADROOM_INCIDENTS_FOLDER"\n` +
  `set -- sh -c 'mount -t tmpfs -o size=256k tmpfs "$HEADROOM_INCIDENTS_FOLDER" && exec "$@"' sh "$@"\n` +
  `set -- unshare --map-root-user --mount "$@"`;

/** What this machine lacks for a disk of its own. */
async function lacksDisk(): Promise<string | undefined> {
  return run("unshare", "--map-root-user --mount mount -t tmpfs none /mnt".split(" ")).then(
    () => undefined,
    () => "it takes Linux with unshare, and leave to mount in a namespace of its own",
  );
}

/** Runs a shell command where that disk is seen. */
async function onDisk(stack: DrillStack, command: string): Promise<void> {
  const namespaces = ["--target", String(stack.pidOf("incidents")), "--user", "--mount"];
  const shell = ["sh", "-c", `cd "$0" && ${command}`, stack.incidentsFolder];
  await run("nsenter", [...namespaces, "--preserve-credentials", ...shell]);
}

/** The disk cannot be written to for a while; alerts are refused, so that their sender keeps them. */
async function withoutDisk(stack: DrillStack, spoil: string, mend: string): Promise<Found> {
  const alert = (name: string) =>
    sendAlert(stack, name, { alertname: `Chaos${name}`, instance: name });
  await onDisk(stack, spoil);
  const during = await alert("during");
  await sleep(3_000);
  await onDisk(stack, mend);
  const after = await alert("after");
  return {
    lostAlerts: during === 200 ? 1 : 0,
    problems: after === 200 ? [] : [`an alert after it was answered with ${after}`],
    note: `an alert meanwhile is answered with ${during}, and with ${after} after it`,
  };
}

/** Where Debian and others keep the library that lets a process see another time. */
const [FAKETIME] = globSync(
  "{/usr/lib,/usr/local/lib,/opt/homebrew/lib}/{,*/}faketime/libfaketimeMT.so.1",
);

/** The exporter's clock goes by a file named after its process. */
const clockFile = (pid: string | number) => join(tmpdir(), `headroom-clock-${pid}`);
const OTHER_CLOCK = [
  `export FAKETIME_TIMESTAMP_FILE="${clockFile("$$")}"`,
  `echo +0 > "$FAKETIME_TIMESTAMP_FILE"`,
  `export FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 LD_PRELOAD=${FAKETIME}`,
].join("\n");

/** The system gives less than it did: descriptors, disk, time. */
export const SYSTEM_ROWS: readonly Row[] = [
  {
    name: "descriptors",
    fault: `the exporter may open ${DESCRIPTORS} files, and ${CONNECTIONS} connections are opened`,
    setup: { shell: { exporter: `ulimit -n ${DESCRIPTORS}` } },
    async run(stack): Promise<Found> {
      const all = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectTo(stack)));
      let ended = 0;
      for (const socket of all) socket?.resume().once("close", () => ended++);
      await sleep(HOLD_MS);
      const refused = ended + all.filter((socket) => !socket).length;
      for (const socket of all) socket?.destroy();
      return {
        problems: refused > 0 ? [] : ["the descriptors did not run out"],
        note: `${refused} of ${CONNECTIONS} connections were dropped`,
      };
    },
    // A connection that there is no descriptor for cannot even be refused in words.
    expect: {
      lost: 200,
      p95Ms: 1000 + HOLD_MS,
      mayAlert: ["HeadroomExporterDown", "HeadroomLatencyHigh", "HeadroomLatencyCritical"],
    },
  },
  {
    name: "log-full",
    fault: "the disk of the exporter's log is full from its start on",
    lacks: async () => (existsSync("/dev/full") ? undefined : "it takes /dev/full, as on Linux"),
    setup: { shell: { exporter: "exec > /dev/full 2>&1" } },
    async run() {
      await sleep(HOLD_MS);
    },
  },
  {
    name: "disk-full",
    fault: "the disk of the incidents is full",
    lacks: lacksDisk,
    setup: { shell: { incidents: SMALL_DISK } },
    run: (stack) => withoutDisk(stack, "! cat /dev/zero > fill 2>&1", "rm fill"),
  },
  {
    name: "disk-read-only",
    fault: "the disk of the incidents becomes read-only",
    lacks: lacksDisk,
    setup: { shell: { incidents: SMALL_DISK } },
    run: (stack) => withoutDisk(stack, "mount -o remount,ro .", "mount -o remount,rw ."),
  },
  {
    name: "clock",
    fault: "the exporter's clock jumps an hour ahead, and two hours back",
    lacks: async () =>
      FAKETIME ? undefined : "it takes libfaketime (Debian: apt-get install faketime)",
    setup: { shell: { exporter: OTHER_CLOCK } },
    async run(stack): Promise<Found> {
      const seen: number[] = [];
      for (const offset of [3600, -3600, 0]) {
        const text = `${offset < 0 ? "" : "+"}${offset}\n`;
        writeFileSync(clockFile(stack.pidOf("exporter")), text);
        await sleep(CLOCK_MS);
        const { headers } = await fetch(`${stack.exporter}/healthz`);
        seen.push((Date.parse(headers.get("date")!) - Date.now()) / 1000 - offset);
      }
      rmSync(clockFile(stack.pidOf("exporter")), { force: true });
      const right = seen.every((off) => Math.abs(off) < 10);
      return { problems: right ? [] : ["the exporter's clock did not jump"] };
    },
  },
];
