import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseStat, parseTotalTime, programName } from "./linux-stat.ts";

/** A line of `/proc/PID/stat` in the kernel's layout; only the fields that are read differ. */
function statLine(name: string, utime = 250, stime = 50): string {
  return (
    `42 (${name}) S 1 42 42 0 -1 4194560 1200 9000 0 3 ${utime} ${stime} 7 8 20 0 11 0 ` +
    "98765 1045000192 21150 18446744073709551615 1 1 0 0 0 0 0 4096 134234626 0 0 0 17 1 0 0 0 0 0\n"
  );
}

describe("parseStat", () => {
  it("adds user and system time and leaves out that of children", () => {
    expect(parseStat(statLine("node"))).toEqual({
      pid: 42,
      name: "node",
      time: 300,
      started: 98_765,
      pages: 21_150,
    });
  });

  it("reads a process whatever it calls itself", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(") S 1 (", "a b\n)")), (name) => {
        expect(parseStat(statLine(name))).toMatchObject({ pid: 42, name, time: 300 });
      }),
    );
  });

  it.each(["", "42", "42 (node)", "42 (node) S 1 2"])("finds nothing in %j", (text) => {
    expect(parseStat(text)).toBeUndefined();
  });
});

describe("parseTotalTime", () => {
  it("counts the cores and adds all time but that of guests, which is in user already", () => {
    const text = "cpu  100 1 20 800 5 0 3 2 40 4\ncpu0 50 0 10 400\ncpu1 50 1 10 400\nintr 9 9\n";
    expect(parseTotalTime(text)).toEqual({ total: 931, cores: 2 });
  });

  it("says what it misses", () => {
    expect(() => parseTotalTime("intr 9\n")).toThrow("/proc/stat has no line");
  });
});

describe("programName", () => {
  it.each([
    ["/usr/bin/node\0server.js\0--token=secret\0", "node", "node"],
    ["nginx: worker process\0", "nginx", "nginx"],
    [
      "/usr/lib/chromium/chromium --type=renderer --user-data-dir=/data/a\0",
      "chromium",
      "chromium",
    ],
    ["/usr/lib/chromium/chromium --type=renderer --user-data-dir=/data/a\0", "other", "chromium"],
    ["-bash\0", "bash", "bash"],
    ["", "kworker/0:1", ""],
    ["/opt/Google Chrome/Google Chrome\0--type=renderer\0", "Google Chrome", "Google Chrome"],
    ["/opt/Google Chrome/Google Chrome --type=renderer\0", "Google Chrome", "Google Chrome"],
    ["/opt/My App/my app\0", "my app", "my app"],
    ["my app\0", "my app", "my app"],
    ["/opt/My App/my app\0secret\0", "renamed", "my app"],
    ["/opt/My App/my app helper\0", "my app", "my app"],
    [
      "/opt/Code/Visual Studio Code Helper --type=a\0",
      "Visual Studio C",
      "Visual Studio Code Helper",
    ],
    [
      "/opt/Code/Visual Studio Code Helper\0/home/a\0",
      "Visual Studio C",
      "Visual Studio Code Helper",
    ],
    [
      "/opt/Visual Studio Code/Visual Studio Code Helper /home/a\0",
      "Visual Studio C",
      "Visual Studio Code Helper",
    ],
    ["/usr/bin/prometheus-alertmanager secret\0", "prometheus-aler", "prometheus-alertmanager"],
    ["postgres: 15/main: checkpointer \0", "postgres", "postgres"],
    ["nginx: master process /usr/sbin/nginx\0-g\0", "renamed", "nginx"],
    ["redis-server 127.0.0.1:6379\0\0\0", "redis-server", "redis-server"],
    ["/usr/bin/python3\0/srv/run.py\0", "MainThread", "python3"],
  ])("names %j, of which the kernel says %j, %j", (commandLine, name, program) => {
    expect(programName(commandLine, name)).toBe(program);
  });
});
