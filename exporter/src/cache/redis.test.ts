import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { freePort } from "@headroom/alerts/testing/free-port";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";
import { z } from "zod";
import { RedisTier } from "./redis.ts";
import { Recorder } from "./testing/recorder.ts";
import { RedisServer } from "./testing/redis-server.ts";
import { until } from "./testing/until.ts";

const answer = z.object({ score: z.number() });
type Answer = z.output<typeof answer>;

let server: RedisServer;
let recorder: Recorder;
let tier: RedisTier<Answer>;

function open(url = server.url): void {
  recorder = new Recorder();
  tier = new RedisTier<Answer>({
    url,
    ttlSeconds: 60,
    parse: (value) => answer.parse(value),
    observe: recorder.observe,
    logger: recorder.logger,
  });
}

/** Stores a value and waits until Redis gives it back. */
async function store(key: string, score: number): Promise<void> {
  await until(async () => {
    tier.setMany([[key, { score }]]);
    return (await tier.getMany([key]))[0]?.score === score;
  });
}

const clientOf = (url: string) => createClient({ url });

/** Does something to the database as another program would. */
async function asAnother(
  act: (client: ReturnType<typeof clientOf>) => Promise<unknown>,
  url = server.url,
) {
  const client = clientOf(url);
  await client.connect();
  await act(client);
  client.destroy();
}

beforeEach(async () => {
  server = new RedisServer(await freePort());
});

afterEach(async () => {
  await tier.close();
  await server.kill();
});

describe("the Redis tier with a server", () => {
  beforeEach(async () => {
    await server.start();
    open();
    await store("ready", 0);
  });

  it("gives back what was stored, in order, and lets it expire", async () => {
    await store("a", 1);
    expect(await tier.getMany(["b", "a"])).toEqual([undefined, { score: 1 }]);
    await asAnother(async (client) => {
      const seconds = await client.ttl("a");
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    });
  });

  it("stores more values at once than the client's queue holds", async () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `many-${index}`);
    tier.setMany(keys.map((key, score) => [key, { score }]));
    await until(async () => (await tier.getMany(keys)).every((value) => value !== undefined));
    expect(recorder.logged(/did not/)).toBe(0);
  });

  it("counts hits and misses", async () => {
    const before = { ...recorder.lookups };
    await tier.getMany(["ready", "x", "y"]);
    expect(recorder.lookups["redis hit"]).toBe((before["redis hit"] ?? 0) + 1);
    expect(recorder.lookups["redis miss"]).toBe((before["redis miss"] ?? 0) + 2);
  });

  it("takes values of another type or shape for misses, and replaces them", async () => {
    await asAnother(async (client) => {
      await client.lPush("list", "1");
      await client.set("text", "no JSON");
      await client.set("shape", '{"score":"high"}');
    });
    const keys = ["list", "text", "shape"];
    expect(await tier.getMany(keys)).toEqual([undefined, undefined, undefined]);
    expect(recorder.logged(/another shape/)).toBe(1);
    for (const key of keys) await store(key, 2);
  });

  it("misses after the database was emptied", async () => {
    await asAnother((client) => client.flushAll());
    expect(await tier.getMany(["ready"])).toEqual([undefined]);
    await store("ready", 1);
  });

  it("tells how full Redis is", async () => {
    const stats = await tier.stats();
    expect(stats).toMatchObject({ tier: "redis", entries: 1 });
    expect(stats?.bytes).toBeGreaterThan(0);
  });

  it("misses while the server is frozen, without waiting for it", async () => {
    server.freeze();
    try {
      // Nothing thaws the server before these lines are through.
      for (let read = 0; read < 20; read += 1) {
        expect(await tier.getMany(["ready"])).toEqual([undefined]);
        tier.setMany([["ready", { score: 3 }]]);
      }
      expect(await tier.stats()).toBeUndefined();
      expect(recorder.lookups["redis error"]).toBeGreaterThanOrEqual(20);
    } finally {
      server.thaw();
    }
    await store("ready", 4);
    expect(recorder.logged(/did not answer in/)).toBeGreaterThanOrEqual(1);
  });

  it("misses while a server stays frozen for so long that the connection is given up", async () => {
    server.freeze();
    try {
      await tier.getMany(["ready"]);
      await until(() => recorder.logged(/cannot be used/) > 0);
      expect(await tier.getMany(["ready"])).toEqual([undefined]);
    } finally {
      server.thaw();
    }
    await store("ready", 5);
    expect(recorder.logged(/cannot be used/)).toBe(1);
  });

  it("misses when the server was killed, and is used again when it is back", async () => {
    await server.kill();
    expect(await tier.getMany(["ready"])).toEqual([undefined]);
    await until(() => recorder.logged(/cannot be used/) > 0);
    expect(await tier.getMany(["ready"])).toEqual([undefined]);
    await server.start();
    await store("again", 6);
    expect(recorder.logged(/cannot be used/)).toBe(1);
    expect(recorder.logged(/Redis answers/)).toBe(2);
  });

  it("never rejects when the server is killed under many reads", async () => {
    const reads = Array.from({ length: 200 }, (_, index) => tier.getMany([`k${index}`]));
    await server.kill();
    expect((await Promise.all(reads)).flat().every((value) => value === undefined)).toBe(true);
  });

  it("still reads when the server is full, counts what is dropped, and says both once", async () => {
    await asAnother((client) => client.configSet("maxmemory", "1"));
    const before = { ...recorder.writes };
    for (const key of ["a", "b", "c"]) tier.setMany([[key, { score: 1 }]]);
    const dropped = (before["redis dropped"] ?? 0) + 3;
    await until(() => recorder.writes["redis dropped"] === dropped);
    expect(await tier.getMany(["ready"])).toEqual([{ score: 0 }]);
    expect(recorder.writes["redis stored"]).toBe(before["redis stored"]);
    expect(recorder.logged(/did not store.*OOM/)).toBe(1);
    await asAnother((client) => client.configSet("maxmemory", "0"));
    await store("d", 1);
    await store("e", 1);
    expect(recorder.writes["redis stored"]).toBeGreaterThan(before["redis stored"]!);
    expect(recorder.logged(/stores answers again/)).toBe(1);
  });

  it("counts each value once as stored or dropped, whatever happens to the server", async () => {
    const count = () =>
      (recorder.writes["redis stored"] ?? 0) + (recorder.writes["redis dropped"] ?? 0);
    const before = count();
    const keys = Array.from({ length: 9_000 }, (_, index) => `many-${index}`);
    tier.setMany(keys.slice(0, 6_000).map((key, score) => [key, { score }]));
    await server.kill();
    tier.setMany(keys.slice(6_000).map((key, score) => [key, { score }]));
    await until(() => count() - before >= keys.length);
    expect(count() - before).toBe(keys.length);
  });
});

describe("the Redis tier after a failover", () => {
  let promoted: RedisServer;
  /** Stands for the address that leads to whichever server is the master. */
  let address: Server;
  let target: number;
  const sockets = new Set<Socket>();
  /** Replication writes files. */
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-redis-"));
    await server.start("--dir", folder);
    promoted = new RedisServer(await freePort());
    await promoted.start("--dir", folder, "--replicaof", "127.0.0.1", String(server.port));
    target = server.port;
    address = createServer((near) => {
      const far = connect(target, "127.0.0.1");
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) sockets.add(socket.on("error", () => {}));
    }).listen(0, "127.0.0.1");
    await once(address, "listening");
    open(`redis://127.0.0.1:${(address.address() as AddressInfo).port}`);
    await store("before", 0);
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    address.close();
    await Promise.all([promoted.kill(), server.kill()]);
    await rm(folder, { recursive: true });
  });

  it("leaves the server that became a replica for the one that the address leads to", async () => {
    await asAnother((client) => client.sendCommand(["REPLICAOF", "NO", "ONE"]), promoted.url);
    await asAnother((client) =>
      client.sendCommand(["REPLICAOF", "127.0.0.1", String(promoted.port)]),
    );
    target = promoted.port;
    await store("after", 1);
    expect(recorder.writes["redis dropped"]).toBeGreaterThanOrEqual(1);
    expect(recorder.logged(/did not store.*READONLY/)).toBe(1);
    expect(recorder.logged(/stores answers again/)).toBe(1);
    await asAnother(async (client) => {
      expect(await client.get("after")).toBe('{"score":1}');
    }, promoted.url);
  });

  it("goes on reading where there is no other, and does not connect again and again", async () => {
    // One that follows nobody keeps what it holds.
    const nobody = String(await freePort());
    await asAnother((client) => client.sendCommand(["REPLICAOF", "127.0.0.1", nobody]));
    const dropped = () => recorder.writes["redis dropped"] ?? 0;
    const before = dropped();
    let connections = 0;
    address.on("connection", () => (connections += 1));
    for (let write = 1; write <= 20; write += 1) {
      tier.setMany([["before", { score: write }]]);
      await until(() => dropped() === before + write);
      // On a busy machine a read may be late, which is a miss.
      await until(async () => (await tier.getMany(["before"]))[0]?.score === 0);
    }
    expect(connections).toBeLessThanOrEqual(1);
    expect(recorder.logged(/did not store/)).toBe(1);
  });
});

describe("the Redis tier without a server", () => {
  it("misses from the start, says so once, and is used when a server comes", async () => {
    open();
    expect(await tier.getMany(["a", "b"])).toEqual([undefined, undefined]);
    expect(recorder.lookups).toEqual({ "redis error": 2 });
    tier.setMany([["a", { score: 1 }]]);
    expect(recorder.writes).toEqual({ "redis dropped": 1 });
    await until(() => recorder.logged(/cannot be used/) > 0);
    await server.start();
    await store("a", 2);
    expect(recorder.logged(/cannot be used/)).toBe(1);
  });

  it("can be closed", async () => {
    open();
    await tier.close();
    expect(await tier.getMany(["a"])).toEqual([undefined]);
  });
});

describe("the Redis tier with a password", () => {
  const password = "a-secret-word";

  it("works, and never logs it", async () => {
    server = new RedisServer(server.port, password);
    await server.start("--requirepass", password);
    open();
    await store("a", 1);
    await server.kill();
    await until(() => recorder.logged(/cannot be used/) > 0);
    expect(recorder.lines.join()).not.toContain(password);
  });

  it("that is wrong misses, and says why without it", async () => {
    await server.start("--requirepass", password);
    open(new RedisServer(server.port, "another-word").url);
    await until(() => recorder.logged(/WRONGPASS/) > 0);
    expect(await tier.getMany(["a"])).toEqual([undefined]);
    expect(recorder.lines.join()).not.toContain("another-word");
  });
});
