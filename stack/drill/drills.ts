import {
  ballast,
  batchesOf,
  exporterKilled,
  exporterStopped,
  exporterWith,
  type Fault,
  flood,
  incidentsStopped,
  leak,
  modelHangs,
  modelKilled,
  modelServerKilled,
  modelServerWith,
  noLoad,
  redisKilled,
  someOfAll,
} from "./faults.ts";
import { HISTORY_SECONDS, IDLE_SECONDS, RESTART_SECONDS } from "./rules.ts";

/** One limit that is broken on purpose. */
export interface Drill {
  /** Name of the alert that must fire. */
  readonly alert: string;
  readonly fault: Fault;
  /** Alerts that break with it, and that its own alert keeps Alertmanager from telling of. */
  readonly silences?: readonly string[];
  /** Alerts that break with it and are told beside it; they share its incident. */
  readonly beside?: readonly string[];
  /**
   * When the incident is opened, if not while the fault lasts: after it, since the process that keeps
   * incidents is itself at fault; or never, because nobody has to act.
   */
  readonly told?: "afterwards" | "never";
  /** How long the fault may take to be noticed, beyond the patience of every drill. */
  readonly takesSeconds?: number;
}

/** A drill of every alert, in the order of the rules. */
export const DRILLS: readonly Drill[] = [
  { alert: "HeadroomLatencyHigh", fault: batchesOf(400) },
  {
    alert: "HeadroomLatencyCritical",
    fault: batchesOf(1200),
    silences: ["HeadroomLatencyHigh"],
  },
  {
    alert: "HeadroomErrorRateHigh",
    fault: exporterWith("one batch in eight fails", { HEADROOM_SIMULATE_ERROR_RATIO: "0.125" }),
  },
  {
    alert: "HeadroomErrorRateCritical",
    fault: exporterWith("half of all batches fail", { HEADROOM_SIMULATE_ERROR_RATIO: "0.5" }),
    silences: ["HeadroomErrorRateHigh"],
  },
  {
    alert: "HeadroomMemoryHigh",
    fault: ballast("another program takes more memory than is left", 1.5),
  },
  {
    alert: "HeadroomMemoryCritical",
    fault: ballast("another program takes far more memory than is left", 2.5),
    silences: ["HeadroomMemoryHigh"],
  },
  { alert: "HeadroomLimitForecast", fault: leak, takesSeconds: 3 * HISTORY_SECONDS },
  {
    alert: "HeadroomAttributionEntropyOutOfRange",
    fault: exporterWith("one word decides alone", { HEADROOM_SIMULATE_ATTRIBUTION: "one-word" }),
  },
  {
    alert: "HeadroomAttributionSparsityLow",
    fault: exporterWith("all words weigh the same", { HEADROOM_SIMULATE_ATTRIBUTION: "even" }),
  },
  { alert: "HeadroomStatusSlow", fault: modelHangs },
  {
    alert: "HeadroomFirstTokenSlow",
    fault: modelServerWith("the first token takes a second", { firstMs: 1_000 }),
    // No request whose first token is late is a good one.
    beside: ["HeadroomGoodputLow"],
  },
  {
    alert: "HeadroomTokensSlow",
    fault: modelServerWith("each token takes 150 ms", { tokenMs: 150 }),
    beside: ["HeadroomGoodputLow"],
  },
  { alert: "HeadroomGoodputLow", fault: someOfAll },
  { alert: "HeadroomUpstreamDown", fault: modelServerKilled },
  {
    alert: "HeadroomKvCacheFull",
    fault: modelServerWith("the KV cache is at 97 %", { kvCache: 0.97 }),
  },
  { alert: "HeadroomCacheDegraded", fault: redisKilled },
  {
    alert: "HeadroomSaturated",
    fault: flood,
    // Refused requests are errors; this alert says why.
    beside: ["HeadroomErrorRateCritical"],
    silences: ["HeadroomErrorRateHigh"],
  },
  {
    alert: "HeadroomModelUnavailable",
    // The embedded model cannot chat.
    fault: exporterWith("the chat model's file holds another kind of model", {
      HEADROOM_SIMULATE: "false",
      HEADROOM_CHAT_MODEL: "./exporter/models/sentiment/sentiment.gguf",
    }),
  },
  { alert: "HeadroomModelRestarting", fault: modelKilled, takesSeconds: RESTART_SECONDS },
  { alert: "HeadroomNoTraffic", fault: noLoad, told: "never", takesSeconds: IDLE_SECONDS },
  { alert: "HeadroomExporterDown", fault: exporterStopped },
  { alert: "HeadroomRestarting", fault: exporterKilled, takesSeconds: RESTART_SECONDS },
  { alert: "HeadroomIncidentsDown", fault: incidentsStopped, told: "afterwards" },
];
