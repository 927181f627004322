import { z } from "zod";
import { GOALS } from "@headroom/alerts/goals";
import { REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import { GPU_SETTINGS } from "../engine/llama/capi/devices.ts";
import {
  GENERATOR_FAULTS,
  LATENCY_PROFILES,
  type LatencyProfileName,
  WEIGHTINGS,
} from "../engine/simulated/profiles.ts";
import { optionalSetting, setting } from "./setting.ts";
import * as values from "./values.ts";

const PROFILES = Object.keys(LATENCY_PROFILES) as LatencyProfileName[];

/**
 * Every setting of the exporter, once: validation, `--help`, and the table in docs/ all come
 * from here. Durations are in the unit that their name ends with.
 */
export const settings = z.object({
  host: setting(values.host, {
    variable: "HEADROOM_HOST",
    default: "127.0.0.1",
    description:
      "Address to listen on. Other machines can only reach an address that is not loopback; that needs a token.",
  }),
  port: setting(values.integer(0, 65_535), {
    variable: "HEADROOM_PORT",
    default: "9700",
    description: "Port to listen on; 0 takes a free one.",
  }),
  token: optionalSetting(values.token, {
    variable: "HEADROOM_TOKEN",
    description: "Bearer token that every request must carry, except for /healthz.",
    secret: true,
  }),
  metricsToken: optionalSetting(values.token, {
    variable: "HEADROOM_METRICS_TOKEN",
    description:
      "Another bearer token, which opens /metrics and nothing else: for Prometheus, which need not know the first.",
    secret: true,
  }),
  openPaths: optionalSetting(values.openPaths, {
    variable: "HEADROOM_OPEN_PATHS",
    description:
      "Paths that are answered without a token, for probes and for a Prometheus that has none.",
  }),
  allowInsecure: setting(values.flag, {
    variable: "HEADROOM_ALLOW_INSECURE",
    default: "false",
    description: "Listen on an address that is not loopback without a token.",
  }),
  model: optionalSetting(values.text, {
    variable: "HEADROOM_MODEL",
    allowed: "the path of a GGUF file",
    description: "Model to run; without it, the embedded sentiment model.",
  }),
  modelId: optionalSetting(values.text, {
    variable: "HEADROOM_MODEL_ID",
    description: "Name of the model in answers and metrics; without it, the name in the file.",
  }),
  modelTemplate: optionalSetting(
    values.text.refine((template) => template.includes("{text}")),
    {
      variable: "HEADROOM_MODEL_TEMPLATE",
      allowed: "a text with {text} in it",
      description:
        "How to ask a model that does not carry its own instructions: {text} stands for the message.",
    },
  ),
  modelPositive: optionalSetting(values.text, {
    variable: "HEADROOM_MODEL_POSITIVE",
    allowed: "a text that is one token of the model",
    description: "The model's next word after a positive message.",
  }),
  modelNegative: optionalSetting(values.text, {
    variable: "HEADROOM_MODEL_NEGATIVE",
    allowed: "a text that is one token of the model",
    description: "The model's next word after a negative message.",
  }),
  chatModel: setting(values.text, {
    variable: "HEADROOM_CHAT_MODEL",
    allowed: "auto, none, a name of the catalogue, the path of a GGUF file, or an hf: address",
    default: "auto",
    description:
      "Model that arranges status answers; auto is a small English one. `npm run model -- list` shows the catalogue.",
  }),
  chatLanguages: optionalSetting(values.languages, {
    variable: "HEADROOM_CHAT_LANGUAGES",
    description:
      "Languages that the chat model is asked in; without it, those of the catalogue, and en for other models.",
  }),
  modelsFolder: optionalSetting(values.text, {
    variable: "HEADROOM_MODELS_FOLDER",
    allowed: "the path of a folder",
    description: "Where fetched chat models are kept; without it, .tools/models of the checkout.",
  }),
  upstreamUrl: optionalSetting(values.webUrl, {
    variable: "HEADROOM_UPSTREAM_URL",
    description:
      "Model server with OpenAI's API that requests are passed on to, such as http://127.0.0.1:11434 of " +
      "Ollama; without it, the chat model answers them.",
  }),
  upstreamKey: optionalSetting(values.key, {
    variable: "HEADROOM_UPSTREAM_KEY",
    description:
      "Key that the model server asks for; without it, what a client sends as Authorization is passed on.",
    secret: true,
  }),
  upstreamModels: optionalSetting(values.names, {
    variable: "HEADROOM_UPSTREAM_MODELS",
    description:
      "Models that metrics name; without it, those that the server lists at start. Others are `other`.",
  }),
  upstreamConnectSeconds: setting(values.number(0.1, 60), {
    variable: "HEADROOM_UPSTREAM_CONNECT_SECONDS",
    default: "2",
    description: "Seconds within which the model server must take a connection.",
  }),
  chatTimeoutSeconds: setting(values.number(0.1, 3_600), {
    variable: "HEADROOM_CHAT_TIMEOUT_SECONDS",
    default: "600",
    description: "Seconds within which a chat request must be answered, to its last token.",
  }),
  chatBodyBytes: setting(values.size(1e3, 1e9), {
    variable: "HEADROOM_CHAT_BODY_BYTES",
    allowed: "a size from 1KB to 1GB",
    default: "32MiB",
    description: "Largest body of a chat request; pictures are part of it.",
  }),
  chatQueue: setting(values.integer(1, 10_000), {
    variable: "HEADROOM_CHAT_QUEUE",
    default: "256",
    description: "Chat requests that may be in work; requests beyond that are refused (503).",
  }),
  workers: setting(values.autoOrInteger(64), {
    variable: "HEADROOM_WORKERS",
    default: "auto",
    description:
      "Processes that run the model; auto is one a core for a small model, one for a large one.",
  }),
  threads: setting(values.autoOrInteger(64), {
    variable: "HEADROOM_THREADS",
    default: "auto",
    description:
      "Threads that llama.cpp uses in each process; auto is 1 for a small model, all cores for a large one.",
  }),
  gpu: setting(values.oneOf(GPU_SETTINGS), {
    variable: "HEADROOM_GPU",
    default: "auto",
    description:
      "Graphics processor for the sentiment model (the chat model has its own setting): auto takes one that is " +
      "installed and quicker, a name one that works. npm start installs cuda and vulkan by name.",
  }),
  batchWaitMs: setting(values.number(0, 1_000), {
    variable: "HEADROOM_BATCH_WAIT_MS",
    default: "0",
    description:
      "Longest time in milliseconds that a small request waits for others to join it; with 0 only those " +
      "that arrive together are joined, and those that arrive while the model works.",
  }),
  queueMessages: setting(values.integer(GOALS.batchSize, 1_000_000), {
    variable: "HEADROOM_QUEUE_MESSAGES",
    default: "2048",
    description:
      "Messages that may wait for the model, and requests for them that may be open at once; what is beyond " +
      "that is refused (503).",
  }),
  cacheEntries: setting(values.integer(0, 10_000_000), {
    variable: "HEADROOM_CACHE_ENTRIES",
    default: "50000",
    description: "Answers kept in memory; 0 keeps none.",
  }),
  cacheBytes: setting(values.size(1e6, 1e12), {
    variable: "HEADROOM_CACHE_BYTES",
    allowed: "a size from 1MB to 1TB",
    default: "64MB",
    description: "Memory that those answers may take, estimated.",
  }),
  cacheTtlSeconds: setting(values.number(1, 2_592_000), {
    variable: "HEADROOM_CACHE_TTL_SECONDS",
    default: "3600",
    description: "Seconds for which an answer is kept, in memory and in Redis.",
  }),
  redisUrl: optionalSetting(values.redisUrl, {
    variable: "HEADROOM_REDIS_URL",
    description: "Redis that several exporters share as a second cache; without it, none is used.",
    secret: true,
  }),
  simulate: setting(values.flag, {
    variable: "HEADROOM_SIMULATE",
    default: "false",
    description: "Answer with the simulated engine; its answers are made up and say so.",
  }),
  simulateLatencyMs: setting(values.number(0, 60_000), {
    variable: "HEADROOM_SIMULATE_LATENCY_MS",
    default: "0",
    description: "Milliseconds that the simulated engine takes for a batch.",
  }),
  simulateErrorRatio: setting(values.number(0, 1), {
    variable: "HEADROOM_SIMULATE_ERROR_RATIO",
    default: "0",
    description: "Share of batches that the simulated engine fails.",
  }),
  simulateAttribution: setting(values.oneOf(WEIGHTINGS), {
    variable: "HEADROOM_SIMULATE_ATTRIBUTION",
    default: "natural",
    description: "How the simulated engine spreads a message's score over its words.",
  }),
  statusQueue: setting(values.integer(1, 10_000), {
    variable: "HEADROOM_STATUS_QUEUE",
    default: "64",
    description: "Status requests that may be in work; requests beyond that are refused (503).",
  }),
  chatGpuLayers: optionalSetting(values.layers, {
    variable: "HEADROOM_CHAT_GPU_LAYERS",
    description: "Layers of the chat model on the graphics processor, instead of the plan's.",
  }),
  chatThreads: optionalSetting(values.integer(1, 256), {
    variable: "HEADROOM_CHAT_THREADS",
    description: "Threads of the chat model, instead of the plan's.",
  }),
  chatContext: optionalSetting(values.integer(512, 1_048_576), {
    variable: "HEADROOM_CHAT_CONTEXT",
    description: "Tokens of one conversation, instead of the plan's.",
  }),
  chatBatch: optionalSetting(values.integer(16, 65_536), {
    variable: "HEADROOM_CHAT_BATCH",
    description: "Tokens that the chat model evaluates in one step, instead of the plan's.",
  }),
  chatSequences: optionalSetting(values.integer(1, 64), {
    variable: "HEADROOM_CHAT_SEQUENCES",
    description: "Answers that are generated side by side, instead of the plan's.",
  }),
  chatMmap: optionalSetting(values.flag, {
    variable: "HEADROOM_CHAT_MMAP",
    description: "Whether the chat model's file is mapped into memory, instead of the plan's.",
  }),
  chatMlock: optionalSetting(values.flag, {
    variable: "HEADROOM_CHAT_MLOCK",
    description: "Whether the chat model is kept from being swapped out, instead of the plan's.",
  }),
  chatRopeScale: optionalSetting(values.number(1, 64), {
    variable: "HEADROOM_CHAT_ROPE_SCALE",
    description: "Linear rope scaling of the chat model, instead of the plan's.",
  }),
  simulateProfile: setting(values.oneOf(PROFILES), {
    variable: "HEADROOM_SIMULATE_PROFILE",
    default: "instant",
    description: "Machine whose speed the simulated chat model has.",
  }),
  simulateFault: optionalSetting(values.oneOf(GENERATOR_FAULTS), {
    variable: "HEADROOM_SIMULATE_FAULT",
    description: "What the simulated chat model does wrong.",
  }),
  simulateFaultRatio: setting(values.number(0, 1), {
    variable: "HEADROOM_SIMULATE_FAULT_RATIO",
    default: "1",
    description: "Share of its texts in which it does so.",
  }),
  memoryBytes: setting(values.size(1e6, 1e15), {
    variable: "HEADROOM_MEMORY_BYTES",
    allowed: "a size from 1MB to 1000TB, such as 16GB or 16GiB",
    default: String(REFERENCE_MEMORY_BYTES),
    description:
      "Memory of the machine that the memory limits in bytes are for. Smaller machines and containers " +
      "are judged by what they have; for a larger one, give the same size to npm run generate -- --memory.",
  }),
  limitsFile: optionalSetting(values.text, {
    variable: "HEADROOM_LIMITS_FILE",
    allowed: "the path of a JSON file",
    description:
      "Limits of one's own instead of some of those of docs/limits.md; give the same file to " +
      "npm run generate -- --limits.",
  }),
  logLevel: setting(values.logLevel, {
    variable: "HEADROOM_LOG_LEVEL",
    default: "info",
    description: "Least severe lines that are logged.",
  }),
  drainSeconds: setting(values.number(0, 600), {
    variable: "HEADROOM_DRAIN_SECONDS",
    default: "10",
    description: "Seconds that requests in flight get to finish when the exporter is stopped.",
  }),
  requestTimeoutSeconds: setting(values.number(0.1, 600), {
    variable: "HEADROOM_REQUEST_TIMEOUT_SECONDS",
    default: "30",
    description: "Seconds within which a request must have arrived and be answered.",
  }),
});
