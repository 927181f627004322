import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * What breaks the Web Content Accessibility Guidelines 2.2, level AA, one line each.
 *
 * @param part - a selector of what is looked at; the whole page without it
 */
export async function violations(page: Page, part = "html"): Promise<readonly string[]> {
  // Not as a script tag: the page allows no scripts but its own. Without `define`, by which it would offer itself
  // to the page's loader, which complains.
  if (!(await page.evaluate(() => "axe" in globalThis)))
    await page.evaluate(`((define) => {${await readFile(AXE, "utf8")}\n})()`);
  // What passes is most of it, and nobody reads it.
  const options = { runOnly: { type: "tag", values: TAGS }, resultTypes: ["violations"] };
  const found = await page.evaluate<AxeResults["violations"]>(
    `axe.run(${JSON.stringify(part)}, ${JSON.stringify(options)}).then((all) => all.violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${failureSummary} ${html}`),
  );
}
