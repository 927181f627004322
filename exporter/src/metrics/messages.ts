import { Counter, type Registry } from "./prometheus.ts";
import type { Label, SentimentResult } from "../sentiment/result.ts";

const LABELS: readonly Label[] = ["positive", "negative", "neutral"];

/** `sentiment_messages_total`: answered messages, and whether the model or the cache answered. */
export function messageMetrics(registry: Registry): (result: SentimentResult) => void {
  const total = new Counter({
    name: "sentiment_messages_total",
    help: "Answered messages by label and by what answered them.",
    labelNames: ["label", "source"],
    registers: [registry],
  });
  for (const label of LABELS) {
    for (const source of ["model", "cache"]) total.inc({ label, source }, 0);
  }
  return ({ label, cached }) => total.inc({ label, source: cached ? "cache" : "model" });
}
