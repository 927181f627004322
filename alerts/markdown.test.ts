import { describe, expect, it } from "@jest/globals";
import { escapeHtml, firstParagraph, takeApart } from "./markdown.ts";

const TEXT = `# Alert

\`\`\`sh
before
\`\`\`

## Meaning

More is used
than \`allowed\`.

And more.

## Diagnosis

\`\`\`sh linux root
ps
# no heading
\`\`\`
Then look.

\`\`\`
plain
\`\`\`
## Empty
## Last
`;

describe("a text of Markdown", () => {
  it("has blocks of code with what they are written in, and where they stand", () => {
    expect(takeApart(TEXT).blocks).toEqual([
      { section: "", language: "sh", marks: [], lines: ["before"] },
      {
        section: "Diagnosis",
        language: "sh",
        marks: ["linux", "root"],
        lines: ["ps", "# no heading"],
      },
      { section: "Diagnosis", language: "", marks: [], lines: ["plain"] },
    ]);
  });

  it("has prose without them", () => {
    const { prose } = takeApart(TEXT);
    expect(prose).toContain("Then look.");
    for (const code of ["before", "ps", "no heading", "plain"]) expect(prose).not.toContain(code);
  });

  it("has a first paragraph below a heading, on one line, if there is any", () => {
    expect(firstParagraph(TEXT, "Meaning")).toBe("More is used than `allowed`.");
    for (const heading of ["Empty", "Last", "Other"])
      expect(firstParagraph(TEXT, heading)).toBe("");
  });
});

describe("escapeHtml", () => {
  it("leaves no character that begins markup or ends an attribute", () => {
    expect(escapeHtml(`<a href="x" title='y'>&`)).toBe(
      "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;",
    );
  });
});
