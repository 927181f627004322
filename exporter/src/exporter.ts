import type { Logger } from "pino";
import { limitsWithin } from "@headroom/alerts/limits";
import pkg from "../package.json" with { type: "json" };
import type { ChatEngine } from "./chat/engine.ts";
import { ChatModel } from "./chat-model.ts";
import { openChatService } from "./chat-service.ts";
import type { Config } from "./config.ts";
import type { DeviceForTests } from "./engine/placed-scorers.ts";
import { accessLabel, describeAccess } from "./engine/scorer.ts";
import { fullest } from "./hardware/memory/machine-memory.ts";
import { ListenerMemory } from "./hardware/memory/listener-memory.ts";
import { byScope, capacitiesOf, MemoryReader } from "./hardware/memory/memory-reader.ts";
import type { HardwareReport } from "./hardware/report.ts";
import { thisMachine } from "./hardware/sources.ts";
import { createApp } from "./http/app.ts";
import { Drain } from "./http/drain.ts";
import { chatAdmission } from "./http/routes/chat.ts";
import type { Readiness } from "./http/routes/probes.ts";
import { listen } from "./http/server.ts";
import { isLoopback } from "./loopback.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { openSentimentService, withChange, type SentimentService } from "./sentiment-service.ts";
import { openStatusService } from "./status-service.ts";

/** Several periods of the memory's reader on a busy Mac; then a program that it started is ended. */
const MEMORY_LIMIT_MS = 10_000;

/** A running exporter. */
export interface Exporter {
  readonly url: string;
  /** Finishes the requests in flight, then frees everything. */
  stop(): Promise<void>;
}

/**
 * Opens the two services, measures them, and listens.
 *
 * @param forTests - a device to try the sentiment model on, instead of those that are found
 * @throws HeadroomError when the model cannot be loaded
 * @throws Error when the address cannot be used
 */
export async function startExporter(
  config: Config,
  logger: Logger,
  forTests?: DeviceForTests,
): Promise<Exporter> {
  const metrics = createMetrics({
    version: pkg.version,
    provider: config.upstreamUrl === undefined ? "headroom" : "upstream",
    limits: config.limits,
  });
  const sentiment = await openSentimentService(config, logger, metrics, forTests);
  const chat = await ChatModel.open(config, {
    logger,
    onRestart: () => metrics.restarted("status"),
  });
  const memory = await openMemory(config, logger, chat, sentiment);
  const status = openStatusService(config, logger, metrics, { chat, memory: memory.reader });
  const chatEngine = await openChatService(config, logger, metrics.chat, chat);
  const admission = chatAdmission(config.chatQueue, config.chatBodyBytes);
  metrics.watch({
    models: sentiment.models,
    ready: { sentiment: sentiment.answers, status: () => chat.ready },
    queueDepth: () => sentiment.batcher.depth,
    cacheStats: { sentiment: () => sentiment.cache.stats(), status: () => status.cache.stats() },
    chat: {
      model: () => chat.queue?.generator.model,
      waiting: () => chat.queue?.waiting ?? 0,
      busy: () => chat.queue?.generator.busy ?? 0,
      memoryBytes: memory.ofChat,
    },
    chatRequests: {
      inFlight: () => admission.requests,
      waiting: () => chatEngine.waiting,
      upstreamUp: () => (config.upstreamUrl === undefined ? undefined : chatEngine.ready),
    },
    memory: memory.scopes,
    limits: memory.limits,
  });
  const drain = new Drain();
  const app = createApp({
    ...config,
    analyser: sentiment.analyser,
    analyst: status.analyst,
    chat: chatEngine,
    chatAdmission: admission,
    chatRequests: metrics.chat,
    hardware: async () => ({
      ...(await reportOf(chat, sentiment, memory)),
      // Without a path, a name or a password: so that a load test knows where its load would go.
      ...(config.upstreamUrl !== undefined && { upstream: new URL(config.upstreamUrl).origin }),
    }),
    limits: memory.limits,
    metrics: metrics.exposition,
    requests: metrics.requests,
    statusRequests: metrics.status,
    readiness: () =>
      readinessOf(chat, sentiment, config.upstreamUrl === undefined ? undefined : chatEngine),
    drain,
    logger,
    localNamesOnly: isLoopback(config.host),
  });
  const release = async () => {
    metrics.close();
    memory.close();
    await Promise.all([sentiment.close(), status.close(), chatEngine.close(), chat.close()]);
  };
  const { server, url } = await listen(app, config).catch(async (error) => {
    await release();
    throw error;
  });
  const { shown, placed } = sentiment;
  const engine = describeAccess(shown);
  if (accessLabel(shown) === "node_llama_cpp") {
    logger.warn({ engine }, "the sentiment engine is called score by score, which is slower");
  }
  logger.info({ url, model: shown.id, engine, placement: placed.placement?.why }, "listening");
  // Not while the scorers warm up, which would make the processor look slow.
  placed.tryDevice();
  return {
    url,
    async stop() {
      const { cutOff } = await drain.stop(server, config.drainSeconds);
      await release();
      logger.info({ cutOff }, "stopped");
    },
  };
}

type Memory = Awaited<ReturnType<typeof openMemory>>;

/** The memory of this machine and of the processes of the models, and the limits that follow from it. */
async function openMemory(
  config: Config,
  logger: Logger,
  chat: ChatModel,
  { placed }: SentimentService,
) {
  const reader = await MemoryReader.open({
    sources: thisMachine(MEMORY_LIMIT_MS),
    pids: () => [process.pid, ...(chat.pid ? [chat.pid] : []), ...placed.pids],
    onFailure: (error) => logger.warn({ reason: error.message }, "memory cannot be read"),
  });
  const upstream = memoryOfUpstream(config);
  const scopes = async () => {
    const reading = reader.latest;
    const devices = [chat.queue?.generator.deviceMemory(), placed.deviceMemory];
    return reading ? byScope(reading, fullest(devices), upstream?.bytes) : {};
  };
  return {
    close() {
      reader.close();
      upstream?.close();
    },
    reader,
    scopes,
    limits: async () => limitsWithin(capacitiesOf(await scopes()), config.limits),
    /** In bytes; undefined when it is not known. */
    ofChat: () => (chat.pid === undefined ? 0 : reader.latest?.processes.bytes.get(chat.pid)),
  };
}

/** Of a model server on this machine; another machine's is not ours to read. */
function memoryOfUpstream({ upstreamUrl }: Config): ListenerMemory | undefined {
  if (upstreamUrl === undefined) return undefined;
  const { hostname, port, protocol } = new URL(upstreamUrl);
  if (!isLoopback(hostname.replace(/^\[|\]$/g, ""))) return undefined;
  return new ListenerMemory({
    sources: thisMachine(MEMORY_LIMIT_MS),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  });
}

/** What `GET /v1/hardware` answers. */
async function reportOf(
  chat: ChatModel,
  { shown, placed: { placement } }: SentimentService,
  { reader, scopes }: Memory,
): Promise<HardwareReport> {
  const source = reader.latest?.processes.source;
  return {
    ...chat.report(),
    sentiment: {
      model: shown.id,
      engine: describeAccess(shown),
      ...(placement && { placement }),
    },
    ...(source && { memory: { scopes: await scopes(), source } }),
  };
}

/** What `GET /readyz` answers. */
function readinessOf(
  chat: ChatModel,
  sentiment: SentimentService,
  upstream: ChatEngine | undefined,
): Readiness {
  // Loading takes seconds and is waited for, but only at first; fetching takes minutes and is not.
  const isStarting = chat.queue === undefined && chat.state.phase === "loading";
  const isWhole = sentiment.isWhole() && chat.ready !== false && upstream?.ready !== false;
  const { phase, text } = chat.state;
  return {
    state: !sentiment.answers() || isStarting ? "not_ready" : isWhole ? "ready" : "degraded",
    parts: {
      sentiment: sentiment.state(),
      status: phase === "ready" ? withChange(text, chat.fileChanged) : `${phase}: ${text}`,
      ...(upstream && { chat: upstream.ready ? "ready" : "the model server does not answer" }),
    },
  };
}
