import { Counter, type Registry } from "./prometheus.ts";
import type { Label, SentimentResult } from "../sentiment/result.ts";

const LABELS: readonly Label[] = ["positive", "negative", "neutral"];

/** `sentiment_messages_total`: answered messages, and whether the model or the cache answered. */
export function messageMetrics(registry: Registry): (results: readonly SentimentResult[]) => void {
  const total = new Counter({
    name: "sentiment_messages_total",
    help: "Answered messages by label and by what answered them.",
    labelNames: ["label", "source"],
    registers: [registry],
  });
  for (const label of LABELS) {
    for (const source of ["model", "cache"]) total.inc({ label, source }, 0);
  }
  return (results) => {
    // Counted first: a batch has 128 messages and six series at most.
    for (const label of LABELS) {
      const those = results.filter((result) => result.label === label);
      const cached = those.filter((result) => result.cached).length;
      if (cached > 0) total.inc({ label, source: "cache" }, cached);
      if (cached < those.length) total.inc({ label, source: "model" }, those.length - cached);
    }
  };
}
