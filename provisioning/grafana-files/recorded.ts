import { usedPerLimit } from "@headroom/alerts/rules/memory";
import { WINDOW } from "./expressions.ts";

/** The series that the rules record and that panels show; see `alerts/rules/`. */
export const RECORDED = {
  requests: `instance_outcome:sentiment_requests:rate${WINDOW}`,
  messages: `instance_source:sentiment_messages:rate${WINDOW}`,
  p95: `instance:sentiment_request_duration_seconds:p95_rate${WINDOW}`,
  errors: `instance:sentiment_request_errors_per_requests:ratio_rate${WINDOW}`,
  refusals: `instance:sentiment_request_refusals_per_requests:ratio_rate${WINDOW}`,
  cacheHits: `instance_cache_tier:cache_hits_per_requests:ratio_rate${WINDOW}`,
  entropy: `instance_method:attribution_entropy_nats:mean${WINDOW}`,
  entropyInRange: `instance_method:attribution_entropy_nats_in_range:ratio_rate${WINDOW}`,
  sparsity: `instance_method:attribution_sparsity_ratio:mean${WINDOW}`,
  sparsityInRange: `instance_method:attribution_sparsity_ratio_in_range:ratio_rate${WINDOW}`,
  statusP95: `instance_scenario:status_duration_seconds:p95_rate${WINDOW}`,
  statusInTime: `instance_scenario:status_in_time_per_requests:ratio_rate${WINDOW}`,
  statusUngrounded: `instance_scenario:status_ungrounded_per_requests:ratio_rate${WINDOW}`,
  statusFallbacks: `instance_reason:status_fallbacks_per_requests:ratio_rate${WINDOW}`,
  memoryShare: "instance_scope:headroom_memory_used_per_capacity:ratio",
  memoryPerLimit: usedPerLimit("warning"),
} as const;
