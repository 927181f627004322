import { fork } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { until } from "../../http/testing/test-server.ts";
import { thisMachine } from "../sources.ts";
import { machineOf } from "../testing/recorded-machine.ts";
import { ListenerMemory, listenersOn } from "./listener-memory.ts";

// As Linux writes it: a listener on every address (2CAA is 11434), one on loopback, and connections of both.
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:265D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3311991 1 000000002e35fdc4 100 0 0 10 0
   1: 0100007F:D2F0 0100007F:2CAA 01 00000000:00000000 00:00000000 00000000  1000        0 7000002 1 00000000ae0fc1e8 20 4 30 10 -1
   2: 0100007F:2CAA 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 7000003 1 00000000ae0fc1e9 20 4 30 10 -1
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:2CAA 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 7000001 1 00000000bce428d3 100 0 0 10 0
`;

const recorded = (platform: string, sections: Readonly<Record<string, string>>) =>
  machineOf(
    `>>> machine ${platform} arm64 parallelism=8\n` +
      Object.entries(sections)
        .map(([name, text]) => `>>> ${name}\n${text}\n`)
        .join(""),
  );

const LINUX = {
  "file /proc/net/tcp": TCP,
  "file /proc/net/tcp6": TCP6,
  "folder /proc": "1 41 42 acpi net self",
  "folder /proc/1/fd": "",
  "folder /proc/41/fd": "0 3",
  "link /proc/41/fd/0": "/dev/null",
  "link /proc/41/fd/3": "socket:[7000003]",
  "folder /proc/42/fd": "0 1 3",
  "link /proc/42/fd/3": "socket:[7000001]",
};

describe("who listens on a port", () => {
  it("is found on Linux by the socket that is open", async () => {
    const machine = recorded("linux", LINUX);
    expect(await listenersOn(11_434, machine)).toEqual([42]);
    expect(await listenersOn(11_434, machine, [41])).toEqual([42]);
    expect(await listenersOn(9821, machine)).toEqual([]);
    expect(await listenersOn(80, machine)).toEqual([]);
  });

  it("is who listened before, where that one still does", async () => {
    const { "folder /proc": _all, ...rest } = LINUX;
    expect(await listenersOn(11_434, recorded("linux", rest), [42])).toEqual([42]);
  });

  it("is found on a Mac by lsof", async () => {
    const lsof = "run /usr/sbin/lsof -nP -iTCP:11434 -sTCP:LISTEN -Fp";
    const machine = recorded("darwin", { [lsof]: "p812\nf3\nf5\np990\nf4" });
    expect(await listenersOn(11_434, machine)).toEqual([812, 990]);
    // lsof ends with 1 when nobody does.
    expect(await listenersOn(80, machine)).toEqual([]);
  });

  it("is not looked for elsewhere", async () => {
    expect(await listenersOn(80, recorded("win32", {}))).toEqual([]);
  });
});

if (process.platform === "linux" || process.platform === "darwin") {
  it("the memory of a program that listens is that of all its processes, while it does", async () => {
    const server = fork(new URL("testing/server-with-child.js", import.meta.url), { execArgv: [] });
    const [port] = (await once(server, "message")) as [number];
    const memory = new ListenerMemory({ sources: thisMachine(5_000), port });
    await until(() => memory.bytes !== undefined);
    // Node alone is some 40 MB, and each of the two has 60 MB of its own.
    expect(memory.bytes).toBeGreaterThan(150e6);
    expect(memory.bytes).toBeLessThan(600e6);
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    await ended;
    await until(() => memory.bytes === undefined);
    memory.close();
  });
}
