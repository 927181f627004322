import type { launchBrowser } from "@headroom/grafana-plugin/browser/launch";

export { violations } from "@headroom/grafana-plugin/preview/testing/violations";

/** The browser of a test. */
export type Browser = Awaited<ReturnType<typeof launchBrowser>>;
type ContextOptions = NonNullable<Parameters<Browser["newContext"]>[0]>;
/** A page of it. */
export type Page = Awaited<ReturnType<Browser["newPage"]>>;

/** A person's visit to the status page. */
export interface Visit {
  readonly page: Page;
  /** What the page has complained about: errors, warnings, and violations of its content security policy. */
  readonly complaints: readonly string[];
  /** Asks a question by its button, and waits until its answer, or why there is none, is told. */
  ask(scenario: string): Promise<void>;
  /** What is told to those who do not see the page. */
  announced(): Promise<string>;
  /** The text of an element. */
  text(selector: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens the page with a fresh profile. */
export async function visit(
  browser: Browser,
  url: string,
  options: ContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // Against hanging: the thirty seconds of Playwright are not enough for a busy machine.
  page.setDefaultTimeout(240_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  // Which spaces may break a line is no matter of the text.
  const text = async (selector: string) =>
    (await page.locator(selector).innerText()).replaceAll("\u00a0", " ");
  return {
    page,
    complaints,
    text,
    announced: async () => (await page.locator("#announcement").textContent())!,
    async ask(scenario) {
      // What was told before is no answer to this.
      await page.locator(`#${scenario}`).waitFor();
      await page.evaluate('document.getElementById("announcement").textContent = ""');
      await page.locator(`#${scenario}`).click();
      await page.locator("#announcement:not(:empty)").waitFor({ state: "attached" });
    },
    close: () => context.close(),
  };
}
