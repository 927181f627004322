import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { inMarkdown, MAX_TEXT_CODE_POINTS, oneLine, webLink } from "./notification.ts";

describe("a text of somebody else", () => {
  it("becomes one printable line of bounded length, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1500 }), (text) => {
        const line = oneLine(text);
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect([...line].length).toBeLessThanOrEqual(MAX_TEXT_CODE_POINTS);
        expect(oneLine(line)).toBe(line);
      }),
    );
  });

  it("shows in Markdown as it is: each sign with a meaning has a backslash", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const escaped = inMarkdown(text);
        expect(escaped.replaceAll(/\\(.)/g, "$1")).toBe(oneLine(text));
        expect(escaped.replaceAll(/\\./g, "")).not.toMatch(/[\\`*_[\]<>&|~$#!]/);
      }),
    );
  });

  it("of a megabyte is cut, and says so", () => {
    const line = oneLine("😀".repeat(500_000));
    expect([...line]).toHaveLength(MAX_TEXT_CODE_POINTS);
    expect(line.endsWith("😀…")).toBe(true);
  });
});

describe("a link", () => {
  it("is kept when it is http or https, without credentials and ready for angle brackets", () => {
    expect(webLink("http://127.0.0.1:9090/graph?g0.expr=up")).toBe(
      "http://127.0.0.1:9090/graph?g0.expr=up",
    );
    expect(webLink("https://user:secret@example.org/a b<c>")).toBe(
      "https://example.org/a%20b%3Cc%3E",
    );
  });

  it.each([undefined, "", "javascript:alert(1)", "file:///etc/passwd", "nonsense", "/relative"])(
    "is dropped when it is %j",
    (text) => expect(webLink(text)).toBeUndefined(),
  );

  it("never holds what would end it early", () => {
    fc.assert(
      fc.property(fc.string(), (tail) => {
        expect(webLink(`http://a/${tail}`) ?? "").not.toMatch(/[<>\s]/);
      }),
    );
  });
});
