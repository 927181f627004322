import { MAINTENANCE_LIMITS } from "@headroom/alerts/limits";
import { type Config, loadConfig } from "@headroom/exporter/config";
import { valueOf } from "@headroom/exporter/hardware/facts";
import type { HardwareReport } from "@headroom/exporter/hardware/report";
import { formatBytes, formatCount, formatShare } from "@headroom/loadtest/report/format";
import { checkedRow, type Row, toldRow, unknownRow } from "../row.ts";
import type { Step } from "../step.ts";
import { readUsage, type Usage } from "../usage.ts";

type Settings = Pick<Config, "queueMessages" | "cacheEntries" | "cacheBytes">;

/**
 * Whether the exporter's settings fit the machine and what was used in the last month. The exporter
 * does not publish its settings: those of this command's environment are taken, as for npm run doctor.
 */
export const configuration: Step = {
  id: "configuration",
  title: "The configuration fits the machine and its use",
  rows: async (examined) =>
    judgeConfiguration(
      await readUsage(examined),
      loadConfig(process.env),
      examined.exporter.hardware,
    ),
};

/** Judges settings by the machine and the use; each row that fails names the setting. */
export function judgeConfiguration(
  used: Usage,
  settings: Settings,
  hardware: Pick<HardwareReport, "facts" | "plan" | "simulated">,
): readonly Row[] {
  return [
    memoryUse(used),
    ...planned(hardware),
    queue(used, settings),
    cacheRoom(used, settings),
    batches(used),
  ];
}

function memoryUse({ memoryBytes, capacityBytes }: Usage): Row {
  const row = { id: "memory-use", title: "Most memory used in the last month", limit: "-" };
  const share = memoryBytes / capacityBytes;
  if (!Number.isFinite(share)) return unknownRow(row, "Prometheus has no sample of it.");
  const observed = `${formatBytes(memoryBytes)} (${formatShare(share)})`;
  return toldRow(
    { ...row, observed },
    share < MAINTENANCE_LIMITS.littleUsed
      ? "Little of it: a larger chat model (HEADROOM_CHAT_MODEL) or cache (HEADROOM_CACHE_BYTES) fits."
      : "",
  );
}

/** Nothing where no chat model is wanted. */
function planned({
  plan,
  facts,
  simulated,
}: Pick<HardwareReport, "facts" | "plan" | "simulated">): readonly Row[] {
  if (!plan) return [];
  const row = {
    id: "plan",
    title: "The chat model's plan fits the memory",
    limit: "below what there is",
  };
  const real = valueOf(facts.memoryBytes);
  if (real === undefined) return [unknownRow(row, "The memory of the machine is not known.")];
  const observed = `${formatBytes(plan.memoryBytes)} of ${formatBytes(real)}`;
  return [
    checkedRow(
      { ...row, observed },
      plan.memoryBytes < real,
      {
        detail:
          "Choose a smaller chat model (HEADROOM_CHAT_MODEL), or remove what overrides the plan.",
      },
      simulated ? "A simulated engine does not use it." : "",
    ),
  ];
}

function queue({ queued, refused }: Usage, { queueMessages }: Settings): Row {
  const row = {
    id: "queue",
    title: "The queue has room, last month",
    limit: `${formatCount(queueMessages)} messages, none refused`,
  };
  if (!Number.isFinite(queued) || !Number.isFinite(refused)) {
    return unknownRow(row, "Prometheus has no sample of it.");
  }
  const observed = `up to ${formatCount(queued)} waited, ${formatCount(Math.ceil(refused))} refused`;
  const near = queued >= MAINTENANCE_LIMITS.nearBound * queueMessages;
  return checkedRow({ ...row, observed }, !near && refused === 0, {
    detail:
      refused > 0 && !near
        ? "Bursts between two readings filled it: raise HEADROOM_QUEUE_MESSAGES if latency has headroom."
        : "Raise HEADROOM_QUEUE_MESSAGES if latency has headroom; otherwise HEADROOM_WORKERS, or ask for less.",
    runbook: "HeadroomSaturated",
  });
}

function cacheRoom({ cacheEntries, cacheBytes, hitRatio }: Usage, settings: Settings): Row {
  const bounds = `${formatCount(settings.cacheEntries)} entries, ${formatBytes(settings.cacheBytes)}`;
  const row = { id: "cache-room", title: "The cache's bounds, last month", limit: bounds };
  if (!Number.isFinite(cacheEntries) || !Number.isFinite(cacheBytes)) {
    return unknownRow(row, "Prometheus has no sample of it.");
  }
  const hits = Number.isFinite(hitRatio) ? `, ${formatShare(hitRatio)} hits` : "";
  const observed = `${formatCount(cacheEntries)} entries, ${formatBytes(cacheBytes)}${hits}`;
  const { nearBound, leastHitRatio } = MAINTENANCE_LIMITS;
  const full = (["cacheEntries", "cacheBytes"] as const).some(
    (bound) => ({ cacheEntries, cacheBytes })[bound] >= nearBound * settings[bound],
  );
  // A full cache is how it should be; it only drops answers that may be asked for again.
  return toldRow(
    { ...row, observed },
    !full
      ? ""
      : hitRatio < leastHitRatio
        ? "It is full and hardly hits: a smaller HEADROOM_CACHE_ENTRIES would do."
        : "It is full: a larger HEADROOM_CACHE_ENTRIES and HEADROOM_CACHE_BYTES may hit more often.",
  );
}

function batches({ batchSize }: Usage): Row {
  const row = { id: "batch-size", title: "Messages in a batch, mean of last month", limit: "-" };
  if (!Number.isFinite(batchSize)) return unknownRow(row, "No batch was computed.");
  return toldRow(
    { ...row, observed: batchSize.toFixed(1) },
    batchSize < MAINTENANCE_LIMITS.smallBatch
      ? "Clients send single messages: more in a request, or a longer HEADROOM_BATCH_WAIT_MS, cost less each."
      : "",
  );
}
