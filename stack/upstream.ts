import { mayBeLoaded } from "@headroom/loadtest/plan/request";
import type { Running } from "./progress.ts";

/** A model server with OpenAI's API, as a run found it. */
export interface Upstream {
  /** As it was given, without a slash at the end. */
  readonly url: string;
  /** Those that it lists, in its order. */
  readonly models: readonly string[];
  /** The model that the load asks. */
  readonly model: string;
  /** Where it shows metrics to Prometheus; absent where it shows none. */
  readonly metrics?: string;
}

/** What a person may say about a model server. */
export interface UpstreamChoice {
  readonly upstream: string;
  /** Name of a model; the first one that it lists when absent. */
  readonly upstreamModel?: string | undefined;
  /** A host on another machine, named again because it is put under load. */
  readonly allowRemote?: string | undefined;
}

/** A server that lists its models has all it needs; one that pages a model in may take a moment. */
const ANSWER_MS = 10_000;
const MOST_BYTES = 8e6;

/** How the usual servers are started, and the port that each takes by itself. */
const SERVERS = [
  { name: "Ollama", port: "11434", command: "ollama serve" },
  { name: "llama-server", port: "8080", command: "llama-server -m model.gguf --metrics" },
  { name: "vLLM", port: "8000", command: "vllm serve <model>" },
  { name: "LM Studio", port: "1234", command: "lms server start" },
] as const;

/**
 * Checks the address of a model server, without calling it.
 *
 * @throws RangeError when it is none, holds a key, or is on another machine that was not named again
 */
export function upstreamAddress({ upstream, allowRemote }: UpstreamChoice): URL {
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new RangeError(
      `"${upstream}" is no http or https address; one is like http://127.0.0.1:11434`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new RangeError(
      "The address of a model server has no name, password or query in it: others on this machine can " +
        "read what a program is started with. Give the key in HEADROOM_UPSTREAM_KEY.",
    );
  }
  const { hostname } = url;
  if (mayBeLoaded(hostname, allowRemote)) return url;
  throw new RangeError(
    `${hostname} is another machine, and a load goes to it. If it is yours to load, name it again: --allow-remote ${hostname}`,
  );
}

/**
 * Looks whether a model server answers, which models it has, and whether it shows metrics.
 *
 * @param key - that it asks for, if any
 * @throws RangeError as {@link upstreamAddress}
 * @throws Error with what to do when it does not answer, or does not have the model
 * @throws the signal's reason
 */
export async function findUpstream(
  choice: UpstreamChoice,
  { key, signal }: { readonly key?: string | undefined; readonly signal: AbortSignal },
): Promise<Upstream> {
  const url = upstreamAddress(choice).href.replace(/\/+$/, "");
  const base = url.replace(/\/v1$/, "");
  const listed = await ask(`${base}/v1/models`, key, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(nobodyAt(url, error), { cause: error });
  });
  const models = modelsIn(url, listed);
  const model = choice.upstreamModel ?? models.find((name) => !/embed/i.test(name)) ?? models[0]!;
  if (!models.includes(model)) {
    throw new Error(
      `The model server at ${url} has no model called ${model}. It has:\n` +
        models.map((name) => `  ${name}`).join("\n"),
    );
  }
  // Not with the key: Prometheus has none either.
  const metrics = await ask(`${base}/metrics`, undefined, signal).catch(() => undefined);
  const shown = metrics?.status === 200 && /^# TYPE /m.test(metrics.text);
  return { url, models, model, ...(shown && { metrics: `${base}/metrics` }) };
}

/**
 * Looks for the model server that a command was given, if any, and says what was found.
 *
 * @throws Error as {@link findUpstream}, or when something is said of a server that was not given
 */
export async function upstreamIfWanted(
  { upstream, upstreamModel, allowRemote }: Partial<UpstreamChoice>,
  { activity, signal, say }: Running & { readonly say: (line: string) => void },
): Promise<Upstream | undefined> {
  if (upstream === undefined) {
    if (upstreamModel === undefined && allowRemote === undefined) return undefined;
    throw new RangeError(
      "--upstream-model and --allow-remote say more of a server; name it: --upstream <address>",
    );
  }
  // An empty key is none: compose files pass one on.
  const key = process.env["HEADROOM_UPSTREAM_KEY"] || undefined;
  const choice = { upstream, upstreamModel, allowRemote };
  const found = await activity("Looking for the model server", () =>
    findUpstream(choice, { key, signal }),
  );
  say(upstreamInWords(found));
  return found;
}

/** What was found, in two sentences. */
export function upstreamInWords({ url, models, model, metrics }: Upstream): string {
  const others =
    models.length === 1 ? "" : `, one of ${models.length} (--upstream-model names another)`;
  const shown =
    metrics === undefined ? "It shows no metrics of its own." : "Its own metrics are scraped too.";
  return `The model server at ${url} has ${model}${others}. ${shown}`;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Reads an answer; a server that is none of these may send without end. */
async function ask(url: string, key: string | undefined, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, {
    redirect: "manual",
    headers: key === undefined ? {} : { Authorization: `Bearer ${key}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Error(`an answer of more than ${MOST_BYTES / 1e6} MB`);
    pieces.push(piece);
  }
  return { status: response.status, text: Buffer.concat(pieces).toString() };
}

function modelsIn(url: string, { status, text }: Answer): readonly string[] {
  if (status === 401 || status === 403) {
    throw new Error(
      `The model server at ${url} asks for a key (${status}), or refuses this one. Set HEADROOM_UPSTREAM_KEY to it.`,
    );
  }
  const names = status === 200 ? namesIn(text) : undefined;
  if (names === undefined) {
    throw new Error(
      `${url} answers, but not as a model server with OpenAI's API: GET /v1/models gave status ${status} ` +
        "without a list of models. Give the address below which /v1/chat/completions is.",
    );
  }
  if (names.length > 0) return names;
  throw new Error(
    `The model server at ${url} has no model. Get or load one, such as with ollama pull <model> or lms load <model>.`,
  );
}

function namesIn(text: string): readonly string[] | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: readonly { readonly id?: unknown }[] };
    if (!Array.isArray(data)) return undefined;
    return data.map(({ id }) => id).filter((id): id is string => typeof id === "string");
  } catch {
    return undefined;
  }
}

/** What happened, why, and how to start the server that takes this port, or any. */
function nobodyAt(url: string, error: unknown): string {
  const { name, cause, message } = error as Error;
  const why =
    name === "TimeoutError"
      ? `nothing came within ${ANSWER_MS / 1000} s`
      : (cause as Error)?.message || message;
  const own = SERVERS.filter(({ port }) => port === new URL(url).port);
  const commands = (own.length > 0 ? own : SERVERS).map(
    ({ name, command }) => `  ${`${name}:`.padEnd(14)} ${command}`,
  );
  return [
    `No model server answers at ${url}: ${why}.`,
    "Start it in another terminal, or give the address where it listens, then try again:",
    ...commands,
  ].join("\n");
}
