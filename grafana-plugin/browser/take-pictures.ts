import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { launchBrowser } from "./launch.ts";

/** What to take pictures of, and where they go. */
export interface PictureOrder {
  /** Address of the live page. */
  readonly page: string;
  readonly folder: string;
  /** How long the load has run when the pictures are taken. */
  readonly afterSeconds: number;
  readonly signal: AbortSignal;
}

/** As wide as a README shows pictures at twice the density. */
const WIDTH = 1_280;
const HEIGHT = 1_270;
/** What is shown: the load from its beginning. */
const RANGE = "now-1m";

/**
 * Takes a picture of the live page in each theme, while it is live.
 *
 * @returns the files
 * @throws Error when the page shows no lane, or the signal's reason
 */
export async function takePictures(order: PictureOrder): Promise<readonly string[]> {
  const { page: address, folder, afterSeconds, signal } = order;
  const browser = await launchBrowser();
  try {
    await setTimeout(afterSeconds * 1_000, undefined, { signal });
    const files: string[] = [];
    for (const theme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
      await page.goto(`${address}/?theme=${theme}&from=${RANGE}&to=now&refresh=1s`);
      await page.locator("[data-lane] canvas").first().waitFor();
      await page.locator("section[data-inside] canvas").waitFor();
      // One more refresh: icons and the last values have come by then.
      await setTimeout(1_500, undefined, { signal });
      const file = join(folder, `live-${theme}.png`);
      await page.screenshot({ path: file });
      await page.close();
      files.push(file);
    }
    return files;
  } finally {
    await browser.close();
  }
}

/**
 * Takes a picture of the exporter's status page as a phone shows it, with a real answer.
 *
 * @returns the file
 * @throws Error when no answer comes
 */
export async function takeStatusPicture(exporter: string, folder: string): Promise<string> {
  const browser = await launchBrowser();
  try {
    const viewport = { width: 390, height: 844 };
    const page = await browser.newPage({ viewport, deviceScaleFactor: 2, locale: "en-GB" });
    await page.goto(`${exporter}/#overall-health`);
    // Told last, with whose words the answer has.
    await page.locator("#origin p").first().waitFor();
    const file = join(folder, "status-page.png");
    await page.screenshot({ path: file });
    return file;
  } finally {
    await browser.close();
  }
}
