import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Command, Option } from "commander";
import { findPython, installPython } from "@headroom/exporter/bench/engine/llama-cpp-python";
import { loadConfig } from "@headroom/exporter/config";
import { findChatModel } from "@headroom/exporter/models/find-model";
import { inTable } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { parseMetrics, type Sample } from "@headroom/loadtest/report/prometheus-text";
import { begin, runCommand } from "./command.ts";
import { obtainForRun } from "./models.ts";
import { asArgument } from "./options.ts";
import { makeRunFolder, ROOT, type RunFolder } from "./places.ts";
import { httpProbe } from "./processes/probes.ts";
import { type ServiceProcess, startProcess, waitUntilReady } from "./processes/process.ts";
import { liveLineOn, type Running, say } from "./progress.ts";
import { agreementRows, agreements, type SeenByClient } from "./server-check/agreement.ts";
import { askPairs, pairRows } from "./server-check/pairs.ts";
import { addressOf } from "./services.ts";
import { Session } from "./session.ts";

const SERVER_PORT = 8000;
const CLIENT = join(import.meta.dirname, "server-check", "client.py");

/** The model that the server shows; its file is the chat model of the catalogue's. */
const MODEL = "smollm2-135m";

/** What npm start says when its load is over. */
const STAYS = "Everything keeps running";

const command = new Command("npm run check:server --")
  .description(
    "A real model server behind the exporter: llama-cpp-python's. Runs npm start before it with a\n" +
      "short load of users, asks the same of the server directly and through the door, has OpenAI's\n" +
      "client for Python ask, refuse and hang up, and holds the metrics against what clients saw.",
  )
  .addOption(
    new Option("--pairs <number>", "requests that are sent to both")
      .default(30)
      .argParser(asArgument(pairsIn)),
  )
  .addOption(new Option("--duration <time>", "how long the load lasts").default("20s"))
  .addHelpText(
    "after",
    "\nThe first run builds the server from PyPI into .tools/llama-cpp-python, which takes some 8\n" +
      "minutes and wants python3 with venv and a C++ compiler. After that it takes a minute or two.\n" +
      "\nExit codes: 0 the metrics agree; 1 they do not; 2 could not run;\n130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run check:server\n  npm run check:server -- --pairs 100 --duration 1m",
  )
  .exitOverride();

await runCommand(async () => {
  const { pairs, duration } = command.parse().opts<{ pairs: number; duration: string }>();
  const running = begin();
  const { signal } = running;
  const python = await obtainServer(running);
  const session = new Session({ ...running, folder: await makeRunFolder(), say });
  let start: ServiceProcess | undefined;
  try {
    const server = await startServer(session, python);
    start = await startBefore(server, duration, session.folder);
    await running.activity(`npm start --upstream ${server}, ${duration} of users`, () =>
      waitUntilReady(start!, async () => (await said(start!)).includes(STAYS), {
        limitSeconds: 600,
        signal,
      }),
    );
    const door = /^Chat API +(http:[^ ]+)\/v1\/chat\/completions ->/m.exec(await said(start))![1]!;
    const before = await metricsOf(door);
    const line = liveLineOn(process.stderr);
    const asked = await askPairs(
      { direct: server, door },
      { model: MODEL, pairs, signal, tell: (done) => line.show(`pairs: ${done}/${pairs}`) },
    );
    line.end();
    const client = await askByClient(python, door, signal);
    const found = agreements(
      client,
      asked.map((pair) => pair.door),
      [before, await metricsOf(door)],
    );
    for (const rows of [pairRows(asked), agreementRows(found)]) {
      console.log(`\n${inTable(rows, screenOn())}`);
    }
    say(`The load's report and all logs: ${session.folder.path}/logs`);
    return found.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await start?.stop();
    await session.stop();
  }
});

function pairsIn(text: string): number {
  const pairs = Number(text);
  if (Number.isInteger(pairs) && pairs >= 2 && pairs <= 1_000) return pairs;
  throw new RangeError(`pairs are 2 to 1000; got "${text}"`);
}

/** Python with the server and the client, which is built when it is not here. */
async function obtainServer({ activity, signal }: Running): Promise<string> {
  if ((await findPython("server")) === undefined) {
    await activity("Building llama-cpp-python with its server (some 8 minutes)", () =>
      installPython(() => {}, signal, "server"),
    );
  }
  const python = await findPython("server");
  if (python === undefined) throw new Error("llama-cpp-python was built, but does not start.");
  return python;
}

/** @returns the address of the server, once it lists its model */
async function startServer(session: Session, python: string): Promise<string> {
  await obtainForRun(MODEL, session);
  const { modelsFolder } = loadConfig(process.env);
  const model = await findChatModel({ wanted: MODEL, modelsFolder });
  if (model.state === "missing") throw new Error(model.text);
  const port = await session.port("llama-cpp-python", SERVER_PORT);
  await session.start({
    name: "llama-cpp-python",
    command: python,
    args: [
      ...["-m", "llama_cpp.server", "--host", "127.0.0.1", "--port", String(port)],
      ...["--model", model.path, "--model_alias", MODEL, "--n_ctx", "4096"],
      // Else a new request ends the one that is answered.
      ...["--interrupt_requests", "false"],
    ],
    probe: httpProbe(`${addressOf(port)}/v1/models`),
    limitSeconds: 120,
  });
  return addressOf(port);
}

/** npm start before the server, with the door at the address that it says. */
function startBefore(server: string, duration: string, folder: RunFolder): Promise<ServiceProcess> {
  return startProcess({
    name: "npm start",
    command: process.execPath,
    args: [
      ...[join(ROOT, "stack", "start.ts"), "--upstream", server, "--upstream-model", MODEL],
      ...["--profile", "users", "--duration", duration],
    ],
    logFile: folder.log("npm start"),
    graceMs: 30_000,
  });
}

function said({ logFile }: ServiceProcess): Promise<string> {
  return readFile(logFile, "utf8");
}

async function metricsOf(exporter: string): Promise<readonly Sample[]> {
  return parseMetrics(await (await fetch(`${exporter}/metrics`)).text());
}

async function askByClient(python: string, door: string, signal: AbortSignal) {
  const { stdout } = await promisify(execFile)(python, [CLIENT, `${door}/v1`, MODEL], { signal });
  return JSON.parse(stdout) as SeenByClient;
}
