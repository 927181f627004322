import { describe, expect, it } from "@jest/globals";
import { observations } from "./histogram.ts";
import { parseMetrics } from "./prometheus-text.ts";
import { readIdentity, readSnapshot } from "./snapshot.ts";

const page = parseMetrics(`
headroom_build_info{version="1.2.3",engine="llama.cpp",simulated="false"} 1
headroom_model_info{task="status",model="chatty",engine="simulated",architecture="x"} 1
headroom_model_info{task="sentiment",model="feelings",engine="llama.cpp",architecture="llama"} 1
headroom_cache_requests_total{cache="sentiment",tier="memory",result="hit"} 3
headroom_cache_requests_total{cache="status",tier="memory",result="hit"} 40
headroom_status_requests_total{scenario="quick-status",strategy="balanced",outcome="ok"} 5
headroom_status_requests_total{scenario="urgent-check",strategy="speed",outcome="ok"} 2
headroom_status_duration_seconds_bucket{scenario="quick-status",le="3"} 5
headroom_status_duration_seconds_bucket{scenario="quick-status",le="+Inf"} 5
headroom_status_duration_seconds_sum{scenario="quick-status"} 5
headroom_status_duration_seconds_bucket{scenario="urgent-check",le="3"} 2
headroom_status_duration_seconds_bucket{scenario="urgent-check",le="+Inf"} 2
headroom_status_duration_seconds_sum{scenario="urgent-check"} 2
`);

describe("what a page of metrics says", () => {
  const snapshot = readSnapshot(page, 0, undefined);

  it("of the cache is only about messages", () => {
    expect(snapshot.cacheRequests).toEqual({ "memory hit": 3 });
  });

  it("of status answers is held in all and by scenario", () => {
    expect(snapshot.statusRequests).toEqual({ ok: 7 });
    expect(snapshot.statusDuration && observations(snapshot.statusDuration)).toBe(7);
    expect([...snapshot.statusDurations.keys()]).toEqual(["quick-status", "urgent-check"]);
  });

  it("of memory is held by scope, each with its own capacity", () => {
    const { memoryBytes, capacityBytes } = readSnapshot(
      parseMetrics(`
headroom_memory_used_bytes{scope="system"} 9
headroom_memory_used_bytes{scope="container"} 3
headroom_memory_used_bytes{scope="chat"} 1
headroom_memory_capacity_bytes{scope="system"} 16
headroom_memory_capacity_bytes{scope="container"} 4
`),
      0,
      undefined,
    );
    expect(memoryBytes).toEqual({ system: 9, container: 3, chat: 1 });
    expect(capacityBytes).toEqual({ system: 16, container: 4 });
  });

  it("of attributions is only about the method of the load", () => {
    const { entropy } = readSnapshot(
      parseMetrics(`
attribution_entropy_nats_bucket{method="prefix",le="+Inf"} 2
attribution_entropy_nats_sum{method="prefix"} 3
attribution_entropy_nats_bucket{method="occlusion",le="+Inf"} 7
attribution_entropy_nats_sum{method="occlusion"} 7
`),
      0,
      "prefix",
    );
    expect(entropy).toMatchObject({ counts: [2], sum: 3 });
  });

  it("of who answers tells the models apart by their task", () => {
    expect(readIdentity(page)).toEqual({
      version: "1.2.3",
      model: "feelings",
      engine: "llama.cpp",
      architecture: "llama",
      simulated: false,
      chat: { model: "chatty", engine: "simulated" },
    });
  });
});
