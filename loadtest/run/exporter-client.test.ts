import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { limitsWithin } from "@headroom/alerts/limits";
import { exporterClient } from "./exporter-client.ts";

let server: Server;
afterEach(() => void server.close());

async function clientOf(body: string) {
  server = createServer((_, response) => response.end(body)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return exporterClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

describe("the limits of an exporter", () => {
  const capacities = { system: 16e9, container: 4e9 };

  it("are those that it publishes, for each scope of memory", async () => {
    const limits = limitsWithin({ system: 8e9 });
    const client = await clientOf(JSON.stringify({ limits }));
    expect(await client.limits(capacities)).toEqual(limits);
  });

  it("follow from its capacities when it publishes none", async () => {
    const client = await clientOf("{}");
    expect(await client.limits(capacities)).toEqual(limitsWithin(capacities));
  });
});
