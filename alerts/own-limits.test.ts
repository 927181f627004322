import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { limitsFromFile } from "./limits-file.ts";
import { limit, LIMITS, limitsFor, limitsWithin, REFERENCE_MEMORY_BYTES } from "./limits.ts";
import type { OwnLimits } from "./own-limits.ts";

const withOwn = (own: unknown) => limitsFor(REFERENCE_MEMORY_BYTES, own as OwnLimits);

describe("limits of one's own", () => {
  it("take the place of those with their name and severity, and of no others", () => {
    const own = {
      first_token_p95: { warning: 1, critical: 4 },
      goodput: { warning: 0.8 },
      attribution_entropy: { warning: [0.2, 3] },
    } as const;
    const changed = withOwn(own);
    expect(limit("first_token_p95", "critical", changed)).toEqual({
      ...limit("first_token_p95", "critical"),
      upper: 4,
    });
    expect(limit("goodput", "warning", changed)).toMatchObject({ bound: "lower", lower: 0.8 });
    expect(limit("attribution_entropy", "warning", changed)).toMatchObject({
      lower: 0.2,
      upper: 3,
    });
    const others = LIMITS.filter(({ id }) => !Object.hasOwn(own, id));
    expect(changed.filter(({ id }) => !Object.hasOwn(own, id))).toEqual(others);
    expect(changed.map(({ id }) => id)).toEqual(LIMITS.map(({ id }) => id));
  });

  it("are none where none are given", () => {
    expect(withOwn({})).toEqual(LIMITS);
    expect(withOwn({ goodput: {} })).toEqual(LIMITS);
  });

  it("of memory still hold a small machine to what it has", () => {
    const changed = limitsWithin({ system: 16e9 }, withOwn({ memory: { warning: 10e9 } }));
    const upper = changed.map((one) => one.bound !== "lower" && one.upper);
    expect(upper.slice(0, 2)).toEqual([10e9, 0.85 * 16e9]);
  });

  it.each([
    [{ first_tokens: { warning: 1 } }, /no limit "first_tokens"; there are memory, error_ratio, /],
    [JSON.parse('{"__proto__": {"warning": 1}}'), /no limit "__proto__"/],
    [{ goodput: { critical: 0.5 } }, /the limit goodput has no "critical", only warning/],
    [{ goodput: { Warning: 0.5 } }, /no "Warning"/],
    [
      { first_token_p95: { warning: 3 } },
      /first_token_p95: the warning \(3\) must be below .*\(2\)/,
    ],
    [{ latency_p95: { warning: 1, critical: 1 } }, /latency_p95: the warning \(1\)/],
    [
      { first_token_p95: { warning: 0 } },
      /first_token_p95, warning: give a positive number, not 0/,
    ],
    [{ first_token_p95: { warning: -1 } }, /give a positive number, not -1/],
    [{ first_token_p95: { warning: "1s" } }, /give a positive number, not "1s"/],
    [{ first_token_p95: { warning: null } }, /give a positive number, not null/],
    [{ first_token_p95: { warning: [1, 2] } }, /give a positive number, not \[1,2\]/],
    [{ first_token_p95: { warning: Number.NaN } }, /give a positive number/],
    [{ goodput: { warning: 80 } }, /goodput, warning: give a share, below 1, not 80/],
    [{ goodput: { warning: 1 } }, /give a share, below 1/],
    [{ kv_cache: { warning: 95 } }, /kv_cache, warning: give a share, at most 1, not 95/],
    [
      { first_token_p95: { critical: 100 } },
      /at most 80 s, which is as far as its histogram tells/,
    ],
    [{ latency_p95: { critical: 6 } }, /at most 5 s/],
    [{ status_urgent_check: { warning: 11 } }, /at most 10 s/],
    [{ attribution_entropy: { warning: 2 } }, /two positive numbers, the smaller one first/],
    [{ attribution_entropy: { warning: [2, 1] } }, /two positive numbers/],
    [{ attribution_entropy: { warning: [1, 2, 3] } }, /two positive numbers/],
    [{ goodput: 0.8 }, /the limit goodput must be an object, not 0.8/],
    [[], /must be an object, not \[\]/],
    [null, /must be an object, not null/],
    ["goodput", /must be an object/],
  ])("are refused when they are %j", (own, why) => {
    expect(() => withOwn(own)).toThrow(RangeError);
    expect(() => withOwn(own)).toThrow(why);
  });

  it("are limits or an error, whatever is given", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...LIMITS.map(({ id }) => id)), fc.json()),
        (all) => {
          const own = Object.fromEntries(
            Object.entries(all).map(([id, value]) => [
              id,
              { warning: JSON.parse(value) as unknown },
            ]),
          );
          try {
            expect(withOwn(own)).toHaveLength(LIMITS.length);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
    );
  });
});

describe("a file of limits", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-limits-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is read, and none changes nothing", async () => {
    const path = join(folder, "mine.json");
    await writeFile(path, '{"goodput": {"warning": 0.5}}');
    expect(limit("goodput", "warning", limitsFromFile(16e9, path))).toMatchObject({ lower: 0.5 });
    expect(limitsFromFile(16e9)).toEqual(limitsFor(16e9));
  });

  it.each([
    ["text.json", "warning: 1", /text\.json cannot be used: .*JSON/],
    ["cut.json", '{"goodput": {"warning"', /cut\.json cannot be used: .*JSON/],
    ["empty.json", "", /empty\.json cannot be used/],
    [
      "unknown.json",
      '{"goodputs": {}}',
      /unknown\.json cannot be used: there is no limit "goodputs"/,
    ],
  ])("%s is named when it is wrong", async (name, text, why) => {
    const path = join(folder, name);
    await writeFile(path, text);
    expect(() => limitsFromFile(16e9, path)).toThrow(why);
  });

  it("is named when it is not there, or a folder", () => {
    expect(() => limitsFromFile(16e9, join(folder, "none.json"))).toThrow(/none\.json.*ENOENT/);
    expect(() => limitsFromFile(16e9, folder)).toThrow(/cannot be used: EISDIR/);
  });
});
