import { z } from "zod";
import {
  GENERATOR_FAULTS,
  LATENCY_PROFILES,
  type LatencyProfileName,
} from "../engine/simulated/profiles.ts";
import { optionalSetting, setting } from "./setting.ts";
import * as values from "./values.ts";

const PROFILES = Object.keys(LATENCY_PROFILES) as LatencyProfileName[];

/** The settings of status analyses and of the plan by which their model is run. */
export const chatSettings = {
  statusQueue: setting(values.integer(1, 10_000), {
    variable: "HEADROOM_STATUS_QUEUE",
    allowed: "a whole number from 1 to 10000",
    default: "64",
    description: "Status requests that may be in work; requests beyond that are refused (503).",
  }),
  chatGpuLayers: optionalSetting(values.layers, {
    variable: "HEADROOM_CHAT_GPU_LAYERS",
    allowed: "a whole number from 0 to 1000, or -1 for all",
    description: "Layers of the chat model on the graphics processor, instead of the plan's.",
  }),
  chatThreads: optionalSetting(values.integer(1, 256), {
    variable: "HEADROOM_CHAT_THREADS",
    allowed: "a whole number from 1 to 256",
    description: "Threads of the chat model, instead of the plan's.",
  }),
  chatContext: optionalSetting(values.integer(512, 1_048_576), {
    variable: "HEADROOM_CHAT_CONTEXT",
    allowed: "a whole number from 512 to 1048576",
    description: "Tokens of one conversation, instead of the plan's.",
  }),
  chatBatch: optionalSetting(values.integer(16, 65_536), {
    variable: "HEADROOM_CHAT_BATCH",
    allowed: "a whole number from 16 to 65536",
    description: "Tokens that the chat model evaluates in one step, instead of the plan's.",
  }),
  chatSequences: optionalSetting(values.integer(1, 64), {
    variable: "HEADROOM_CHAT_SEQUENCES",
    allowed: "a whole number from 1 to 64",
    description: "Answers that are generated side by side, instead of the plan's.",
  }),
  chatMmap: optionalSetting(values.flag, {
    variable: "HEADROOM_CHAT_MMAP",
    allowed: "true or false",
    description: "Whether the chat model's file is mapped into memory, instead of the plan's.",
  }),
  chatMlock: optionalSetting(values.flag, {
    variable: "HEADROOM_CHAT_MLOCK",
    allowed: "true or false",
    description: "Whether the chat model is kept from being swapped out, instead of the plan's.",
  }),
  chatRopeScale: optionalSetting(values.number(1, 64), {
    variable: "HEADROOM_CHAT_ROPE_SCALE",
    allowed: "a number from 1 to 64",
    description: "Linear rope scaling of the chat model, instead of the plan's.",
  }),
  simulateProfile: setting(z.enum(PROFILES), {
    variable: "HEADROOM_SIMULATE_PROFILE",
    allowed: PROFILES.join(", "),
    default: "instant",
    description: "Machine whose speed the simulated chat model has.",
  }),
  simulateFault: optionalSetting(z.enum(GENERATOR_FAULTS), {
    variable: "HEADROOM_SIMULATE_FAULT",
    allowed: GENERATOR_FAULTS.join(", "),
    description: "What the simulated chat model does wrong.",
  }),
  simulateFaultRatio: setting(values.number(0, 1), {
    variable: "HEADROOM_SIMULATE_FAULT_RATIO",
    allowed: "a number from 0 to 1",
    default: "1",
    description: "Share of its texts in which it does so.",
  }),
};
