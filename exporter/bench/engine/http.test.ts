import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LeanConnection, openConnections, sentimentRequest } from "./http.ts";

interface Seen {
  readonly messages: readonly string[];
}

let server: Server;
let url: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as Seen;
    seen.push(...messages);
    // Larger than a packet, so that it arrives in pieces.
    const body = "x".repeat(Number(messages[0]?.length) * 100_000);
    res.writeHead(messages[0] === "refuse" ? 503 : 200, { "Content-Length": body.length });
    res.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe("a lean connection", () => {
  it("asks again and again, and waits for whole answers", async () => {
    const connection = await LeanConnection.open(url);
    for (const text of ["a", "bb", "für 5 €"]) await connection.ask(sentimentRequest([text]));
    expect(seen).toEqual(["a", "bb", "für 5 €"]);
    connection.close();
  });

  it("does not take a refusal for an answer, and goes on after it", async () => {
    const [connection] = await openConnections(url, 1);
    await expect(connection!.ask(sentimentRequest(["refuse"]))).rejects.toThrow("status 503");
    await connection!.ask(sentimentRequest(["again"]));
    connection!.close();
  });

  it("says that the connection ended", async () => {
    const connection = await LeanConnection.open(url);
    const asked = connection.ask(Buffer.from("GET / HTTP/1.1\r\n"));
    connection.close();
    await expect(asked).rejects.toThrow("closed the connection");
  });

  it("cannot be opened where nobody listens", async () => {
    await expect(LeanConnection.open("http://127.0.0.1:9")).rejects.toThrow("ECONNREFUSED");
  });
});
