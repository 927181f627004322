import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { DrillStack } from "../../drill/drill-stack.ts";
import { type Answer, connectTo, countedInWords } from "../ask.ts";
import type { Found, Row } from "../row.ts";

const REQUESTS = 45_000;
const SEED = 45_000;
const AT_ONCE = 32;
/** What has not been answered by then waits for more, rightly. */
const ANSWER_MS = 300;

const METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "get", "POST POST", ""];
const PATHS = [
  ...[
    "/v1/sentiment",
    "/v1/status/quick-status",
    "/v1/status",
    "/v1/limits",
    "/metrics",
    "/readyz",
  ],
  ...["/healthz", "/v1/hardware", "/v1/alerts", "/runbooks/../../etc/passwd", "*", "//", "/%zz"],
];

const message = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.anything(),
);
const bodyOf = (messages: fc.Arbitrary<unknown>, attribution: fc.Arbitrary<unknown>) =>
  fc.record({ messages, attribution }).map((value) => JSON.stringify(value));
const method = fc.constantFrom("none", "prefix", "occlusion");
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary", maxLength: 200 }),
  bodyOf(
    fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 8 }),
    method,
  ),
  bodyOf(fc.array(message, { maxLength: 8 }), fc.oneof(method, fc.anything())),
);

/** Fields that decide where a request ends, in good, wrong and contradicting forms. */
const field = fc.oneof(
  fc.constantFrom(
    ...["Content-Type: application/json", "Content-Type: text/plain", "Content-Length: 5"],
    ...["Content-Length: -1", "Content-Length: 5, 6", "Transfer-Encoding: chunked", "Host: a, b"],
    ...["Transfer-Encoding : chunked", "Expect: 100-continue", "Connection: upgrade", " folded: x"],
    ...["Upgrade: h2c", "Content-Encoding: gzip", "Authorization: Bearer x", "Origin: null"],
  ),
  fc.tuple(fc.string(), fc.string({ unit: "binary" })).map(([name, value]) => `${name}: ${value}`),
);

const wellFormed = fc
  .record({
    method: fc.constantFrom(...METHODS),
    path: fc.oneof(fc.constantFrom(...PATHS), fc.webPath()),
    fields: fc.array(field, { maxLength: 6 }),
    body,
  })
  .map(({ method, path, fields, body }) => {
    const own = [`Host: 127.0.0.1`, `Content-Length: ${Buffer.byteLength(body)}`, ...fields];
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${own.join("\r\n")}\r\n\r\n${body}`);
  });

/** A request whose form is right, so that its body is looked at. */
const asked = fc
  .record({
    path: fc.constantFrom(...Array<string>(4).fill("/v1/sentiment"), "/v1/alerts", "/v1/status"),
    body,
  })
  .map(({ path, body }) => {
    const own = ["Host: 127.0.0.1", "Content-Type: application/json"];
    const head = [`POST ${path} HTTP/1.1`, ...own, `Content-Length: ${Buffer.byteLength(body)}`];
    return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
  });

/** A request with some bytes changed, or with its end missing, or twice. */
const damaged = fc
  .tuple(
    wellFormed,
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.nat(),
    fc.nat(2),
  )
  .map(([bytes, changes, cut, kind]) => {
    const copy = Buffer.from(bytes);
    for (const [at, value] of changes) copy[at % copy.length] = value;
    if (kind === 0) return copy.subarray(0, cut % copy.length);
    return kind === 1 ? copy : Buffer.concat([copy, bytes]);
  });

const garbage = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));

const requests = fc.oneof(
  { weight: 5, arbitrary: asked },
  { weight: 2, arbitrary: wellFormed },
  { weight: 2, arbitrary: damaged },
  { weight: 1, arbitrary: garbage },
);

/** The status that the bytes are answered with; "lost" when the connection just ends or nothing comes. */
async function send(stack: DrillStack, bytes: Buffer): Promise<Answer> {
  const socket = await connectTo(stack);
  if (!socket) return "away";
  let head = "";
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (data: Buffer) => {
      head += String(data);
      resolve();
    });
    socket.once("close", () => resolve());
  });
  socket.end(bytes);
  await Promise.race([answered, sleep(ANSWER_MS)]);
  socket.destroy();
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1];
  return status === undefined ? "lost" : Number(status);
}

/** Whatever bytes come, the exporter neither fails nor falls. */
export const FUZZ_ROWS: readonly Row[] = [
  {
    name: "fuzz",
    fault: `${REQUESTS.toLocaleString("en")} fuzzed requests (seed ${SEED})`,
    async run(stack, signal): Promise<Found> {
      const before = stack.pidOf("exporter");
      const answers: Answer[] = [];
      const all = fc.sample(requests, { seed: SEED, numRuns: REQUESTS });
      const next = async () => {
        for (let bytes = all.pop(); bytes && !signal.aborted; bytes = all.pop()) {
          answers.push(await send(stack, bytes));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, next));
      const failed = answers.filter((answer) => answer === 500 || answer === 502);
      return {
        problems: [
          ...(failed.length === 0 ? [] : [`${failed.length} answers say that the exporter failed`]),
          ...(stack.pidOf("exporter") === before ? [] : ["the exporter fell"]),
        ],
        note: countedInWords(answers).replace("lost", "no answer"),
      };
    },
    expect: { mayAlert: ["HeadroomLatencyHigh", "HeadroomLatencyCritical"] },
  },
];
