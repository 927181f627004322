import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { modelServer } from "../drill/model-server.ts";
import { makeRunFolder } from "../places.ts";
import { Session } from "../session.ts";
import { agreementRows, agreements } from "./agreement.ts";
import { askPairs, askStream, pairRows } from "./pairs.ts";

const { signal } = new AbortController();
const model = "simulated";

let folder: string;
let session: Session;
const servers: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-server-check-"));
  session = new Session({
    folder: await makeRunFolder(folder),
    activity: (_title, work) => work(),
    signal,
    say: () => {},
  });
  for (const [name, settings] of Object.entries({
    quick: {},
    late: { firstMs: 400 },
    cut: { cutAfter: 1 },
    broken: { bad: 33 },
  })) {
    const port = await session.port(name, 18_700);
    await session.start({ ...modelServer(port, settings), name });
    servers[name] = `http://127.0.0.1:${port}`;
  }
});
afterAll(async () => {
  await session.stop();
  await rm(folder, { recursive: true });
});

describe("a pair of requests", () => {
  it("tells by how much later the first token comes through the second one", async () => {
    const told: number[] = [];
    const pairs = await askPairs(
      { direct: servers["quick"]!, door: servers["late"]! },
      { model, pairs: 3, signal, tell: (done) => void told.push(done) },
    );
    expect(told).toEqual([1, 2, 3]);
    for (const { direct, door } of pairs) {
      expect([direct.pieces, door.pieces]).toEqual([32, 32]);
      expect(door.firstSeconds).toBeGreaterThan(0.4);
      expect(direct.firstSeconds).toBeLessThan(door.firstSeconds);
    }
    const [head, middle] = pairRows(pairs);
    expect(head![0]).toBe("3 pairs");
    expect(middle![3]).toMatch(/^\+\d+\.\d ms \(\+\d+\.\d ms to \+\d+\.\d ms\)$/);
  });

  it("is none when an answer breaks off before its second token, or is an error", async () => {
    const ask = (server: string) => askStream(servers[server]!, { model, prompt: "Why?" }, signal);
    await expect(ask("cut")).rejects.toThrow();
    await ask("quick");
    for (let number = 0; number < 2; number++) await ask("broken").catch(() => undefined);
    await expect(ask("broken")).rejects.toThrow(/answered with 500 and 0 pieces/);
  });
});

describe("what clients saw and the metrics tell", () => {
  const stream = { status: 200, firstSeconds: 0.2, rate: 50, pieces: 32 };
  const client = {
    models: [model],
    whole: { text: "so", inputTokens: 30, outputTokens: 16 },
    stream: { pieces: 16, first: 0.2, finish: "length" },
    error: { status: 400, code: "context_length_exceeded" },
    aborted: { pieces: 2 },
  };
  const first = "gen_ai_server_time_to_first_token_seconds";
  const sample = (name: string, value: number, labels = {}) => ({ name, labels, value });
  const after = [
    sample("headroom_chat_requests_total", 4, { outcome: "ok", model }),
    sample("headroom_chat_requests_total", 1, { outcome: "client_error", model }),
    sample("headroom_chat_requests_total", 1, { outcome: "aborted", model }),
    sample("headroom_chat_streams_total", 2, { model }),
    sample(`${first}_count`, 2),
    sample(`${first}_sum`, 0.396),
    sample("headroom_chat_inter_token_seconds_count", 31 + 15 + 1),
    sample("headroom_chat_usage_missing_total", 2),
    sample("gen_ai_client_token_usage_sum", 30, { gen_ai_token_type: "input" }),
    sample("gen_ai_client_token_usage_sum", 16, { gen_ai_token_type: "output" }),
  ];
  const before = [sample("headroom_chat_requests_total", 1, { outcome: "ok", model })];

  it("agree where every count is the same", () => {
    const found = agreements(client, [stream], [before, after]);
    expect(found.filter(({ holds }) => !holds)).toEqual([]);
    expect(agreementRows(found)[0]).toEqual(["", "clients saw", "the metrics tell", ""]);
  });

  it("differ where one request is missing, or the first token is told too early", () => {
    const wrong = after.map((one) => (one.name === `${first}_sum` ? { ...one, value: 0.1 } : one));
    const found = agreements(client, [stream, stream], [before, wrong]);
    const differing = found.filter(({ holds }) => !holds).map(({ what }) => what);
    expect(differing).toContain("answered");
    expect(differing).toContain("mean time to first token");
  });
});
