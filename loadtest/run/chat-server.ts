import { setTimeout as sleep } from "node:timers/promises";
import { chatBody, type ChatLoad, type ChatMessage } from "../plan/chat-load.ts";
import { readStream } from "../plan/chat-stream.ts";
import { mayBeLoaded } from "../plan/request.ts";
import { correctedLength, type OwnPrompts, readyPrompts } from "./chat-prompts.ts";
import { CouldNotRun, reason } from "./could-not-run.ts";

/** Who answers the chat requests, as far as it tells. */
export interface ChatServer {
  /** As it is asked for. */
  readonly model: string;
  /** Name of the server, and its version; "unknown" where it does not say. */
  readonly server: string;
  readonly version: string;
  /** Address of the server behind the exporter; absent when the exporter's own engine answers. */
  readonly upstream?: string;
  readonly simulated: boolean;
}

/** A chat load that is ready to be put on a server, and what was learnt on the way. */
export interface ReadyChat {
  readonly load: ChatLoad;
  readonly server: ChatServer;
  /** How long one request takes while nothing else runs. */
  readonly secondsAlone: number;
  readonly notes: readonly string[];
}

interface Asking {
  readonly target: string;
  readonly token?: string | undefined;
  /** The other host that may be put under load. */
  readonly allowRemote?: string | undefined;
  readonly prompts?: OwnPrompts | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the exporter tells in `GET /v1/hardware`, as far as it is needed here. */
interface Told {
  readonly simulated?: boolean;
  /** Origin of the model server behind it. */
  readonly upstream?: string;
}

/** A server may have to load its model first. */
const PATIENCE_MS = 300_000;
const UNKNOWN = "unknown";

/**
 * Looks who would answer, and sends two requests that are not measured: a server may load its model at the
 * first, and what it says about its tokens corrects how long the prompts must be.
 *
 * @throws CouldNotRun when load may not go there, when nobody answers, and when an answer is no stream
 * @throws the signal's reason
 */
export async function readyChat(planned: ChatLoad, asking: Asking): Promise<ReadyChat> {
  // Where the load would end is not guessed.
  const { simulated = false, upstream } = await json<Told>(asking, "/v1/hardware").catch(
    (cause: unknown) => {
      asking.signal?.throwIfAborted();
      throw new CouldNotRun(
        `the exporter at ${asking.target} does not tell where it passes requests on to`,
        reason(cause),
        "Run an exporter of this version, or look into its log",
        { cause },
      );
    },
  );
  if (upstream !== undefined) requireAllowed(asking, new URL(upstream).hostname);
  const listed = await json<Listed>(asking, "/v1/models").catch((cause: unknown) => {
    throw noChat(asking.target, reason(cause));
  });
  const model = planned.model ?? listed.data?.[0]?.id;
  if (model === undefined) throw noChat(asking.target, "it lists no model");
  const named = { ...planned, model };
  const { like, file, notes } = await readyPrompts(asking.prompts);
  const first = await ask(asking, named, like(named));
  const load = {
    ...named,
    ...(file !== undefined && { prompts: file }),
    charactersPerToken: correctedLength(named, like(named), first.reading.inputTokens),
  };
  const second = await ask(asking, load, like(load));
  const version = upstream ? await versionOf(upstream) : UNKNOWN;
  return {
    load,
    server: {
      model,
      server: upstream ? (first.server ?? listed.data?.[0]?.owned_by ?? UNKNOWN) : "Headroom",
      version,
      ...(upstream !== undefined && { upstream }),
      simulated: simulated && upstream === undefined,
    },
    secondsAlone: second.seconds,
    notes,
  };
}

interface Listed {
  readonly data?: readonly { readonly id: string; readonly owned_by?: string }[];
}

function requireAllowed({ target, allowRemote }: Asking, host: string): void {
  if (mayBeLoaded(host, allowRemote)) return;
  throw new CouldNotRun(
    `the exporter at ${target} passes requests on to ${host}`,
    "load runs only against this machine",
    `If that host is yours to load, name it again: --allow-remote ${host}`,
  );
}

const noChat = (target: string, why: string): CouldNotRun =>
  new CouldNotRun(
    `the exporter at ${target} answers no chat requests`,
    why,
    "Give it a model server (HEADROOM_UPSTREAM_URL) or a chat model (HEADROOM_CHAT_MODEL), and look whether that runs",
  );

function request({ target, token, signal }: Asking, path: string, body?: unknown) {
  return fetch(`${target}${path}`, {
    headers: {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(signal ? [signal] : [])]),
  });
}

async function json<T>(asking: Asking, path: string): Promise<T> {
  const response = await request(asking, path);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}${detailIn(text)}`);
  return JSON.parse(text) as T;
}

/** What an error of OpenAI's API says of itself; a server may say it in HTML. */
function detailIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    return typeof error?.message === "string" ? `: ${error.message.slice(0, 300)}` : "";
  } catch {
    return "";
  }
}

/** One request from beginning to end; a refusal is tried again, as a server refuses while it loads. */
async function ask(asking: Asking, load: ChatLoad, messages: readonly ChatMessage[]) {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const started = performance.now();
    const { response, text } = await answerTo(asking, chatBody(load, messages, load.outputTokens));
    if (response.status === 503 && started < until) {
      await sleep(1_000, undefined, asking.signal ? { signal: asking.signal } : {});
      continue;
    }
    const reading = readStream(text);
    if (!response.ok) {
      throw noChat(
        asking.target,
        `a request was answered with ${response.status}${detailIn(text)}`,
      );
    }
    if (!reading.isStream || !reading.isWhole) {
      throw noChat(asking.target, "what came is no whole stream of OpenAI's events");
    }
    return {
      reading,
      seconds: (performance.now() - started) / 1_000,
      server: response.headers.get("server") ?? undefined,
    };
  }
}

async function answerTo(asking: Asking, body: unknown) {
  try {
    const response = await request(asking, "/v1/chat/completions", body);
    return { response, text: await response.text() };
  } catch (cause) {
    asking.signal?.throwIfAborted();
    throw noChat(asking.target, reason(cause));
  }
}

/** Where servers tell their version: vLLM and SGLang, Ollama, llama-server. */
const VERSIONS = [
  ["/version", "version"],
  ["/api/version", "version"],
  ["/props", "build_info"],
] as const;

/** The version of a model server, by whichever of their ways it answers. */
async function versionOf(target: string): Promise<string> {
  const signal = AbortSignal.timeout(2_000);
  for (const [path, field] of VERSIONS) {
    const told = await json<Record<string, unknown>>({ target, signal }, path).catch(
      () => undefined,
    );
    const version = told?.[field];
    if (typeof version === "string" && version !== "") return version.slice(0, 60);
  }
  return UNKNOWN;
}
