import { MAINTENANCE_LIMITS } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { formatCount, formatShare } from "@headroom/loadtest/report/format";
import { type Row, toldRow } from "../row.ts";
import type { Examined, Step } from "../step.ts";
import { cacheErrorRows } from "./cache-answers.ts";

/** What the caches saved in the last week, and whether Redis failed. */
export const cacheEfficiency: Step = {
  id: "cache-efficiency",
  title: "The cache is worth its memory, last week",
  rows: async (examined) => [
    ...(await hitRows(examined)),
    ...(await cacheErrorRows(examined, { window: "1w", prefix: "cache-errors" })),
  ],
};

async function hitRows({ prometheus, matchers, at }: Examined): Promise<readonly Row[]> {
  const by = (more: string): string =>
    `sum by (cache, tier) (increase(cache_requests_total{${matchers}${more}}[1w]))`;
  const lookups = await prometheus.samples(`${by("")} >= ${EVIDENCE.requests}`, at);
  const hits = await prometheus.samples(by(', result="hit"'), at);
  return lookups.map(({ labels: { cache = "", tier = "" }, value }) => {
    const hit = hits.find(({ labels }) => labels["cache"] === cache && labels["tier"] === tier);
    return judgeHits({ cache, tier }, hit?.value ?? 0, value);
  });
}

/** What to do about a part of the cache whose answers nobody asks for again. */
const NEVER_HIT: Readonly<Record<string, string>> = {
  "sentiment memory": "No message repeats. HEADROOM_CACHE_ENTRIES=0 would save this memory.",
  "sentiment redis":
    "What the memory has not, Redis has not either: without HEADROOM_REDIS_URL each lookup is saved.",
};

/** Tells how many lookups of a cache's tier found an answer; low shares come with advice. */
export function judgeHits(
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
  return toldRow(row, never ? (NEVER_HIT[`${cache} ${tier}`] ?? "") : "");
}
