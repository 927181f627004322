import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseMetrics } from "@headroom/loadtest/report/prometheus-text";
import type { Service } from "../processes/kept-service.ts";
import { httpProbe } from "../processes/probes.ts";
import { addressOf } from "../services.ts";

/** One exporter of a fleet. */
export interface Replica {
  /** Like `replica-2`; HAProxy and its metrics know it by this. */
  readonly name: string;
  /** A loopback address of its own. */
  readonly host: string;
  readonly port: number;
}

/** Where HAProxy listens, and whom it asks. */
interface BalancerPlace {
  readonly port: number;
  /** Where it shows metrics. */
  readonly figuresPort: number;
  readonly replicas: readonly Replica[];
}

/** The answer's header that names the replica which gave it. */
export const SERVED_BY = "x-served-by";

/** Longer than a replica lets an answer take, which then tells more than HAProxy could. */
const ANSWER_SECONDS = 40;
const CHAT_SECONDS = 610;

/** A request is repeated whole, so it must fit: 128 long messages do. HAProxy takes two of them a connection. */
const BUFFER_BYTES = 65_536;

/**
 * The configuration of HAProxy before a fleet.
 *
 * Sentiment and status requests are pure: the same request has the same answer, and asking twice costs time alone. They are
 * repeated at another replica whenever no byte of an answer came. A chat request is repeated only where
 * no replica has begun it: connecting failed, or the replica refused it (503). What was begun
 * may have cost minutes of a model, and once its first piece is out it cannot be taken back.
 *
 * A slow answer is never asked for twice: the first one would go on, and the fleet would be the slower for it.
 */
export function haproxyConfig({ port, figuresPort, replicas }: BalancerPlace): string {
  const servers = (more: (name: string) => string) =>
    replicas.map(({ name, host, port }) => `    server ${name} ${host}:${port} ${more(name)}`);
  return [
    "global",
    "    maxconn 4096",
    "    nbthread 1",
    `    tune.bufsize ${BUFFER_BYTES}`,
    "defaults",
    "    mode http",
    "    timeout connect 1s",
    `    timeout client ${CHAT_SECONDS}s`,
    `    timeout server ${ANSWER_SECONDS}s`,
    "    timeout queue 1s",
    // Busy is not gone.
    "    timeout check 2s",
    "    balance leastconn",
    // Two more tries, each at another replica.
    "    retries 2",
    "    option redispatch 1",
    "frontend door",
    `    bind 127.0.0.1:${port}`,
    "    acl pure path_beg /v1/sentiment /v1/status/",
    "    use_backend pure if pure",
    "    default_backend once",
    "backend pure",
    // The whole request is there before it is sent on, or it could not be sent again.
    "    option http-buffer-request",
    "    retry-on conn-failure empty-response junk-response 503",
    // A replica that drains says so for at least half a second.
    "    option httpchk GET /readyz",
    `    http-response set-header ${SERVED_BY} %s`,
    ...servers(() => "check inter 200ms fall 1 rise 1"),
    "backend once",
    `    timeout server ${CHAT_SECONDS}s`,
    "    retry-on conn-failure 503",
    // On a connection that was kept, a replica that ends cannot be told from one that has begun.
    "    http-reuse never",
    `    http-response set-header ${SERVED_BY} %s`,
    ...servers((name) => `track pure/${name}`),
    "frontend figures",
    `    bind 127.0.0.1:${figuresPort}`,
    "    http-request use-service prometheus-exporter if { path /metrics }",
    "    http-request return status 404",
    "",
  ].join("\n");
}

/** HAProxy before a fleet, on this machine only. */
export async function balancerService(
  runFolder: { readonly path: string },
  program: string,
  place: BalancerPlace,
): Promise<Service> {
  const folder = join(runFolder.path, "haproxy");
  const configuration = join(folder, "haproxy.cfg");
  await mkdir(folder, { recursive: true });
  await writeFile(configuration, haproxyConfig(place));
  return {
    name: "haproxy",
    command: program,
    args: ["-db", "-f", configuration],
    probe: httpProbe(`${addressOf(place.figuresPort)}/metrics`),
    limitSeconds: 15,
  };
}

/** What HAProxy knows of one replica, over pure requests and all others. */
export interface Served {
  /** Requests that it was given. */
  readonly requests: number;
  /** Requests that are with it now. */
  readonly inFlight: number;
  /** Requests that were sent again after it had them, or could not be given to it. */
  readonly repeated: number;
  /** Whether new requests go to it. */
  readonly isUp: boolean;
}

/**
 * Asks HAProxy for what it knows, by the name of the replica.
 *
 * @param figures - the address of its metrics
 */
export async function servedBy(figures: string): Promise<ReadonlyMap<string, Served>> {
  const samples = parseMetrics(await (await fetch(`${figures}/metrics`)).text());
  const names = new Set(samples.flatMap(({ labels }) => labels["server"] ?? []));
  return new Map(
    [...names].map((server) => {
      const sum = (...metrics: readonly string[]) =>
        samples
          .filter(({ name, labels }) => metrics.includes(name) && labels["server"] === server)
          .reduce((total, { value }) => total + value, 0);
      const isUp = samples.some(
        ({ name, labels, value }) =>
          name === "haproxy_server_status" &&
          labels["server"] === server &&
          labels["proxy"] === "pure" &&
          labels["state"] === "UP" &&
          value === 1,
      );
      return [
        server,
        {
          requests: sum("haproxy_server_sessions_total"),
          inFlight: sum("haproxy_server_current_sessions"),
          repeated: sum(
            "haproxy_server_retry_warnings_total",
            "haproxy_server_redispatch_warnings_total",
          ),
          isUp,
        },
      ];
    }),
  );
}
