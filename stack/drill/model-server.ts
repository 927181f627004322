import { join } from "node:path";
import type { Service } from "../processes/kept-service.ts";
import { httpProbe } from "../processes/probes.ts";
import { addressOf } from "../services.ts";

/** The port that it takes when it is free. */
export const UPSTREAM_PORT = 9710;

/** How a made-up model server answers; see `model-server.mjs`. */
export interface ModelServerSettings {
  readonly firstMs?: number;
  readonly tokenMs?: number;
  readonly bad?: number;
  readonly cutAfter?: number;
  readonly kvCache?: number;
}

/** A model server whose answers are made up, and whose faults are chosen. */
export function modelServer(port: number, settings: ModelServerSettings = {}): Service {
  return {
    name: "upstream",
    command: process.execPath,
    args: [join(import.meta.dirname, "model-server.mjs"), String(port), JSON.stringify(settings)],
    probe: httpProbe(`${addressOf(port)}/v1/models`),
    limitSeconds: 15,
    graceMs: 500,
  };
}
