import fc from "fast-check";
import type { Bound, Limit, Severity } from "../limit.ts";

/** Values of ordinary size, so that rounding stays far below what is asserted; zero without sign. */
export const ordinary = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);

/** Limits' edges: negative ones too, but none so small that shares of it overflow. */
export const edge = fc
  .tuple(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.boolean())
  .map(([size, negative]) => (negative ? -size : size));

/** Any usable limit's edges. */
export const bound: fc.Arbitrary<Bound> = fc.oneof(
  edge.map((upper): Bound => ({ bound: "upper", upper })),
  edge.map((lower): Bound => ({ bound: "lower", lower })),
  fc
    .tuple(edge, fc.double({ min: 1e-2, max: 1e6, noNaN: true }))
    .map(([lower, width]): Bound => ({ bound: "band", lower, upper: lower + width })),
);

/** Any usable limit. */
export const limit: fc.Arbitrary<Limit> = fc
  .tuple(bound, fc.constantFrom<Severity>("warning", "critical"))
  .map(([b, severity]) => ({ ...b, severity }));

/** Samples at uneven, ascending whole milliseconds, with missing values. */
export const samples = fc
  .array(
    fc.record({
      step: fc.oneof(fc.constant(10), fc.integer({ min: 1, max: 200 })),
      value: fc.option(ordinary, { nil: null, freq: 6 }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let time = 1_000;
    return {
      times: steps.map(({ step }) => (time += step)),
      values: steps.map(({ value }) => value),
    };
  });
