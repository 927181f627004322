import { hasLabels, type Sample } from "@headroom/loadtest/report/prometheus-text";
import type { SeenStream } from "./pairs.ts";

/** What OpenAI's client for Python saw, as `client.py` prints it. */
export interface SeenByClient {
  readonly models: readonly string[];
  readonly whole: {
    readonly text: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
  };
  readonly stream: { readonly pieces: number; readonly first: number; readonly finish: string };
  /** Of a prompt that is too long. */
  readonly error: { readonly status: number; readonly code: string } | null;
  /** It hung up after so many pieces. */
  readonly aborted: { readonly pieces: number };
}

/** Something that a client saw and the metrics tell too. */
export interface Agreement {
  readonly what: string;
  readonly seen: string;
  readonly told: string;
  readonly holds: boolean;
}

/** What the door adds to a time that the exporter takes itself: the way to the client and back. */
const WAY_SECONDS = 0.01;

/**
 * Compares what clients saw through the door with what the exporter's metrics told before and after.
 *
 * @param door - the streamed answers of the pairs
 */
export function agreements(
  client: SeenByClient,
  door: readonly SeenStream[],
  [before, after]: readonly [readonly Sample[], readonly Sample[]],
): readonly Agreement[] {
  const added = (name: string, labels: Readonly<Record<string, string>> = {}): number => {
    const sum = (samples: readonly Sample[]) =>
      samples
        .filter((sample) => sample.name === name && hasLabels(sample, labels))
        .reduce((total, { value }) => total + value, 0);
    return sum(after) - sum(before);
  };
  const requests = (outcome: string) => added("headroom_chat_requests_total", { outcome });
  const equal = (what: string, seen: number, told: number): Agreement => {
    return { what, seen: String(seen), told: String(told), holds: seen === told };
  };
  const streams = door.length + 1;
  const first = "gen_ai_server_time_to_first_token_seconds";
  const seenFirst =
    (door.reduce((sum, { firstSeconds }) => sum + firstSeconds, 0) + client.stream.first) / streams;
  const toldFirst = added(`${first}_sum`) / added(`${first}_count`);
  const pieces = door.reduce((sum, one) => sum + one.pieces, 0) + client.stream.pieces;
  const usage = (type: string) =>
    added("gen_ai_client_token_usage_sum", { gen_ai_token_type: type });
  const { whole, error, aborted } = client;
  return [
    equal("answered", streams + 1, requests("ok")),
    equal(`refused as ${error?.status} ${error?.code}`, 1, requests("client_error")),
    equal(`hung up after ${aborted.pieces} pieces`, 1, requests("aborted")),
    equal("errors of the server", 0, requests("server_error") + requests("deadline")),
    equal("streamed answers", streams, added("headroom_chat_streams_total")),
    equal("first tokens", streams, added(`${first}_count`)),
    {
      what: "mean time to first token",
      seen: `${(1000 * seenFirst).toFixed(1)} ms`,
      told: `${(1000 * toldFirst).toFixed(1)} ms`,
      holds: Math.abs(seenFirst - toldFirst) <= WAY_SECONDS,
    },
    equal(
      "pieces after the first",
      pieces - streams + aborted.pieces - 1,
      added("headroom_chat_inter_token_seconds_count"),
    ),
    equal("streamed answers without usage", streams, added("headroom_chat_usage_missing_total")),
    equal("tokens read, as the server tells", whole.inputTokens, usage("input")),
    equal("tokens written, as the server tells", whole.outputTokens, usage("output")),
  ];
}

/** The rows of a table, the first one its head. */
export function agreementRows(found: readonly Agreement[]): readonly (readonly string[])[] {
  return [
    ["", "clients saw", "the metrics tell", ""],
    ...found.map(({ what, seen, told, holds }) => [what, seen, told, holds ? "agrees" : "DIFFERS"]),
  ];
}
