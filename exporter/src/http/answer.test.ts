import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import express, { type Response as ServerResponse } from "express";
import { sendEvent, startEvents } from "./answer.ts";
import { until } from "./testing/test-server.ts";

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** A server whose every answer is written by the test. */
async function serve(answer: (res: ServerResponse) => void): Promise<string> {
  server = createServer(express().use((_, res) => answer(res)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("a stream of events", () => {
  it("has its type, is not stored, and is not collected by proxies", async () => {
    const url = await serve((res) => {
      startEvents(res);
      res.end();
    });
    const { status, headers } = await fetch(url);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-accel-buffering")).toBe("no");
  });

  it("writes each event with its name and a JSON value, and an empty line", async () => {
    const url = await serve((res) => {
      startEvents(res);
      sendEvent(res, "delta", { text: "メモリ" });
      sendEvent(res, "done", [1]);
      res.end();
    });
    expect(await (await fetch(url)).text()).toBe(
      'event: delta\ndata: {"text":"メモリ"}\n\nevent: done\ndata: [1]\n\n',
    );
  });

  it("keeps a value in one line, whatever line breaks its strings hold", async () => {
    const text = "one\ntwo\r\nthree\rfour\n\ndata: five\u2028six";
    const url = await serve((res) => {
      startEvents(res);
      sendEvent(res, "delta", { text });
      res.end();
    });
    const lines = (await (await fetch(url)).text()).split(/\r\n|\n|\r/);
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[1]!.replace("data: ", ""))).toEqual({ text });
  });

  it("sends its head before there is an event", async () => {
    let end = () => {};
    const url = await serve((res) => {
      startEvents(res);
      end = () => res.end();
    });
    const response = await fetch(url);
    expect(response.status).toBe(200);
    end();
    expect(await response.text()).toBe("");
  });

  it("sends nothing more when the client has gone, without an error", async () => {
    let answer: ServerResponse | undefined;
    const url = await serve((res) => {
      answer = res;
    });
    const controller = new AbortController();
    const response = fetch(url, { signal: controller.signal });
    response.catch(() => {});
    await until(() => answer !== undefined);
    startEvents(answer!);
    await response;
    controller.abort();
    await until(() => answer!.destroyed);
    expect(() => {
      sendEvent(answer!, "delta", { text: "late" });
      answer!.end();
    }).not.toThrow();
  });
});
