import { isBroken } from "@headroom/alerts/headroom";
import { OPERATION_LIMITS } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { formatShare } from "@headroom/loadtest/report/format";
import { checkedRow, type Row, unknownRow } from "../row.ts";
import type { Examined, Step } from "../step.ts";

/** Whether the caches answered what was looked up in the last day, and stored what was written. */
export const cacheAnswers: Step = {
  id: "cache-answers",
  title: "The cache answers, last day",
  rows: (examined) => cacheErrorRows(examined, { window: "1d", prefix: "cache-answers" }),
};

/** What is asked of a tier, and what it is called when the tier fails it. */
const OPERATIONS = [
  { id: "", title: "Lookups in", counter: "cache_requests_total", failed: "error" },
  { id: "-writes", title: "Writes to", counter: "cache_writes_total", failed: "dropped" },
] as const;

/** A row each for lookups and writes, and each tier of the cache: the share that failed in some time. */
export async function cacheErrorRows(
  examined: Examined,
  over: { readonly window: string; readonly prefix: string },
): Promise<readonly Row[]> {
  const rows = await Promise.all(OPERATIONS.map((one) => rowsOf(examined, over, one)));
  return rows.flat();
}

async function rowsOf(
  { prometheus, matchers, at }: Examined,
  { window, prefix }: { readonly window: string; readonly prefix: string },
  { id, title, counter, failed }: (typeof OPERATIONS)[number],
): Promise<readonly Row[]> {
  const by = (more: string): string =>
    `sum by (tier) (increase(${counter}{${matchers}${more}}[${window}]))`;
  const all = await prometheus.samples(`${by("")} >= ${EVIDENCE.requests}`, at);
  const failures = await prometheus.samples(by(`, result="${failed}"`), at);
  const limit = `below ${formatShare(OPERATION_LIMITS.cacheErrors.upper)} fail`;
  if (all.length === 0) {
    const why = `There were fewer than ${EVIDENCE.requests}.`;
    return [unknownRow({ id: `${prefix}${id}`, title: `${title} the cache`, limit }, why)];
  }
  return all.map(({ labels: { tier = "" }, value }) => {
    const share = (failures.find(({ labels }) => labels["tier"] === tier)?.value ?? 0) / value;
    return checkedRow(
      {
        id: `${prefix}${id}-${tier}`,
        title: `${title} the cache that fail, ${tier}`,
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
