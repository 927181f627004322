import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { readFields } from "./request-fields.ts";

/** So that what follows it, or stands before it, is walked through and not parsed. */
const PICTURE = 'iVBOR\\"}{][\\\\'.repeat(20_000);
const large = (json: string) => Buffer.from(json.replace(/^\s*\{/, `{"x":"${PICTURE}",`));

const field = fc.oneof(
  fc.constantFrom("model", "stream", "mod\\u0065l", "messages", "__proto__"),
  fc.string(),
);
const body = fc.dictionary(
  field,
  fc.oneof(fc.boolean(), fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 4 })),
  { minKeys: 1 },
);

it("finds the same in a large body as in a small one, whatever else is in it", async () => {
  let streamed = 0;
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom(undefined, 1, "\t"), async (value, indent) => {
      const json = JSON.stringify(value, null, indent);
      const small = await readFields(Buffer.from(json));
      if (small.stream) streamed += 1;
      expect(await readFields(large(json))).toEqual(small);
    }),
    { numRuns: 300 },
  );
  expect(streamed).toBeGreaterThan(0);
});

it("takes the last of two fields, as parsers do", async () => {
  const json = '{"model":"a","stream":true,"model":"b" , "stream" : false }';
  expect(await readFields(Buffer.from(json))).toEqual({ model: "b", stream: false });
  expect(await readFields(large(json))).toEqual({ model: "b", stream: false });
});

it.each([
  ["an array", `[${"1,".repeat(100_000)}1]`],
  ["a string", `"${"a".repeat(200_000)}"`],
  ["no end", `{"x":"${PICTURE}"`],
  ["no end of a string", `{"x":"${PICTURE}`],
  ["brackets that do not match", `{"x":"${PICTURE}","y":[1}]`],
  ["something after it", `{"x":"${PICTURE}"} {}`],
  ["something before it", `x {"x":"${PICTURE}"}`],
  ["blanks", " ".repeat(200_000)],
  ["brackets without an end", `{"x":${"[".repeat(200_000)}`],
])("refuses a large body that has %s", async (_name, text) => {
  await expect(readFields(Buffer.from(text))).rejects.toMatchObject({ code: "invalid_json" });
});

it.each([
  ["brackets", `{"x":[${"[],".repeat(10e6)}0]}`],
  ["quotes that are escaped", `{"x":"${'\\"'.repeat(16e6)}"}`],
])("lets others have their turn while it walks through 32 MB of %s", async (_name, text) => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  await readFields(Buffer.from(text));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});
