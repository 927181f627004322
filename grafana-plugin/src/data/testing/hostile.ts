import fc from "fast-check";

/** What may stand in place of anything: the values of JSON, and what a program may leave behind. */
export const junk = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(null, undefined, "", 0, NaN, Infinity, true, {}, []) },
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: junk });

const anyStep = mostly(
  fc.record({ value: mostly(fc.double()), color: mostly(fc.constantFrom("green", "red", "#f00")) }),
);
/** A field's configuration, of which any part may be anything. */
export const anyConfig = mostly(
  fc.record(
    {
      thresholds: mostly(
        fc.record(
          {
            mode: mostly(fc.constantFrom("absolute", "percentage")),
            steps: mostly(fc.array(anyStep)),
          },
          { requiredKeys: [] },
        ),
      ),
      ...Object.fromEntries(
        "min max unit decimals color mappings links custom displayName displayNameFromDS noValue"
          .split(" ")
          .map((key) => [key, junk]),
      ),
    },
    { requiredKeys: [] },
  ),
);
const anyField = mostly(
  fc.record(
    {
      name: mostly(fc.constantFrom("Time", "Value", "limit")),
      type: mostly(fc.constantFrom("time", "number", "string", "boolean", "enum")),
      values: mostly(
        fc.array(mostly(fc.oneof(fc.double(), fc.string(), fc.date())), { maxLength: 6 }),
      ),
      config: anyConfig,
      labels: mostly(
        fc.dictionary(fc.constantFrom("limit", "severity", "bound", "a"), mostly(fc.string())),
      ),
      state: junk,
    },
    { requiredKeys: [] },
  ),
);
/** Frames, of which any part may be anything. */
export const anyFrames = mostly(
  fc.array(
    mostly(
      fc.record(
        {
          name: junk,
          refId: junk,
          meta: junk,
          length: junk,
          fields: mostly(fc.array(anyField, { maxLength: 5 })),
        },
        { requiredKeys: ["fields"] },
      ),
    ),
    { maxLength: 4 },
  ),
);
