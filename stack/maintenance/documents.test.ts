import { describe, expect, it } from "@jest/globals";
import { ROOT } from "../places.ts";
import { anchorsOf, linksOf, queriesOf, readDocuments, scriptsOf } from "./documents.ts";

const TEXT = `# One page

See [this](other.md#part), ![a picture](picture.png) and \`[no link](x.md)\`.
Then \`npm run load -- smoke\` and \`npm run --silent incident -- list\`.

## What \`it\` does, and why

\`\`\`promql
up == 0

rate(x_total[1m])
\`\`\`

## Again
## Again

\`\`\`md
[also no link](y.md)
# no heading
\`\`\`

<img src="live.png">
`;

describe("a document", () => {
  it("has links and pictures, but none in code", () => {
    expect(linksOf(TEXT)).toEqual(["other.md#part", "picture.png", "live.png"]);
  });

  it("has anchors as GitHub names them", () => {
    expect([...anchorsOf(TEXT)]).toEqual(["one-page", "what-it-does-and-why", "again", "again-1"]);
  });

  it("has a query on each line of its PromQL", () => {
    expect(queriesOf(TEXT)).toEqual(["up == 0", "rate(x_total[1m])"]);
  });

  it("names commands", () => {
    expect(scriptsOf(TEXT)).toEqual(["load", "incident"]);
  });
});

describe("the documents of this checkout", () => {
  it("are the pages at the top, those of docs/ and the runbooks, with commands, links and queries in them", async () => {
    const documents = await readDocuments(ROOT);
    expect(documents.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "README.md",
        "CONTRIBUTING.md",
        "docs/operations.md",
        "docs/decisions/k6.md",
        "alerts/runbooks/HeadroomErrorRateHigh.md",
      ]),
    );
    const all = documents.map(({ text }) => text);
    for (const found of [linksOf, scriptsOf, queriesOf]) {
      expect(all.flatMap(found).length).toBeGreaterThan(10);
    }
  });
});
