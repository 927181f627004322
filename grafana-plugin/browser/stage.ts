import type { Page } from "playwright-core";
import type { StageInput } from "../preview/page/stage.tsx";
import { requireBuilt } from "../preview/places.ts";
import { startPreview } from "../preview/server.ts";
import { watchedPage } from "../preview/testing/watched-page.ts";
import { launchBrowser } from "./launch.ts";

/** An empty page with one panel, in a real browser. */
export interface OpenStage {
  readonly page: Page;
  /** What the page has complained about: errors and warnings. */
  readonly complaints: string[];
  show(input: StageInput): Promise<void>;
  update(change: Partial<StageInput>): Promise<void>;
  close(): Promise<void>;
}

/** Whether each lane has its icon, and each icon its lines; run in the page. */
const hasEveryIcon = () =>
  [...document.querySelectorAll('[data-lane], [aria-label="Lanes by state"] button')].every(
    (place) => place.querySelector("svg > *"),
  );

/**
 * Opens the stage. The panel and the page must have been built.
 *
 * @throws Error when there is no browser, or nothing was built
 */
export async function openStage(): Promise<OpenStage> {
  requireBuilt();
  // Nobody asks Prometheus: the stage has its data given.
  const prometheusUrl = "http://127.0.0.1:9";
  const server = await startPreview({ port: 0, prometheusUrl, dashboardsFolder: "." });
  const browser = await launchBrowser().catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const { page, complaints } = await watchedPage(browser);
  await page.goto(`${server.url}/stage`);
  await page.waitForFunction(() => "stage" in globalThis);
  return {
    page,
    complaints,
    async show(input) {
      await page.evaluate((given) => window.stage.show(given), input);
      // Icons come one by one from the server.
      await page.waitForFunction(hasEveryIcon);
    },
    async update(change) {
      await page.evaluate((given) => window.stage.update(given), change);
      await page.waitForFunction(hasEveryIcon);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
