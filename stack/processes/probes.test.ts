import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { freePort } from "./probes.ts";

const servers: Server[] = [];

async function listen(host: string, port = 0): Promise<number> {
  const server = createServer().listen(port, host);
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no address");
  return address.port;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe("freePort", () => {
  it("gives the preferred port when it is free", async () => {
    const preferred = await freePort(20_300);
    expect(await freePort(preferred)).toBe(preferred);
  });

  it.each(["127.0.0.1", "0.0.0.0"])("passes over a port that is taken on %s", async (host) => {
    const taken = await listen(host);
    const port = await freePort(taken);
    expect(port).toBeGreaterThan(taken);
    await listen("127.0.0.1", port);
  });

  it("passes over a port that is promised to another service", async () => {
    const promised = await freePort(20_400);
    expect(await freePort(promised, new Set([promised]))).toBeGreaterThan(promised);
    const taken = new Set<number>();
    const both = await Promise.all([freePort(promised, taken), freePort(promised, taken)]);
    expect([...taken]).toEqual(both);
  });

  it("says so when no port is left", async () => {
    await expect(freePort(65_535, new Set([65_535]))).rejects.toThrow(/No port from 65535/);
  });
});
