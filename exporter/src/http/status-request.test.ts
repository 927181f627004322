import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { HeadroomError } from "../errors.ts";
import { STRATEGIES } from "../status/answer.ts";
import { LANGUAGES } from "../language.ts";
import { DEADLINE_MS, parseScenario, parseStatusBody } from "./status-request.ts";

const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS);
const FIELDS = ["strategy", "language", "deadlineMs", "stream"];
const DEFAULTS = { strategy: "balanced", language: "en", stream: false };

const bytes = (body: unknown) =>
  Buffer.from(typeof body === "string" ? body : JSON.stringify(body));

/** Why a body is refused. */
function refusal(parse: () => unknown): HeadroomError {
  try {
    parse();
  } catch (error) {
    if (error instanceof HeadroomError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("the scenario of a path", () => {
  it.each(SCENARIOS)("is known: %s", (name) => {
    expect(parseScenario(name)).toBe(name);
  });

  it.each(["", "mood", "Quick-Status", "quick-status ", "toString", "__proto__"])(
    "is refused with the list of those there are: %j",
    (name) => {
      const { code, members, message } = refusal(() => parseScenario(name));
      expect(code).toBe("unknown_scenario");
      expect(members).toEqual({ allowed: SCENARIOS });
      for (const scenario of SCENARIOS) expect(message).toContain(scenario);
    },
  );

  it("is not repeated when it is not known", () => {
    const { message, members } = refusal(() => parseScenario("secret-thing"));
    expect(JSON.stringify([message, members])).not.toContain("secret");
  });
});

describe("the body of a status request", () => {
  it.each([[""], [{}]])("is all defaults: %j", (body) => {
    expect(parseStatusBody(bytes(body))).toEqual(DEFAULTS);
  });

  it("may set everything", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            strategy: fc.constantFrom(...STRATEGIES),
            language: fc.constantFrom(...LANGUAGES),
            deadlineMs: fc.integer({ min: DEADLINE_MS.least, max: DEADLINE_MS.most }),
            stream: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
        (body) => {
          expect(parseStatusBody(bytes(body))).toEqual({ ...DEFAULTS, ...body });
        },
      ),
    );
  });

  it.each<[body: unknown, code: string, members: object]>([
    [{ strategy: "slow" }, "unknown_strategy", { field: "strategy", allowed: STRATEGIES }],
    [{ strategy: null }, "unknown_strategy", { field: "strategy", allowed: STRATEGIES }],
    [{ language: "de" }, "unknown_language", { field: "language", allowed: LANGUAGES }],
    [{ language: ["en"] }, "unknown_language", { field: "language", allowed: LANGUAGES }],
    [{ deadlineMs: 99 }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: 30_001 }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: 500.5 }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: "500" }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ deadlineMs: null }, "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    ['{"deadlineMs": 1e999}', "deadline_out_of_range", { field: "deadlineMs", ...DEADLINE_MS }],
    [{ stream: "yes" }, "invalid_request", { field: "stream" }],
    [{ stream: 1 }, "invalid_request", { field: "stream" }],
    [{ stategy: "speed" }, "unknown_field", { field: "stategy", allowed: FIELDS }],
    [{ strategy: "slow", mood: 1 }, "unknown_field", { field: "mood", allowed: FIELDS }],
    [{ "not a name": 1 }, "unknown_field", { field: undefined, allowed: FIELDS }],
    ['{"__proto__": {}}', "unknown_field", { allowed: FIELDS }],
    ['{"stream": true, "stream": false}', "duplicate_field", { allowed: FIELDS }],
    [[], "invalid_request", {}],
    ["null", "invalid_request", {}],
    ["1", "invalid_request", {}],
    ['"speed"', "invalid_request", {}],
    ["{", "invalid_json", {}],
    [" ", "invalid_json", {}],
    ["strategy=speed", "invalid_json", {}],
  ])("is refused: %j as %s", (body, code, members) => {
    const error = refusal(() => parseStatusBody(bytes(body)));
    expect(error.code).toBe(code);
    expect(error.members).toMatchObject(members);
  });

  it("is refused when it is not UTF-8", () => {
    expect(refusal(() => parseStatusBody(Buffer.from([0x7b, 0xff, 0x7d]))).code).toBe(
      "invalid_encoding",
    );
  });

  it("says what is allowed", () => {
    const message = (body: unknown) => refusal(() => parseStatusBody(bytes(body))).message;
    expect(message({ strategy: "slow" })).toContain("speed, balanced, quality");
    expect(message({ language: "de" })).toContain("en, ja");
    expect(message({ deadlineMs: 0 })).toContain("from 100 to 30000");
    expect(message({ mood: 0 })).toContain("strategy, language, deadlineMs, stream");
    expect(message([])).toContain('{"strategy": "balanced", "language": "en"}');
  });

  it("is never repeated, but for the name of a field", () => {
    const secret = "sesame-opens-it";
    for (const body of [
      secret,
      [secret],
      { strategy: secret },
      { language: secret },
      { deadlineMs: secret },
      { stream: secret },
      { mood: secret },
      { [secret]: 1 },
      `{"strategy": "${secret}`,
    ]) {
      const { message, members } = refusal(() => parseStatusBody(bytes(body)));
      expect(JSON.stringify([message, members])).not.toContain(secret);
    }
  });

  it("is read or refused with a code, whatever it is", () => {
    const anything = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()).map(bytes),
    );
    fc.assert(
      fc.property(anything, (body) => {
        try {
          expect(STRATEGIES).toContain(parseStatusBody(body).strategy);
        } catch (error) {
          expect(error).toBeInstanceOf(HeadroomError);
        }
      }),
    );
  });
});
