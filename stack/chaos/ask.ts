import { request } from "node:http";
import { connect, type Socket } from "node:net";
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

/** How often each answer came, like `31 x 200, 1 x lost`. */
export function countedInWords(answers: readonly Answer[]): string {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return Object.entries(counts)
    .map(([answer, count]) => `${count} x ${answer}`)
    .join(", ");
}

/** A raw connection to the exporter that says nothing of its end; undefined when it cannot connect. */
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

/** Asks again and again for so long, each time after the answer; `body` tells the requests apart. */
export async function askFor(
  ms: number,
  url: string,
  body: (number: number) => unknown,
): Promise<readonly Answer[]> {
  const end = performance.now() + ms;
  const answers: Answer[] = [];
  while (performance.now() < end) answers.push(await post(url, body(answers.length)));
  return answers;
}

/** Sends an alert as Alertmanager does; what is answered with 200 is on the disk. */
export function sendAlert(
  { told }: Pick<DrillStack, "told">,
  fingerprint: string,
  { alertname, instance }: { readonly alertname: string; readonly instance: string },
): Promise<Answer> {
  const alert = {
    status: "firing",
    labels: { alertname, instance, severity: "warning" },
    annotations: {},
    startsAt: new Date().toISOString(),
    fingerprint,
  };
  return post(`${told}/v1/alerts`, { version: "4", alerts: [alert] });
}
