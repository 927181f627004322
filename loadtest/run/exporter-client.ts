import { type Limit, limitsWithin, type MemoryCapacities } from "@headroom/alerts/limits";
import { parseMetrics, type Sample } from "../report/prometheus-text.ts";

/** A busy exporter may answer late; a reading that takes longer is worth nothing for its second. */
const TIMEOUT_MS = 5_000;

/** What a load run asks the exporter besides the load itself. */
export interface ExporterClient {
  /** @throws Error when the exporter does not answer, or not with 200 */
  ready(): Promise<void>;
  /** @throws Error when the exporter does not answer, or SyntaxError when the page is malformed */
  metrics(): Promise<Sample[]>;
  /** The limits that the exporter publishes for its machine; by its capacities when it has none. */
  limits(capacities: MemoryCapacities): Promise<readonly Limit[]>;
}

/** Talks to the exporter at `target`, with `token` when it wants one. */
export function exporterClient(target: string, token?: string): ExporterClient {
  const get = async (path: string, accept: string): Promise<string> => {
    const response = await fetch(`${target}${path}`, {
      headers: { accept, ...(token && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return body;
  };
  return {
    async ready() {
      await get("/readyz", "application/json");
    },
    async metrics() {
      return parseMetrics(await get("/metrics", "text/plain;version=0.0.4"));
    },
    async limits(capacities) {
      try {
        const { limits } = JSON.parse(await get("/v1/limits", "application/json"));
        if (Array.isArray(limits) && limits.length > 0) return limits as Limit[];
      } catch {
        // An exporter without the route still has the limits of its memory.
      }
      return limitsWithin(capacities);
    },
  };
}
