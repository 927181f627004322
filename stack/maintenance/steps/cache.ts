import { isBroken } from "@headroom/alerts/headroom";
import { OPERATION_LIMITS } from "@headroom/alerts/limits";
import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { formatCount, formatShare } from "@headroom/loadtest/report/format";
import type { Examined } from "../examine.ts";
import { checkedRow, type Row, type Step, toldRow, unknownRow } from "../step.ts";

/** Whether the caches answered what was looked up in the last day, and stored what was written. */
export const cacheAnswers: Step = {
  id: "cache-answers",
  title: "The cache answers, last day",
  rows: (examined) => errorRows(examined, "1d", "cache-answers"),
};

/** What the caches saved in the last week, and whether Redis failed. */
export const cacheEfficiency: Step = {
  id: "cache-efficiency",
  title: "The cache is worth its memory, last week",
  rows: async (examined) => [
    ...(await hitRows(examined)),
    ...(await errorRows(examined, "1w", "cache-errors")),
  ],
};

/** What is asked of a tier, and what it is called when the tier fails it. */
const OPERATIONS = [
  { id: "", title: "Lookups in", counter: "headroom_cache_requests_total", failed: "error" },
  { id: "-writes", title: "Writes to", counter: "headroom_cache_writes_total", failed: "dropped" },
] as const;

/** A row for lookups and writes, and each tier of the cache: the share that failed in some time. */
async function errorRows(
  { prometheus, matchers, at }: Examined,
  window: string,
  prefix: string,
): Promise<readonly Row[]> {
  const limit = `below ${formatShare(OPERATION_LIMITS.cacheErrors.upper)} fail`;
  const rows: Row[] = [];
  for (const { id, title, counter, failed } of OPERATIONS) {
    const by = (more: string): string =>
      `sum by (tier) (increase(${counter}{${matchers}${more}}[${window}]))`;
    const all = await prometheus.samples(`${by("")} >= ${EVIDENCE.requests}`, at);
    const failures = await prometheus.samples(by(`, result="${failed}"`), at);
    if (all.length === 0) {
      const why = `There were fewer than ${EVIDENCE.requests}.`;
      rows.push(unknownRow({ id: `${prefix}${id}`, title: `${title} the cache`, limit }, why));
    }
    for (const { labels, value } of all) {
      const { tier = "" } = labels;
      const share = (failures.find((one) => one.labels["tier"] === tier)?.value ?? 0) / value;
      const row = { id: `${prefix}${id}-${tier}`, title: `${title} the cache that fail, ${tier}` };
      rows.push(
        checkedRow(
          { ...row, observed: formatShare(share), limit },
          !isBroken(OPERATION_LIMITS.cacheErrors, share),
          {
            detail: "Requests are answered, but by the model: see whether Redis is there.",
            runbook: "HeadroomCacheDegraded",
          },
        ),
      );
    }
  }
  return rows;
}

async function hitRows({ prometheus, matchers, at }: Examined): Promise<readonly Row[]> {
  const by = (more: string): string =>
    `sum by (cache, tier) (increase(headroom_cache_requests_total{${matchers}${more}}[1w]))`;
  const lookups = await prometheus.samples(`${by("")} >= ${EVIDENCE.requests}`, at);
  const hits = await prometheus.samples(by(', result="hit"'), at);
  return lookups.map(({ labels: { cache = "", tier = "" }, value }) => {
    const hit = hits.find(({ labels }) => labels["cache"] === cache && labels["tier"] === tier);
    return hitsRow({ cache, tier }, hit?.value ?? 0, value);
  });
}

/** What to do about a part of the cache whose answers nobody asks for again. */
const NEVER_HIT: Readonly<Record<string, string>> = {
  "sentiment memory": "No message repeats. HEADROOM_CACHE_ENTRIES=0 would save this memory.",
  "sentiment redis":
    "What the memory has not, Redis has not either: without HEADROOM_REDIS_URL each lookup is saved.",
};

/** How many lookups of a cache's tier found an answer; low shares come with advice. */
export function hitsRow(
  { cache, tier }: { readonly cache: string; readonly tier: string },
  hits: number,
  lookups: number,
): Row {
  const share = hits / lookups;
  const row = {
    id: `cache-hits-${cache}-${tier}`,
    title: `Answers found in the cache: ${cache}, ${tier}`,
    observed: `${formatShare(share)} of ${formatCount(lookups)}`,
    limit: "-",
  };
  const never = share < MAINTENANCE_LIMITS.leastHitRatio;
  return toldRow(row, never ? NEVER_HIT[`${cache} ${tier}`] : "");
}
