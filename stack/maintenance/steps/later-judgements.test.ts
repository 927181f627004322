import { describe, expect, it } from "@jest/globals";
import { LIMITS, limit, MAINTENANCE_LIMITS } from "@headroom/alerts/limits";
import type { HardwareReport } from "@headroom/exporter/hardware/report";
import { judgeLimit } from "@headroom/loadtest/report/judge";
import { measures } from "../measures.ts";
import type { Row } from "../row.ts";
import type { Usage } from "../usage.ts";
import { judgeAccelerator } from "./accelerator.ts";
import { judgeBaseline } from "./baseline-age.ts";
import { judgeHits } from "./cache-efficiency.ts";
import { judgeConfiguration } from "./configuration.ts";
import { judgeLoad } from "./full-load.ts";
import { judgeLinks } from "./links.ts";
import { judgeFamilies } from "./metric-families.ts";
import { judgeQueries, judgeScripts } from "./runbook-commands.ts";
import { judgeWeeks } from "./trends.ts";

const verdictOf = (rows: readonly Row[], id: string) => rows.find((row) => row.id === id)?.verdict;
const detailOf = (rows: readonly Row[], id: string) => rows.find((row) => row.id === id)?.detail;

describe("a week", () => {
  const latency = measures(LIMITS).find(({ id }) => id === "latency-p95")!;

  it("fails when it is worse than the one before", () => {
    const row = judgeWeeks(latency, 0.05, 0.09);
    expect(row).toMatchObject({ verdict: "fail", observed: "90 ms, before 50 ms (+80.0 %)" });
    expect(judgeWeeks(latency, 0.05, 0.055).verdict).toBe("pass");
    expect(judgeWeeks(latency, 0.09, 0.05).verdict).toBe("pass");
  });

  it("is unknown when one of both has no value", () => {
    expect(judgeWeeks(latency, Number.NaN, 0.05).verdict).toBe("unknown");
    expect(judgeWeeks(latency, 0.05, Number.NaN).verdict).toBe("unknown");
  });
});

describe("a baseline", () => {
  const now = Date.parse("2026-03-31T00:00:00Z") / 1000;
  const saved = (measuredAt: string) => ({ measuredAt }) as never;

  it("must be there and not too old", () => {
    expect(judgeBaseline(saved("2026-03-30T00:00:00Z"), now)).toMatchObject({
      verdict: "pass",
      observed: "1 days old",
    });
    expect(judgeBaseline(saved("2026-01-01T00:00:00Z"), now).verdict).toBe("fail");
    expect(judgeBaseline(undefined, now).detail).toContain("--update-baseline");
  });
});

describe("hits in the cache", () => {
  it("are told, with advice when nothing repeats", () => {
    const tier = { cache: "sentiment", tier: "memory" };
    expect(judgeHits(tier, 400, 1000)).toMatchObject({ observed: "40.0 % of 1,000", detail: "" });
    expect(judgeHits(tier, 0, 1000).detail).toContain("HEADROOM_CACHE_ENTRIES");
  });
});

const known = <T>(value: T) => ({ known: true, value }) as const;
const hardware = (change: { gpu?: unknown; translated?: boolean; layers?: number } = {}) =>
  ({
    facts: {
      platform: "linux",
      arch: "x64",
      memoryBytes: known(48e9),
      gpu: known(change.gpu),
      translated: change.translated ?? false,
    },
    plan: { memoryBytes: 1e9, gpuLayers: { value: change.layers ?? 0, why: "no memory" } },
    advice: [{ code: "few_cores", severity: "info", what: "More cores.", why: "", effect: "" }],
    simulated: false,
  }) as unknown as HardwareReport;

describe("the accelerator", () => {
  const gpu = { backend: "cuda", name: "Card" };

  it("passes where there is none, and where it is used", () => {
    expect(verdictOf(judgeAccelerator(hardware()), "accelerator")).toBe("pass");
    const used = judgeAccelerator(hardware({ gpu, layers: -1 }));
    expect(used.find(({ id }) => id === "accelerator")).toMatchObject({
      verdict: "pass",
      observed: "Card (cuda), all layers on it",
    });
  });

  it("fails when it is left out, and says why and what to set", () => {
    const unused = judgeAccelerator(hardware({ gpu, layers: 0 }));
    expect(verdictOf(unused, "accelerator")).toBe("fail");
    expect(detailOf(unused, "accelerator")).toContain("no memory");
    const missing = judgeAccelerator(hardware({ gpu: { ...gpu, binary: "missing" }, layers: -1 }));
    expect(detailOf(missing, "accelerator")).toContain("HEADROOM_GPU=cuda");
  });

  it("is unknown when the machine does not tell", () => {
    const report = hardware();
    const facts = { ...report.facts, gpu: { known: false, reason: "no tool" } } as const;
    expect(verdictOf(judgeAccelerator({ ...report, facts }), "accelerator")).toBe("unknown");
  });

  it("passes with hints, and fails with warnings and under Rosetta", () => {
    const report = hardware({ translated: true });
    expect(verdictOf(judgeAccelerator(report), "hardware-advice")).toBe("pass");
    expect(verdictOf(judgeAccelerator(report), "native-process")).toBe("fail");
    const warned = { ...report, advice: [{ ...report.advice[0]!, severity: "warning" as const }] };
    expect(verdictOf(judgeAccelerator(warned), "hardware-advice")).toBe("fail");
  });
});

describe("a full load", () => {
  it("has a row for each limit and each condition of the run", () => {
    const latency = limit("latency_p95", "warning");
    const rows = judgeLoad({
      verdicts: [
        judgeLimit(latency, "Latency, P95", 0.7),
        judgeLimit(limit("error_ratio", "critical"), "Errors", 0),
        judgeLimit(limit("attribution_entropy", "warning"), "Entropy", Number.NaN),
      ],
      checks: [{ about: "load", title: "The load was offered", holds: true, found: "yes" }],
      files: { markdown: "report.md", json: "", k6Log: "" },
    });
    expect(rows.map(({ verdict }) => verdict)).toEqual(["fail", "pass", "unknown", "pass"]);
    expect(rows[0]!.detail).toContain("report.md");
  });
});

describe("the metric families", () => {
  const page = "# TYPE a gauge\na 1\n# TYPE b histogram\nb_count 2\n# TYPE c counter\n";
  const samples = [
    { name: "a", labels: {}, value: 1 },
    { name: "b_count", labels: {}, value: 2 },
  ];

  it("pass when what has series arrives; others are named", () => {
    const rows = judgeFamilies({ page, samples }, new Set(["a", "b_count"]), []);
    expect(rows.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass"]);
    expect(rows[0]).toMatchObject({ observed: "2 of 3 families, 1 without a series" });
    expect(rows[0]!.detail).toContain("c.");
  });

  it("fail when one is missing, no number, or still", () => {
    const broken = [...samples, { name: "a", labels: {}, value: Number.NaN }];
    const rows = judgeFamilies({ page, samples: broken }, new Set(["a"]), ["a"]);
    expect(rows.map(({ verdict }) => verdict)).toEqual(["fail", "fail", "fail"]);
    expect(rows[0]!.detail).toContain("Missing: b.");
  });
});

describe("the configuration", () => {
  const settings = { queueMessages: 2048, cacheEntries: 1000, cacheBytes: 64e6 };
  const usage: Usage = {
    memoryBytes: 20e9,
    capacityBytes: 48e9,
    queued: 100,
    refused: 0,
    cacheEntries: 10,
    cacheBytes: 1e6,
    hitRatio: 0.4,
    batchSize: 30,
  };
  const judged = (change: Partial<Usage> = {}) =>
    judgeConfiguration({ ...usage, ...change }, settings, hardware());

  it("passes without a suggestion where everything fits", () => {
    expect(judged().every(({ verdict, detail }) => verdict === "pass" && detail === "")).toBe(true);
  });

  it("says nothing of the plan of a chat model that is not wanted", () => {
    const { plan, ...rest } = hardware();
    expect(plan).toBeDefined();
    const rows = judgeConfiguration(usage, settings, rest);
    expect(rows.map(({ id }) => id)).not.toContain("plan");
  });

  it("names the setting for a queue that is full or refuses", () => {
    for (const change of [{ queued: 2048 }, { refused: 3 }]) {
      expect(verdictOf(judged(change), "queue")).toBe("fail");
      expect(detailOf(judged(change), "queue")).toContain("HEADROOM_QUEUE_MESSAGES");
    }
  });

  it("suggests a cache that fits its use", () => {
    const full = { cacheEntries: MAINTENANCE_LIMITS.nearBound * settings.cacheEntries };
    expect(detailOf(judged(full), "cache-room")).toContain("larger HEADROOM_CACHE_ENTRIES");
    expect(detailOf(judged({ ...full, hitRatio: 0 }), "cache-room")).toContain("smaller");
  });

  it("suggests larger batches, and uses for memory that lies idle", () => {
    expect(detailOf(judged({ batchSize: 1.2 }), "batch-size")).toContain("HEADROOM_BATCH_WAIT_MS");
    expect(detailOf(judged({ memoryBytes: 1e9 }), "memory-use")).toContain("HEADROOM_CHAT_MODEL");
  });

  it("is unknown where Prometheus has nothing", () => {
    const none = judged({ queued: Number.NaN, cacheEntries: Number.NaN, batchSize: Number.NaN });
    for (const id of ["queue", "cache-room", "batch-size"])
      expect(verdictOf(none, id)).toBe("unknown");
  });
});

describe("the documentation", () => {
  const page = { path: "README.md", file: "/README.md", text: "`npm run load`, `npm run nothing`" };

  it("fails with dead links, commands and queries, which are named", () => {
    const dead = judgeLinks(5, [{ from: "README.md", target: "gone.md" }]);
    expect(dead).toMatchObject({ verdict: "fail", observed: "1 of 5 are dead" });
    expect(dead.detail).toContain("gone.md in README.md");
    expect(judgeScripts([page], new Set(["load"])).detail).toContain(
      "npm run nothing in README.md",
    );
    expect(judgeQueries(2, ["up ==="]).verdict).toBe("fail");
  });

  it("passes otherwise", () => {
    expect(judgeLinks(5, []).verdict).toBe("pass");
    expect(judgeScripts([page], new Set(["load", "nothing"])).verdict).toBe("pass");
    expect(judgeQueries(2, []).verdict).toBe("pass");
  });
});
