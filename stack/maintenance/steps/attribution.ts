import { type Limit, limit } from "@headroom/alerts/limits";
import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import { bucketAt } from "@headroom/alerts/rules/condition";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { attributionInside, attributionMean } from "@headroom/alerts/rules/measures";
import { formatShare } from "@headroom/loadtest/report/format";
import type { Examined } from "../examine.ts";
import { QUALITIES } from "../measures.ts";
import { checkedRow, limitRow, type Row, type Step, unknownRow } from "../step.ts";

/** Whether the attributions of the last day are valid: their means, and how many lie in range. */
export const attribution: Step = {
  id: "attribution",
  title: "Attributions of the last day are valid",
  async rows(examined) {
    const { prometheus, matchers, at } = examined;
    const counted = await prometheus.samples(
      `sum by (method) (increase(attribution_entropy_nats_count{${matchers}}[1d])) >= ${EVIDENCE.messages}`,
      at,
    );
    if (counted.length === 0) {
      const why = `Fewer than ${EVIDENCE.messages} messages had attributions in the last day.`;
      return [unknownRow({ ...attribution, limit: "within the limits" }, why)];
    }
    const rows: Row[] = [];
    for (const { labels } of counted) {
      for (const quality of QUALITIES) {
        rows.push(...(await qualityRows(quality, labels["method"] ?? "", examined)));
      }
      rows.push(await bothRow(labels["method"] ?? "", examined));
    }
    const defined = counted.reduce((sum, { value }) => sum + value, 0);
    const undefinedTotal = `sum(increase(attribution_undefined_total{${matchers}}[1d]))`;
    return [...rows, undefinedRow(await prometheus.value(undefinedTotal, at), defined)];
  },
};

async function qualityRows(
  { name, limitId, metric, runbook }: (typeof QUALITIES)[number],
  method: string,
  { prometheus, matchers, exporter, at }: Examined,
): Promise<readonly Row[]> {
  const allowed = limit(limitId, "warning", exporter.limits);
  const own = `${matchers}, method="${method}"`;
  const mean = attributionMean(metric, { matchers: own, window: "1d", by: "" });
  const grown = (part: string, more = ""): string =>
    `sum(increase(${metric}_${part}{${own}${more}}[1d]))`;
  const upTo = (edge: number): string => grown("bucket", `, ${bucketAt(edge)}`);
  const top = allowed.bound === "band" ? upTo(allowed.upper) : grown("count");
  const bottom = allowed.bound === "upper" ? 0 : allowed.lower;
  const inside = await prometheus.value(`(${top} - ${upTo(bottom)}) / ${grown("count")}`, at);
  return [
    limitRow({
      id: `${name}-mean-${method}`,
      title: `Attribution ${name} of the last day, mean (${method})`,
      limit: allowed,
      value: await prometheus.value(mean, at),
      missing: "Prometheus has no sums of it.",
      todo: "Look at single answers: inputs, normalisation, model.",
      runbook,
    }),
    inRangeRow({ name, method, runbook }, inside, allowed),
  ];
}

/** The messages that the quality map shows inside. */
async function bothRow(
  method: string,
  { prometheus, matchers, exporter, at }: Examined,
): Promise<Row> {
  const own = `${matchers}, method="${method}"`;
  const query = attributionInside({ matchers: own, window: "1d", by: "" }, exporter.limits);
  const runbook = "HeadroomAttributionEntropyOutOfRange";
  const inside = await prometheus.value(query, at);
  return inRangeRow({ name: "both", method, runbook }, inside, { title: "the grid of both" });
}

/** The share of the messages whose attribution lies within its limit. */
export function inRangeRow(
  { name, method, runbook }: { name: string; method: string; runbook: string },
  inside: number,
  { title }: Pick<Limit, "title">,
): Row {
  const { attributionInRange } = MAINTENANCE_LIMITS;
  const row = {
    id: `${name}-in-range-${method}`,
    title: `Messages with ${name === "both" ? "both qualities" : name} in range (${method})`,
    limit: `at least ${formatShare(attributionInRange)}`,
  };
  if (!Number.isFinite(inside)) return unknownRow(row, `Prometheus has no buckets of ${title}.`);
  return checkedRow({ ...row, observed: formatShare(inside) }, inside >= attributionInRange, {
    detail: "The mean may be fine while single attributions are not: look at the quality map.",
    runbook,
  });
}

/** The messages without a defined attribution, as a share of all. */
export function undefinedRow(missing: number, defined: number): Row {
  const { attributionUndefined } = MAINTENANCE_LIMITS;
  const row = {
    id: "attribution-undefined",
    title: "Messages without a defined attribution",
    limit: `below ${formatShare(attributionUndefined)}`,
  };
  const share = missing / (missing + defined);
  if (!Number.isFinite(share)) return unknownRow(row, "Prometheus has no counts of it.");
  return checkedRow({ ...row, observed: formatShare(share) }, share < attributionUndefined, {
    detail: "Inputs of one word or without a known word have none: look at what is sent.",
    runbook: "HeadroomAttributionEntropyOutOfRange",
  });
}
