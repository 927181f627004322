import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Language } from "../language.ts";
import { BUSY_CPU, FREE_MEMORY, IDLE_CPU, ROOT_DISK } from "./testing/example-findings.ts";
import { Transcript } from "./transcript.ts";

const OK = "OK: nothing is at a limit.";
const FACTS = " The CPU is 23 % busy. Memory is 45 % used.";
const TOLD = [IDLE_CPU, FREE_MEMORY];

/** What is kept of a text that came in these pieces, and what a client was told of it. */
function write(
  pieces: readonly string[],
  {
    begin = OK,
    told = TOLD,
    language = "en" as Language,
    isDone = false,
  }: { begin?: string; told?: typeof TOLD; language?: Language; isDone?: boolean } = {},
) {
  const transcript = new Transcript(begin, told, language);
  const kept = pieces.map((piece) => transcript.add(piece)).join("");
  return { summary: transcript.summary(isDone), kept: begin + kept, all: transcript.isEnough };
}

describe("a transcript", () => {
  it("is enough when every finding was said, and drops what comes then", () => {
    const { summary, all } = write([FACTS, " The fan", " is at 100 %."]);
    expect(summary).toBe(OK + FACTS);
    expect(all).toBe(true);
  });

  it("goes on while a finding is missing", () => {
    expect(write([FACTS, " Nothing else."], { told: [...TOLD, ROOT_DISK] })).toEqual({
      summary: `${OK}${FACTS} Nothing else.`,
      kept: `${OK}${FACTS} Nothing else.`,
      all: false,
    });
  });

  it("goes on while a finding is named without its number", () => {
    expect(write([" The CPU is busy. Memory is 45 % used. It"]).all).toBe(false);
  });

  it("is enough when a sentence comes twice, and keeps it once", () => {
    const said = " The CPU is 23 % busy.";
    const { summary, all } = write([said, said, " The", " CPU"]);
    expect(summary).toBe(OK + said);
    expect(all).toBe(true);
  });

  it("does not end at the point of a number", () => {
    const told = [FREE_MEMORY];
    expect(write([" Memory is 45 % used, that is 10.", "8 GB"], { told }).all).toBe(false);
    expect(write([" Memory is 45 % used, that is 10.", "8 GB. More"], { told }).summary).toBe(
      `${OK} Memory is 45 % used, that is 10.8 GB.`,
    );
  });

  it("ends at a mark that comes together with what follows it", () => {
    expect(write([" The CPU is 23 % busy. Memory is 45 % used.\n", "\nNote"]).summary).toBe(
      OK + FACTS,
    );
    expect(write([`${FACTS} The fan is at 100 %.`]).summary).toBe(OK + FACTS);
  });

  it("keeps only whole sentences of what was cut off, and all of what was ended", () => {
    const pieces = [" The CPU is 23 % busy. Memory is", " 4"];
    expect(write(pieces).summary).toBe(`${OK} The CPU is 23 % busy.`);
    expect(write(pieces, { isDone: true }).summary).toBe(`${OK} The CPU is 23 % busy. Memory is 4`);
  });

  it("is its beginning when nothing whole was said", () => {
    expect(write([" The CPU"]).summary).toBe(OK);
  });

  it("reads Japanese, where no space follows a sentence", () => {
    const options = {
      begin: "重大: CPUに問題があります。",
      told: [BUSY_CPU],
      language: "ja",
    } as const;
    const said = "CPU使用率は97%で、しきい値の95%を超えています。";
    expect(write([`${said}再起`, "動してください。"], { ...options, told: [BUSY_CPU] })).toEqual({
      summary: options.begin + said,
      kept: options.begin + said,
      all: true,
    });
  });

  it("gives the same summary and tells a client the same, however the text is cut", () => {
    const parts = fc.constantFrom(
      ...[" The CPU is 23 % busy.", " Memory is 45 % used", " (10.8 GB of 24.0 GB)", "."],
      ...[" OK: nothing is at a limit.", "!", "?", "\n", " ", " Fine", "メモリは45%です。", "！"],
    );
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 9 }).map((all) => all.join("")),
        cuts,
        fc.boolean(),
        (text, lengths, isDone) => {
          const pieces: string[] = [];
          for (let rest = text; rest !== "";) {
            const { value } = lengths.next();
            pieces.push(rest.slice(0, value));
            rest = rest.slice(value);
          }
          expect(write(pieces, { isDone })).toEqual(write([text], { isDone }));
        },
      ),
    );
  });
});
