import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "../drill/drill-stack.ts";

/** The status of an answer, or why there is none: nobody took the request, or it was lost. */
export type Answer = number | "away" | "lost";

/** Longer than the exporter lets a request take. */
const PATIENCE_MS = 40_000;

/** Posts JSON on a connection of its own and reads the answer to its end. */
export function post(url: string, body: unknown): Promise<Answer> {
  return new Promise((resolve) => {
    const headers = { "Content-Type": "application/json" };
    const sent = request(url, { method: "POST", agent: false, timeout: PATIENCE_MS, headers });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ECONNREFUSED" ? "away" : "lost"),
    );
    sent.once("response", (answer) => {
      answer.resume();
      answer.once("close", () => resolve(answer.complete ? answer.statusCode! : "lost"));
    });
    sent.end(JSON.stringify(body));
  });
}

/** A request that keeps the model busy for a moment: `number` tells it from others. */
export const costly = (number: number, messages = 32): unknown => ({
  messages: Array.from({ length: messages }, (_, i) => `${number} ${i} a good film, or a bad one?`),
  attribution: "occlusion",
});

/** How often each answer came, like `{ "200": 31, lost: 1 }`. */
export function counted(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

/** The same in words, like `31 x 200, 1 x lost`. */
export function countedInWords(answers: readonly Answer[]): string {
  return Object.entries(counted(answers))
    .map(([answer, count]) => `${count} x ${answer}`)
    .join(", ");
}

/** A raw connection to the exporter that says nothing of its end; undefined when none comes about. */
export function connectTo({ exporter }: Pick<DrillStack, "exporter">): Promise<Socket | undefined> {
  const { hostname, port } = new URL(exporter);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once("connect", () => resolve(socket));
    socket.on("error", () => resolve(undefined));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  });
}

/** The head of a request to score messages, whose body has so many bytes. */
export const headOf = (length: number): string =>
  "POST /v1/sentiment HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
  `Content-Length: ${length}\r\n\r\n`;

/** Looks until it holds, at most so long; whether it did. */
export async function within(
  ms: number,
  holds: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await holds()) return true;
    await sleep(50);
  }
  return false;
}
