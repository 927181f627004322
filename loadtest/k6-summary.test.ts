import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { K6 } from "./testing/k6-program.ts";
import { startSimulatedExporter, type RunningExporter } from "./testing/simulated-exporter.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const TOKEN = "a-token-of-this-test";

let exporter: RunningExporter;
/** Takes what k6 writes for Prometheus, as the Prometheus of the compose file does. */
let prometheus: Server;
let written = 0;

beforeAll(async () => {
  exporter = await startSimulatedExporter({ HEADROOM_TOKEN: TOKEN });
  prometheus = createServer((request, response) => {
    written += 1;
    request.resume().on("end", () => response.writeHead(204).end());
  }).listen(0, "127.0.0.1");
  await once(prometheus, "listening");
});
afterAll(async () => {
  prometheus.close();
  await exporter.stop();
});

/** The command and the variables of the compose file's k6, with the profile `smoke` and paths of here. */
async function composeService() {
  const text = await readFile(path.join(ROOT, "docker-compose.yml"), "utf8");
  const [, service = ""] = /^x-k6:.*\n((?: {2}.*\n)+)/m.exec(text) ?? [];
  const [, command = ""] = /\n {2}command:\n((?: {4}- .*\n)+)/.exec(service) ?? [];
  const [, variables = ""] = /\n {2}environment:\n((?: {4}\w.*\n)+)/.exec(service) ?? [];
  const filled = (value: string) =>
    value.replace("${LOAD_PROFILE:-mixed}", "smoke").replace(/\$\{\w+:-(.*?)\}/, "$1");
  return {
    args: [...command.matchAll(/- (.*)/g)].map(([, word = ""]) =>
      filled(word).replace("/headroom", ROOT),
    ),
    env: Object.fromEntries(
      [...variables.matchAll(/(\w+): (.*)/g)].map(([, name = "", value = ""]) => [
        name,
        filled(value).replaceAll('"', ""),
      ]),
    ),
  };
}

it("k6 alone, as the compose file runs it, ends with the report of npm run load", async () => {
  const { args, env } = await composeService();
  const { port } = prometheus.address() as AddressInfo;
  const { stdout } = await promisify(execFile)(K6, args, {
    cwd: path.join(ROOT, ".."),
    env: {
      ...{ ...env, PATH: process.env["PATH"], HOME: process.env["HOME"] },
      HEADROOM_TARGET: exporter.url,
      HEADROOM_TOKEN: TOKEN,
      HEADROOM_DURATION: "3",
      K6_PROMETHEUS_RW_SERVER_URL: `http://127.0.0.1:${port}/api/v1/write`,
    },
  });
  // Its own progress lines stand around it.
  const report = stdout.slice(stdout.indexOf("SIMULATED"), stdout.lastIndexOf("\nrunning ("));
  expect(report).toMatch(/^Profile smoke: /m);
  expect(report).toMatch(/^Model .*, engine simulated, exporter \d/m);
  expect(report).toMatch(/^Latency, P95 .* below 500 ms .* % {2}within$/m);
  expect(report).toMatch(/^Request, seen by the exporter +[\d.]+ ms/m);
  for (const title of ["Limits", "The run itself", "Throughput", "Memory, highest"]) {
    expect(report.split("\n")).toContain(title);
  }
  expect(report.trimEnd().split("\n").at(-1)).toMatch(/^Within all limits\. Nearest: /);
  expect(report).not.toMatch(/NaN|undefined|FAILED|[{}]/);
  expect(Math.max(...report.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(written).toBeGreaterThan(0);
});
