import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Express } from "express";
import fc from "fast-check";
import { pino } from "pino";
import type { z } from "zod";
import {
  answers,
  startScriptedUpstream,
  wellBehaved,
  type ScriptedUpstream,
} from "../../chat/upstream/testing/scripted-upstream.ts";
import { loadConfig } from "../../config.ts";
import { startExporter, type Exporter } from "../../exporter.ts";
import type { HardwareReport } from "../../hardware/report.ts";
import { readEvents } from "../testing/read-events.ts";
import { startTestServer } from "../testing/test-server.ts";
import { openApiText } from "./openapi.ts";
import { SENTIMENT_BODY } from "./sentiment.ts";
import { STATUS_BODY } from "./status.ts";

const AUTHORIZATION = { authorization: "Bearer open-sesame-open" };
const JSON_BODY = { ...AUTHORIZATION, "content-type": "application/json" };

interface Described {
  readonly parameters: readonly { readonly schema: { readonly enum?: readonly string[] } }[];
  readonly requestBody?: {
    readonly content: {
      readonly "application/json": {
        readonly examples: Record<string, { readonly value: unknown }>;
      };
    };
  };
  readonly responses: Record<string, { readonly content: Record<string, Media> }>;
}
interface Media {
  readonly "x-events"?: Record<string, object>;
}

const DOCUMENT = JSON.parse(openApiText()) as {
  readonly paths: Record<string, Record<string, Described>>;
};
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema(DOCUMENT, "openapi.json");

/** What the schema at a place in the document has against a value. */
function problemsOf(value: unknown, ...place: string[]): string[] {
  const pointer = place.map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  const validate = ajv.getSchema(`openapi.json#/${encodeURI(pointer)}`)!;
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

let exporter: Exporter;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startScriptedUpstream((res, received) =>
    received.path === "/v1/embeddings"
      ? answers(200, { object: "list", data: [{ embedding: [0.5] }] })(res, received)
      : wellBehaved(res, received),
  );
  const config = loadConfig({
    HEADROOM_PORT: "0",
    HEADROOM_SIMULATE: "true",
    HEADROOM_TOKEN: "open-sesame-open",
    HEADROOM_UPSTREAM_URL: upstream.url,
  });
  exporter = await startExporter(config, pino({ level: "silent" }));
  while (!(await ask("/readyz", { headers: AUTHORIZATION })).ok);
});
afterAll(async () => {
  await exporter.stop();
  await upstream.close();
});

const ask = (path: string, init?: RequestInit) => fetch(exporter.url + path, init);

/** Holds what came back against the document. */
async function expectDescribed(path: string, method: string, response: Response): Promise<void> {
  const { responses } = DOCUMENT.paths[path]![method]!;
  const status = String(response.status);
  const type = response.headers.get("content-type")!.split(";")[0]!;
  expect(Object.keys(responses)).toContain(status);
  expect(Object.keys(responses[status]!.content)).toContain(type);
  const media = responses[status]!.content[type]!;
  const place = ["paths", path, method, "responses", status, "content", type];
  if (media["x-events"]) {
    const events = await readEvents(response);
    expect(new Set(events.map(({ event }) => event))).toEqual(
      new Set(Object.keys(media["x-events"])),
    );
    for (const { event, data } of events) {
      expect(problemsOf(data, ...place, "x-events", event)).toEqual([]);
    }
    return;
  }
  const text = await response.text();
  const value: unknown = type.endsWith("json") ? JSON.parse(text) : text;
  expect(problemsOf(value, ...place, "schema")).toEqual([]);
}

const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("the document", () => {
  it("has nothing that Redocly's linter warns of", async () => {
    const config = await createConfig({ extends: ["recommended-strict"] });
    const found = await lintFromString({ source: JSON.stringify(DOCUMENT), config });
    expect(
      found.map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer })),
    ).toEqual([]);
  });

  it("is what the exporter serves, to those who have the token", async () => {
    const served = await ask("/openapi.json", { headers: AUTHORIZATION });
    expect(await served.json()).toEqual(DOCUMENT);
    expect((await ask("/openapi.json")).status).toBe(401);
  });

  it("describes every route, and no others", async () => {
    const { server, close } = await startTestServer();
    const [app] = server.listeners("request") as Express[];
    const routes = app!.router.stack.flatMap(({ route }) =>
      route ? [route.path.replace(/:(\w+)/g, "{$1}")] : [],
    );
    await close();
    expect(new Set(Object.keys(DOCUMENT.paths))).toEqual(new Set(routes));
  });

  it("is named to those who ask for a path that there is not", async () => {
    const problem: unknown = await (await ask("/v1", { headers: AUTHORIZATION })).json();
    expect(problem).toMatchObject({ allowed: expect.arrayContaining(["/openapi.json"]) });
    expect(problemsOf(problem, "components", "schemas", "Problem")).toEqual([]);
  });
});

describe("every answer is as the document says", () => {
  it.each(OPERATIONS.filter(({ method }) => method === "get"))("to GET $path", async ({ path }) => {
    const response = await ask(path, { headers: AUTHORIZATION });
    expect(response.status).toBe(200);
    await expectDescribed(path, "get", response);
  });

  it("to GET /v1/hardware on a machine with a graphics processor", async () => {
    const { url, close } = await startTestServer();
    const report = (await (await fetch(`${url}/v1/hardware`)).json()) as HardwareReport;
    await close();
    expect(report.facts.gpu).toMatchObject({ known: true, value: { backend: "metal" } });
    expect(problemsOf(report, "components", "schemas", "HardwareReport")).toEqual([]);
  });

  const examples = OPERATIONS.flatMap(({ path, operation }) =>
    Object.entries(operation.requestBody?.content["application/json"].examples ?? {}).flatMap(
      ([name, { value }]) => {
        const [parameter] = operation.parameters;
        const urls = (parameter?.schema.enum ?? [""]).map((one) => path.replace(/\{\w+\}/, one));
        return urls.map((url) => ({ path, name, value, url }));
      },
    ),
  );

  it.each(examples)("to the example $name of POST $url", async ({ path, value, url }) => {
    const body = JSON.stringify(value);
    const response = await ask(url, { method: "POST", headers: JSON_BODY, body });
    expect(response.status).toBe(200);
    await expectDescribed(path, "post", response);
  });

  const text = (message: string) => JSON.stringify({ messages: [message] });
  it.each<[string, string, RequestInit | string]>([
    ["invalid_json", "/v1/sentiment", ""],
    ["invalid_request", "/v1/sentiment", "[]"],
    ["no_messages", "/v1/sentiment", '{"messages":[]}'],
    ["too_many_messages", "/v1/sentiment", JSON.stringify({ messages: Array(129).fill("a") })],
    ["empty_message", "/v1/sentiment", text(" ")],
    ["message_too_long", "/v1/sentiment", text("a".repeat(4097))],
    ["lone_surrogate", "/v1/sentiment", text("\ud800")],
    ["nul_character", "/v1/sentiment", text("a\0")],
    ["unknown_attribution", "/v1/sentiment", '{"messages":["a"],"attribution":"x"}'],
    ["unknown_field", "/v1/sentiment", '{"messages":["a"],"x":1}'],
    ["duplicate_field", "/v1/sentiment", '{"messages":["a"],"messages":["a"]}'],
    ["unsupported_media_type", "/v1/sentiment", { headers: AUTHORIZATION, body: "{}" }],
    ["unauthorized", "/v1/sentiment", { headers: {} }],
    ["invalid_json", "/v1/chat/completions", "[]"],
    ["unsupported_media_type", "/v1/completions", { headers: AUTHORIZATION, body: "{}" }],
    ["unauthorized", "/v1/embeddings", { headers: {} }],
    ["unknown_strategy", "/v1/status/{scenario}", '{"strategy":"x"}'],
    ["unknown_language", "/v1/status/{scenario}", '{"language":"x"}'],
    ["deadline_out_of_range", "/v1/status/{scenario}", '{"deadlineMs":1}'],
    ["body_too_large", "/v1/status/{scenario}", " ".repeat(65_537)],
    [
      "unsupported_encoding",
      "/v1/status/{scenario}",
      { headers: { ...JSON_BODY, "content-encoding": "gzip" }, body: "{}" },
    ],
  ])("to a request that is wrong: %s", async (code, path, init) => {
    const sent = typeof init === "string" ? { headers: JSON_BODY, body: init } : init;
    const url = path.replace("{scenario}", "quick-status");
    const response = await ask(url, { method: "POST", ...sent });
    expect(await response.clone().json()).toMatchObject({ code });
    await expectDescribed(path, "post", response);
  });

  it("to a scenario that there is not", async () => {
    const response = await ask("/v1/status/x", { method: "POST", headers: JSON_BODY });
    expect(response.status).toBe(404);
    await expectDescribed("/v1/status/{scenario}", "post", response);
  });
});

describe("a body is accepted exactly when the document's schema accepts it", () => {
  const awkward = fc.constantFrom(
    ...["", " \u3000\n\ufeff", "\ud800", "\udc00a", "a\0", "🙂".repeat(4096), "🙂".repeat(4097)],
    ...["é".repeat(4097), `${" ".repeat(4095)}a`, "\u200b"],
  );
  const message = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), awkward);
  const messages = fc.oneof(
    { weight: 4, arbitrary: fc.array(message, { maxLength: 4 }) },
    fc.integer({ min: 127, max: 130 }).map((length) => Array<string>(length).fill("good")),
    fc.jsonValue(),
  );
  const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 4, arbitrary }, { weight: 1, arbitrary: fc.jsonValue() });
  const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.record(fields, { requiredKeys: [] }) },
      { weight: 1, arbitrary: fc.record({ ...fields, unheardOf: fc.jsonValue() }) },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
  it.each<[string, z.ZodType, fc.Arbitrary<unknown>]>([
    [
      "SentimentRequest",
      SENTIMENT_BODY.schema,
      record({
        messages,
        attribution: mostly(fc.constantFrom("none", "prefix", "occlusion", "Prefix", "")),
        words: mostly(fc.boolean()),
      }),
    ],
    [
      "StatusRequest",
      STATUS_BODY.schema,
      record({
        strategy: mostly(fc.constantFrom("speed", "balanced", "quality", "slow")),
        language: mostly(fc.constantFrom("en", "ja", "fr")),
        deadlineMs: mostly(
          fc.oneof(fc.integer({ min: 98, max: 102 }), fc.constantFrom(30_000, 30_001, 500.5)),
        ),
        stream: mostly(fc.boolean()),
      }),
    ],
  ])("%s", (name, schema, bodies) => {
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(bodies, (sent) => {
        const body: unknown = JSON.parse(JSON.stringify(sent));
        const isAccepted = schema.safeParse(body).success;
        counts[isAccepted ? "accepted" : "refused"]++;
        const problems = problemsOf(body, "components", "schemas", name);
        if (isAccepted) expect(problems).toEqual([]);
        else expect(problems).not.toEqual([]);
      }),
      { numRuns: 1000 },
    );
    // Both happened: about a tenth of the bodies is accepted.
    expect(counts.accepted).toBeGreaterThan(20);
    expect(counts.refused).toBeGreaterThan(20);
  });
});
