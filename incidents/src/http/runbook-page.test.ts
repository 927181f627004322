import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { markdownAsHtml } from "./runbook-page.ts";

describe("markdownAsHtml", () => {
  it("renders what runbooks are written in", () => {
    const markdown = [
      "# Title\n\n## Part\n\nText with `code` and **weight**.\n",
      "1. first\n2. second\n\n- point\n",
      '```promql\nrate(x_total{a="b"}[1m]) > 1\n```\n',
      "```sh linux\ncurl -s x \\\n  | tail\n\nfree -m\n```\n",
      "| a | b |\n|---|---|\n| 1 | 2 |",
    ].join("\n");
    const html = markdownAsHtml(markdown);
    for (const part of [
      ...["<h1>Title</h1>", "<h2>Part</h2>", "<code>code</code>", "<strong>weight</strong>"],
      ...["<ol>", "<ul>", "<table>", "<td>2</td>"],
      "<code>rate(x_total{a=&quot;b&quot;}[1m]) &gt; 1</code>",
      ...["<code>curl -s x | tail</code>", "<code>free -m</code>"],
    ]) {
      expect(html).toContain(part);
    }
  });

  it.each([
    "<script>alert(1)</script>",
    "a <b onclick=x>b</b>",
    "<img src=x onerror=y>",
    "<!-- -->",
  ])("shows %s as text", (raw) => {
    const html = markdownAsHtml(raw);
    expect(html).toContain("&lt;");
    expect(html).not.toMatch(/<(script|b|img|!)/);
  });

  it.each([
    ["[a](HeadroomLatencyHigh)", '<a href="HeadroomLatencyHigh">a</a>'],
    ["[a](https://prometheus.io/docs/)", '<a href="https://prometheus.io/docs/">a</a>'],
    ["[a](#afterwards)", '<a href="#afterwards">a</a>'],
    ["[`a`](x)", '<a href="x"><code>a</code></a>'],
    ["[a](javascript:alert)", "<p>a</p>"],
    ["[a](JAVASCRIPT:alert)", "<p>a</p>"],
    ["[a](&#106;avascript:alert)", '<a href="&amp;#106;avascript:alert">a</a>'],
    ["[a](data:text/html,x)", "<p>a</p>"],
    ["[a](file:///etc/passwd)", "<p>a</p>"],
    ["![what is seen](https://example.org/x.png)", "<p>what is seen</p>"],
  ])("makes of %s only what leads to a page", (markdown, expected) => {
    expect(markdownAsHtml(markdown)).toContain(expected);
  });

  it("has a button for each command and query, and none for other code", () => {
    const html = markdownAsHtml(
      "```sh\na\nb \\\n c\n```\n\n```promql\nup\n```\n\nRun `npm run x -- 'y'`, and see `up`, `npm`.",
    );
    const values = [...html.matchAll(/<button [^>]*value="([^"]*)"/g)].map(([, value]) => value);
    expect(values).toEqual(["a", "b c", "up", "npm run x -- &#39;y&#39;"]);
  });

  it("opens a query where there is a page for it, and nothing that would act", () => {
    const query = '```promql\nup{a="<b>"}\n```';
    const link = (address: string) => markdownAsHtml(query, () => address);
    expect(link("http://p/graph?x=<&'")).toContain(
      '<a href="http://p/graph?x=&lt;&amp;&#39;" aria-label="Open up{a=&quot;&lt;b&gt;&quot;}">Open</a>',
    );
    for (const address of ["javascript:alert(1)", "data:text/html,x"]) {
      expect(link(address)).not.toContain("<a ");
    }
    expect(markdownAsHtml(query)).not.toContain("<a ");
  });

  it("writes no element and no attribute that could act, whatever the text", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(..."<>\"'`[]()!&;:#*_|-\n \\".split("")),
      fc.constantFrom(
        "<script>",
        "<a href=javascript:x>",
        "onload=",
        "](javascript:",
        "```",
        "<!--",
        ...["\n```sh\n", "\n```promql\n", "`curl ", "`"],
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const [tag] of markdownAsHtml(pieces.join(""), (x) => x).matchAll(/<[^>]*>?/g)) {
          expect(tag).toMatch(HARMLESS);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** The tags that the renderer writes; values of attributes are quoted and hold no quote. */
const HARMLESS =
  /^<(\/?(p|h[1-6]|ul|ol|li|code|pre|em|strong|del|blockquote|table|thead|tbody|tr|th|td|a|div|button)|hr|br|div class="lines?"|button type="button" hidden value="[^"]*" aria-label="[^"]*"|a href="[^"]*" aria-label="[^"]*"|(a href|code class|ol start|th align|td align)="[^"]*"|input (checked="" )?disabled="" type="checkbox")>$/;
