import type { Response } from "express";

/** Writes server-sent events (HTML Living Standard, section 9.2). */
export interface EventStream {
  /** Sends one event with a JSON value; nothing when the client has gone. */
  send(event: string, value: unknown): void;
  end(): void;
}

/** Turns a response into a stream of events; its status is 200 from now on. */
export function openEventStream(res: Response): EventStream {
  res.status(200);
  res.setHeader("Content-Type", "text/event-stream; charset=utf-8");
  res.setHeader("Cache-Control", "no-store");
  // Proxies such as nginx would collect the events otherwise.
  res.setHeader("X-Accel-Buffering", "no");
  res.flushHeaders();
  return {
    send(event, value) {
      // JSON has no line breaks outside strings, and escapes those inside.
      if (!res.destroyed) res.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
    },
    end: () => res.end(),
  };
}
