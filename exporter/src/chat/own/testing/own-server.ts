import type { Generator } from "../../../engine/generator.ts";
import { createSimulatedGenerator } from "../../../engine/simulated/generator.ts";
import {
  LATENCY_PROFILES,
  type FaultPlan,
  type LatencyProfile,
} from "../../../engine/simulated/profiles.ts";
import type { AppParts } from "../../../http/app.ts";
import { startTestServer, type TestServer } from "../../../http/testing/test-server.ts";
import type { ChatRequest } from "../../../metrics/chat.ts";
import { ModelQueue } from "../../../status/summary/model-queue.ts";
import { createTestAnalyst } from "../../../status/testing/test-analyst.ts";
import { openOwnEngine, type OwnModel } from "../own-engine.ts";

/** What a test decides; the rest is the simulated model without latency. */
export interface OwnServerOptions {
  readonly profile?: LatencyProfile;
  readonly faults?: FaultPlan;
  readonly generator?: Generator;
  readonly parts?: Partial<AppParts>;
  /** Another state of the model than that it is ready. */
  readonly model?: OwnModel;
}

/** A server whose own model answers, with what was measured of it. */
export interface OwnServer extends TestServer {
  readonly generator: Generator;
  readonly requests: readonly ChatRequest[];
  /** Sends a body to `/v1/chat/completions` as JSON, for the model that is there; texts go as they are. */
  chat(body: object | string, init?: RequestInit): Promise<Response>;
  /** The content of a whole answer. */
  contentOf(body: object): Promise<string>;
}

/** Starts the HTTP layer around the own engine. */
export async function startOwnServer(options: OwnServerOptions = {}): Promise<OwnServer> {
  const { profile = LATENCY_PROFILES.instant, faults } = options;
  const generator = options.generator ?? createSimulatedGenerator({ profile, faults });
  const analyst = createTestAnalyst({ generator });
  const state = { phase: "ready", text: generator.model.id } as const;
  const ready = { queue: analyst.queue, ready: true, state, settled: Promise.resolve() };
  const requests: ChatRequest[] = [];
  const server = await startTestServer({
    analyst,
    chat: openOwnEngine(options.model ?? ready, { known: () => {} }),
    chatRequests: { known: () => {}, gap: () => {}, finished: (request) => requests.push(request) },
    ...options.parts,
  });
  const chat: OwnServer["chat"] = (body, init) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body:
        typeof body === "string" ? body : JSON.stringify({ model: generator.model.id, ...body }),
      ...init,
    });
  return {
    ...server,
    generator,
    requests,
    chat,
    contentOf: async (body) => {
      const answer = (await (await chat(body)).json()) as Whole;
      return answer.choices[0]!.message.content;
    },
  };
}

interface Whole {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

/** A queue before the simulated model without latency. */
export const simulatedQueue = (): ModelQueue =>
  new ModelQueue(createSimulatedGenerator({ profile: LATENCY_PROFILES.instant }), "en");
