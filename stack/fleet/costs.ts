import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseMetrics } from "@headroom/loadtest/report/prometheus-text";
import { processorSeconds } from "@headroom/loadtest/run/k6";
import { sendAlert } from "../chaos/ask.ts";
import { Fleet, urlOf } from "./fleet.ts";
import type { Scrape } from "./generated-targets.ts";
import { TRIAL_VARIABLES, type Trial } from "./trial.ts";
import { putSegmentedLoad } from "./segmented-load.ts";

/** What one exporter of a fleet costs those around it. */
export interface Costs {
  /** Two pages of its metrics, and what was asked of it between. */
  readonly scrapes: readonly [Scrape, Scrape];
  readonly series: number;
  readonly scrapeBytes: number;
  /** Commands that Redis gets for a message, and what one takes of its only thread, in seconds. */
  readonly redis: { readonly commands: number; readonly seconds: number };
  /** What a request takes of HAProxy's thread, in seconds. */
  readonly balancerSeconds: number;
  /** What a notification takes the incidents process until it is on the disk, in seconds. */
  readonly webhookSeconds: number;
}

const ALERTS = 100;
const IDLE_SECONDS = 5;

/**
 * Puts a load of single messages, none of which is known, on a fleet of two whose answers are made up, and
 * sees what Redis, HAProxy and the incidents process do for it beyond what they take without.
 *
 * Where a system does not tell how much time a process took, HAProxy's is NaN.
 */
export async function measureCosts(trial: Trial): Promise<Costs> {
  const { session, tools, segments, seconds } = trial;
  const fleet = await Fleet.start(session, tools, { replicas: 2, variables: TRIAL_VARIABLES });
  const [replica] = fleet.replicas;
  const sight = async () => ({
    scrape: await scrapeOf(urlOf(replica!)),
    redis: await redisInfo(fleet.redisPort),
    balancer: (await processorSeconds(session.pidOf("haproxy"))) ?? NaN,
    requests: [...(await fleet.served()).values()].reduce((sum, one) => sum + one.requests, 0),
  });
  // What they take anyway, for health checks and clocks.
  const [idle, since] = [await sight(), performance.now()];
  await sleep(1000 * IDLE_SECONDS, undefined, { signal: session.signal });
  const [before, began] = [await sight(), performance.now()];
  const load = await putSegmentedLoad({
    ...{ k6: tools.k6, profile: "interactive", segments, seconds, name: "costs", firstMessage: 0 },
    ...{ target: fleet.door, folder: session.folder, signal: session.signal },
  });
  // What is written to Redis after an answer belongs to it.
  await sleep(500);
  const after = await sight();
  const longer = (performance.now() - began) / (began - since);
  type Sight = typeof after;
  const taken = (of: (sight: Sight) => number) =>
    of(after) - of(before) - longer * (of(before) - of(idle));
  const commands = taken(({ redis }) => redis("total_commands_processed"));
  const requests = after.requests - before.requests;
  return {
    scrapes: [before.scrape, after.scrape],
    series: parseMetrics(after.scrape.text).length,
    scrapeBytes: Buffer.byteLength(after.scrape.text),
    redis: {
      commands: commands / load.messages,
      seconds: taken(({ redis }) => redis("used_cpu_user") + redis("used_cpu_sys")) / commands,
    },
    balancerSeconds: taken(({ balancer }) => balancer) / requests,
    webhookSeconds: await notify(fleet.told),
  };
}

async function scrapeOf(url: string): Promise<Scrape> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return { text, at: performance.now() / 1000 };
}

/** One alert each of many exporters, one after the other: the mean time until it is taken. */
async function notify(told: string): Promise<number> {
  const began = performance.now();
  for (let number = 0; number < ALERTS; number++) {
    const labels = { alertname: "HeadroomLatencyHigh", instance: `10.0.0.${number}:9700` };
    const answer = await sendAlert({ told }, `fleet${number}`, labels);
    if (answer !== 200) throw new Error(`the incidents process answered an alert with ${answer}`);
  }
  return (performance.now() - began) / 1000 / ALERTS;
}

/** What Redis says of itself, by name. */
async function redisInfo(port: number): Promise<(name: string) => number> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.end("INFO\r\n"));
    let said = "";
    socket.setEncoding("utf8").on("data", (piece: string) => (said += piece));
    socket.once("error", reject).once("close", () => resolve(said));
  });
  return (name) => Number(new RegExp(`^${name}:(\\S+)`, "m").exec(text)?.[1]);
}
