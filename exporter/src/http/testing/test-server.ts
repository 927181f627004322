import type { Server } from "node:http";
import { connect, type Socket } from "node:net";
import { LIMITS } from "@headroom/alerts/limits";
import { openOwnEngine } from "../../chat/own/own-engine.ts";
import { createApp, type AppParts } from "../app.ts";
import { Drain } from "../drain.ts";
import { EVERYWHERE, OPERATIONS } from "../operations.ts";
import type { RequestObserver } from "../outcome.ts";
import { PROBLEM_TYPE } from "../problem.ts";
import { chatAdmission } from "../routes/chat.ts";
import { listen } from "../server.ts";
import type { ProblemCode } from "../../errors.ts";
import { adviseOn } from "../../hardware/advice.ts";
import { makePlan } from "../../hardware/plan.ts";
import type { HardwareReport } from "../../hardware/report.ts";
import { SAMPLE_FACTS, SMALL_MODEL } from "../../hardware/testing/sample.ts";
import { createTestAnalyst } from "../../status/testing/test-analyst.ts";
import { ScriptedAnalyser } from "./scripted-analyser.ts";

type Observed = Parameters<RequestObserver["finished"]>[0];
type ObservedStatus = Parameters<AppParts["statusRequests"]["finished"]>[0];

const PLAN = makePlan(SAMPLE_FACTS, SMALL_MODEL);
const EXAMPLE_HARDWARE: HardwareReport = {
  facts: SAMPLE_FACTS,
  plan: PLAN,
  advice: adviseOn(SAMPLE_FACTS, { plan: PLAN, model: SMALL_MODEL }),
  chatModel: { phase: "ready", text: "simulated" },
  simulated: true,
};

/** A server on a free port, with all that a test looks at. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly drain: Drain;
  readonly analyser: ScriptedAnalyser;
  readonly observed: readonly Observed[];
  readonly statuses: readonly ObservedStatus[];
  readonly logged: readonly string[];
  /** Sends a body to `/v1/sentiment` as JSON; strings and bytes go as they are. */
  post(body: unknown, init?: RequestInit): Promise<Response>;
  /** Sends a body to `/v1/status/{scenario}` as JSON; strings go as they are. */
  askStatus(scenario: string, body?: unknown, init?: RequestInit): Promise<Response>;
  /** Opens a plain connection that collects what comes back. */
  open(): RawConnection;
  /** Waits until `count` requests were observed, and gives their outcomes. */
  outcomes(count: number): Promise<string[]>;
  close(): Promise<void>;
}

/** A connection whose bytes the test writes itself. */
export interface RawConnection {
  readonly socket: Socket;
  /** What has arrived until the connection ended. */
  readonly ended: Promise<string>;
}

/** Starts the whole HTTP layer around a scripted analyser. */
export async function startTestServer(overrides: Partial<AppParts> = {}): Promise<TestServer> {
  const analyser = new ScriptedAnalyser();
  const drain = new Drain();
  const observed: Observed[] = [];
  const statuses: ObservedStatus[] = [];
  const logged: string[] = [];
  const log = (fields: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const parts: AppParts = {
    analyser,
    analyst: createTestAnalyst(),
    chat: openOwnEngine(
      {
        ...{ queue: undefined, ready: undefined, settled: Promise.resolve() },
        state: { phase: "missing", text: "none is wanted" },
      },
      { known: () => {} },
    ),
    chatAdmission: chatAdmission(8, 1e6),
    chatRequests: { known: () => {}, gap: () => {}, finished: () => {} },
    chatBodyBytes: 1e6,
    chatTimeoutSeconds: 20,
    hardware: async () => EXAMPLE_HARDWARE,
    drain,
    limits: async () => LIMITS,
    metrics: {
      text: async (accept) => ({ contentType: "text/plain; version=0.0.4", body: `# ${accept}\n` }),
    },
    requests: { finished: (request) => observed.push(request) },
    statusRequests: { finished: (request) => statuses.push(request) },
    readiness: () => ({ state: "ready", parts: { model: "loaded" } }),
    logger: { info: log, warn: log, error: log },
    localNamesOnly: true,
    queueMessages: 1024,
    statusQueue: 8,
    requestTimeoutSeconds: 20,
    ...overrides,
  };
  const { server, url } = await listen(createApp(parts), { ...parts, host: "127.0.0.1", port: 0 });
  const port = Number(new URL(url).port);
  return {
    url,
    port,
    server,
    drain,
    analyser,
    observed,
    statuses,
    logged,
    post: (body, init) =>
      fetchDescribed("/v1/sentiment", `${url}/v1/sentiment`, {
        method: "POST",
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
        ...init,
        headers: { "Content-Type": "application/json", ...init?.headers },
      }),
    askStatus: (scenario, body = {}, init) =>
      fetchDescribed("/v1/status/{scenario}", `${url}/v1/status/${scenario}`, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
        headers: { "Content-Type": "application/json", ...init?.headers },
      }),
    open: () => openConnection(port),
    outcomes: async (count) => {
      await until(() => observed.length >= count);
      return observed.map((request) => request.outcome);
    },
    close: async () => {
      await drain.stop(server, 0);
    },
  };
}

/** @throws Error when the answer is a problem that the API's document does not know of this path */
async function fetchDescribed(path: string, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.headers.get("content-type") !== PROBLEM_TYPE) return response;
  const { code } = (await response.clone().json()) as { code: ProblemCode };
  const { problems } = OPERATIONS[path]!["post"]!;
  if (![...EVERYWHERE, ...problems, "unauthorized"].includes(code)) {
    throw new Error(`${code} is missing at ${path} in exporter/src/http/operations.ts`);
  }
  return response;
}

/** Waits until a condition holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function openConnection(port: number): RawConnection {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  const ended = new Promise<string>((resolve) => {
    socket.on("data", (chunk: Buffer) => (received += chunk.toString()));
    // An end by reset is as good as any: what had arrived is what counts.
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
  });
  return { socket, ended };
}
