import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { UntilStop } from "./until-stop.ts";

function pass(pieces: readonly string[], stops: readonly string[]) {
  const until = new UntilStop(stops);
  const passed = pieces.map((piece) => until.add(piece));
  return { passed, text: passed.join("") + until.end(), found: until.found };
}

describe("a text until its stop", () => {
  it("holds back what may become a stop, and lets it pass when it does not", () => {
    expect(pass(["one\n", "\ntwo", "\n", "three"], ["\n\n\n"])).toEqual({
      passed: ["one", "\n\ntwo", "", "\nthree"],
      text: "one\n\ntwo\nthree",
      found: false,
    });
  });

  it("ends before a stop that comes in pieces, and nothing passes after it", () => {
    const { passed, found } = pass(["so, E", "N", "D and more", "more"], ["END"]);
    expect(passed).toEqual(["so, ", "", "", ""]);
    expect(found).toBe(true);
  });

  it("lets all pass without stops", () => {
    expect(pass(["a", "b"], []).passed).toEqual(["a", "b"]);
  });

  it("is the same however it is cut, and is the text before the stop that is whole first", () => {
    const letters = fc.stringMatching(/^[abc]{0,30}$/);
    const stops = fc.array(fc.stringMatching(/^[abc]{1,4}$/), { maxLength: 4 });
    fc.assert(
      fc.property(letters, stops, fc.array(fc.nat(30)), (text, stops, cuts) => {
        const at = [
          0,
          ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b),
          text.length,
        ];
        const pieces = at.slice(1).map((end, i) => text.slice(at[i], end));
        const made = pass(pieces, stops);
        const ends = stops.filter((stop) => text.includes(stop));
        expect(made.found).toBe(ends.length > 0);
        expect(text.startsWith(made.text)).toBe(true);
        for (const stop of stops) expect(made.text).not.toContain(stop);
        expect(made).toMatchObject({ text: pass([text], stops).text });
        if (ends.length === 0) expect(made.text).toBe(text);
      }),
    );
  });
});
