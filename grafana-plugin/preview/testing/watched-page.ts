import type { Browser, Page } from "playwright-core";

/** A browser's page and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors, warnings and violations of the content security policy, in words. */
  readonly complaints: string[];
  /** Where it asked for something. */
  readonly origins: Set<string>;
}

/**
 * Opens a page in a window of so many pixels and keeps what its console says.
 *
 * @param zoom - so many times larger than usual the page is, and has so much less room
 */
export async function watchedPage(browser: Browser, width = 1_280, zoom = 1): Promise<WatchedPage> {
  const viewport = { width: width / zoom, height: 900 / zoom };
  const page = await browser.newPage({ viewport, deviceScaleFactor: zoom });
  // Against hanging: the thirty seconds of Playwright are not enough for a busy machine.
  page.setDefaultTimeout(240_000);
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) origins.add(new URL(request.url()).origin);
  });
  return { page, complaints, origins };
}
