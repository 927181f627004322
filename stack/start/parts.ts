import { startExporter } from "../parts/exporter.ts";
import { startPreview } from "../parts/preview.ts";
import { startPrometheus } from "../parts/prometheus.ts";
import { startRedisIfPresent } from "../parts/redis.ts";
import type { Session } from "../session.ts";
import type { StartOptions } from "./start.ts";
import type { Addresses } from "./where.ts";

/**
 * Starts Redis if it is installed, the exporter, Prometheus and the live page.
 *
 * @param prometheusProgram - file of Prometheus
 * @throws Error with the end of its log when one does not become ready
 */
export async function startParts(
  session: Session,
  options: Pick<StartOptions, "port" | "model" | "chatModel" | "simulate">,
  prometheusProgram: string,
): Promise<Addresses> {
  const redis = await startRedisIfPresent(session);
  const { port, model, chatModel, simulate } = options;
  const exporter = await startExporter(session, {
    port,
    redisUrl: redis,
    model,
    chatModel,
    simulate,
  });
  const prometheus = await startPrometheus(session, prometheusProgram, exporter);
  const page = await startPreview(session, prometheus);
  return { page, exporter, prometheus, redis };
}
