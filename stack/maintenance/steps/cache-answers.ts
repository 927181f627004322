import { isBroken } from "../../../alerts/headroom.ts";
import { OPERATION_LIMITS } from "../../../alerts/limits.ts";
import { EVIDENCE } from "../../../alerts/rules/evidence.ts";
import { formatShare } from "../../../loadtest/report/format.ts";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Examined, Step } from "../step.ts";

/** Whether the caches answered what was looked up in the last day. */
export const cacheAnswers: Step = {
  id: "cache-answers",
  title: "The cache answers, last day",
  rows: (examined) => cacheErrorRows(examined, { window: "1d", prefix: "cache-answers" }),
};

/** One row a tier of the cache: the share of its lookups that failed over some time. */
export async function cacheErrorRows(
  { prometheus, matchers, at }: Examined,
  { window, prefix }: { readonly window: string; readonly prefix: string },
): Promise<readonly Row[]> {
  const by = (more: string): string =>
    `sum by (tier) (increase(cache_requests_total{${matchers}${more}}[${window}]))`;
  const lookups = await prometheus.samples(`${by("")} >= ${EVIDENCE.requests}`, at);
  const failed = await prometheus.samples(by(', result="error"'), at);
  const limit = `below ${formatShare(OPERATION_LIMITS.cacheErrors.upper)} fail`;
  if (lookups.length === 0) {
    const why = `There were fewer than ${EVIDENCE.requests} lookups.`;
    return [unknownRow({ id: prefix, title: "Lookups in the cache", limit }, why)];
  }
  return lookups.map(({ labels: { tier = "" }, value }) => {
    const share = (failed.find(({ labels }) => labels["tier"] === tier)?.value ?? 0) / value;
    return checkedRow(
      {
        id: `${prefix}-${tier}`,
        title: `Lookups in the cache that fail, ${tier}`,
        observed: formatShare(share),
        limit,
      },
      !isBroken(OPERATION_LIMITS.cacheErrors, share),
      {
        detail: "Requests are answered, but by the model: see whether Redis is there.",
        runbook: "HeadroomCacheDegraded",
      },
    );
  });
}
