import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import { type Config, loadConfig } from "@headroom/exporter/config";
import { valueOf } from "@headroom/exporter/hardware/facts";
import type { HardwareReport } from "@headroom/exporter/hardware/report";
import { formatBytes, formatCount, formatShare } from "@headroom/loadtest/report/format";
import type { Examined } from "../examine.ts";
import { checkedRow, type Row, type Step, toldRow, unknownRow } from "../step.ts";

const { littleUsed, nearBound, leastHitRatio, smallBatch } = MAINTENANCE_LIMITS;

type Settings = Pick<Config, "queueMessages" | "cacheEntries" | "cacheBytes">;
type Hardware = Pick<HardwareReport, "facts" | "plan" | "simulated">;

/**
 * Whether the exporter's settings fit the machine and what was used in the last month. The exporter
 * does not publish its settings: those of this command's environment are taken, as for npm run doctor.
 */
export const configuration: Step = {
  id: "configuration",
  title: "The configuration fits the machine and its use",
  async rows(examined) {
    const used = await readUsage(examined);
    return configurationRows(used, loadConfig(process.env), examined.exporter.hardware);
  },
};

/** The queries for what was used in the last month. */
function usageQueries(matchers: string) {
  const most = (metric: string, more = ""): string =>
    `max(max_over_time(${metric}{${matchers}${more}}[30d]))`;
  const grown = (metric: string, more = ""): string =>
    `sum(increase(${metric}{${matchers}${more}}[30d]))`;
  const lookups = (more: string): string =>
    grown("headroom_cache_requests_total", `, tier="memory"${more}`);
  const inMemory = ', tier="memory", cache="sentiment"';
  return {
    /** Most memory of the whole machine, and what it has, in bytes. */
    memoryBytes: most("headroom_memory_used_bytes", ', scope="system"'),
    capacityBytes: `max(headroom_memory_capacity_bytes{${matchers}, scope="system"})`,
    /** Most messages that waited at once. */
    queued: most("headroom_queue_depth"),
    refused: grown("sentiment_requests_total", ', outcome="refused"'),
    /** Most answers, and bytes of them, that the memory held. */
    cacheEntries: most("headroom_cache_entries", inMemory),
    cacheBytes: most("headroom_cache_bytes", inMemory),
    /** Share of the lookups in memory that found an answer. */
    hitRatio: `${lookups(', result="hit"')} / ${lookups("")}`,
    /** Messages in a batch, mean. */
    batchSize: `${grown("sentiment_batch_size_sum")} / ${grown("sentiment_batch_size_count")}`,
  };
}

/** What was used in the last month; NaN where Prometheus has no sample. */
export type Usage = Readonly<Record<keyof ReturnType<typeof usageQueries>, number>>;

async function readUsage({ prometheus, matchers, at }: Examined): Promise<Usage> {
  const used: [string, number][] = [];
  for (const [name, query] of Object.entries(usageQueries(matchers))) {
    used.push([name, await prometheus.value(query, at)]);
  }
  return Object.fromEntries(used) as Usage;
}

/** Settings beside the machine and the use; each row that fails names the setting. */
export function configurationRows(
  used: Usage,
  settings: Settings,
  hardware: Hardware,
): readonly Row[] {
  return [
    memoryRow(used),
    ...planRows(hardware),
    queueRow(used, settings),
    cacheRow(used, settings),
    batchRow(used),
  ];
}

function memoryRow({ memoryBytes, capacityBytes }: Usage): Row {
  const row = { id: "memory-use", title: "Most memory used in the last month", limit: "-" };
  const share = memoryBytes / capacityBytes;
  if (!Number.isFinite(share)) return unknownRow(row, "Prometheus has no sample of it.");
  const observed = `${formatBytes(memoryBytes)} (${formatShare(share)})`;
  return toldRow(
    { ...row, observed },
    share < littleUsed
      ? "Little of it: a larger chat model (HEADROOM_CHAT_MODEL) or cache (HEADROOM_CACHE_BYTES) fits."
      : "",
  );
}

/** Nothing where no chat model is wanted. */
function planRows({ plan, facts, simulated }: Hardware): readonly Row[] {
  if (!plan) return [];
  const row = {
    id: "plan",
    title: "The chat model's plan fits the memory",
    limit: "below what there is",
  };
  const real = valueOf(facts.memoryBytes);
  if (real === undefined) return [unknownRow(row, "The memory of the machine is not known.")];
  const observed = `${formatBytes(plan.memoryBytes)} of ${formatBytes(real)}`;
  const detail =
    "Choose a smaller chat model (HEADROOM_CHAT_MODEL), or remove what overrides the plan.";
  const told = simulated ? "A simulated engine does not use it." : "";
  return [checkedRow({ ...row, observed }, plan.memoryBytes < real, { detail }, told)];
}

function queueRow({ queued, refused }: Usage, { queueMessages }: Settings): Row {
  const row = {
    id: "queue",
    title: "The queue has room, last month",
    limit: `${formatCount(queueMessages)} messages, none refused`,
  };
  if (!Number.isFinite(queued) || !Number.isFinite(refused)) {
    return unknownRow(row, "Prometheus has no sample of it.");
  }
  const observed = `up to ${formatCount(queued)} waited, ${formatCount(Math.ceil(refused))} refused`;
  const near = queued >= nearBound * queueMessages;
  return checkedRow({ ...row, observed }, !near && refused === 0, {
    detail:
      refused > 0 && !near
        ? "Bursts between two readings filled it: raise HEADROOM_QUEUE_MESSAGES if latency has headroom."
        : "Raise HEADROOM_QUEUE_MESSAGES if latency has headroom; otherwise HEADROOM_WORKERS, or ask for less.",
    runbook: "HeadroomSaturated",
  });
}

function cacheRow({ cacheEntries, cacheBytes, hitRatio }: Usage, settings: Settings): Row {
  const bounds = `${formatCount(settings.cacheEntries)} entries, ${formatBytes(settings.cacheBytes)}`;
  const row = { id: "cache-room", title: "The cache's bounds, last month", limit: bounds };
  if (!Number.isFinite(cacheEntries) || !Number.isFinite(cacheBytes)) {
    return unknownRow(row, "Prometheus has no sample of it.");
  }
  const hits = Number.isFinite(hitRatio) ? `, ${formatShare(hitRatio)} hits` : "";
  const observed = `${formatCount(cacheEntries)} entries, ${formatBytes(cacheBytes)}${hits}`;
  const full =
    cacheEntries >= nearBound * settings.cacheEntries ||
    cacheBytes >= nearBound * settings.cacheBytes;
  if (!full) return toldRow({ ...row, observed });
  // A full cache is how it should be; it only drops answers that may be asked for again.
  return toldRow(
    { ...row, observed },
    hitRatio < leastHitRatio
      ? "It is full and hardly hits: a smaller HEADROOM_CACHE_ENTRIES would do."
      : "It is full: a larger HEADROOM_CACHE_ENTRIES and HEADROOM_CACHE_BYTES may hit more often.",
  );
}

function batchRow({ batchSize }: Usage): Row {
  const row = { id: "batch-size", title: "Messages in a batch, mean of last month", limit: "-" };
  if (!Number.isFinite(batchSize)) return unknownRow(row, "No batch was computed.");
  return toldRow(
    { ...row, observed: batchSize.toFixed(1) },
    batchSize < smallBatch
      ? "Clients send single messages: more in a request, or a longer HEADROOM_BATCH_WAIT_MS, cost less each."
      : "",
  );
}
