import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { launchBrowser } from "./launch.ts";

/** What to take pictures of, and where they go. */
export interface PictureOrder {
  /** Address of the live page. */
  readonly page: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

type Size = { readonly width: number; readonly height: number };

/** As wide as a README shows pictures at twice the density. */
const WHOLE: Size = { width: 1_280, height: 1_270 };
/** Until something is seen: on a machine that is too busy a page takes its time, and alerts wait before they fire. */
const PATIENCE_MINUTES = 6;
/** Narrow enough for lanes to be read in a README, at their own size. */
const READABLE: Size = { width: 1_000, height: 1_270 };

/**
 * Takes pictures of the live page in each theme, while it is live.
 *
 * @param order.afterSeconds - how long the load has run by then
 * @returns the files
 * @throws Error when the page shows no lane, or the signal's reason
 */
export function takePictures(
  order: PictureOrder & { readonly afterSeconds: number },
): Promise<readonly string[]> {
  return inEachTheme({ ...order, from: "now-1m" }, WHOLE, async (page, theme) => {
    await mapOf(page).locator("canvas").waitFor();
    await settle(order.signal);
    return [`live-${theme}.png`, await page.screenshot()];
  });
}

/** The same of the live page's map of messages alone. */
export function takeMap(order: PictureOrder): Promise<readonly string[]> {
  return inEachTheme(order, WHOLE, async (page, theme) => {
    await mapOf(page).getByText("of messages inside").waitFor();
    await settle(order.signal);
    return [`quality-map-${theme}.png`, await mapOf(page).screenshot()];
  });
}

const mapOf = (page: Page) => page.locator("[data-panel]:has(section[data-inside])");

/**
 * Takes pictures of the live page's lanes in each theme, once an alert about a limit fires.
 *
 * @returns the files
 * @throws Error when none fires, with what is nearest to its limit, or the signal's reason
 */
export function takeBrokenLimit(order: PictureOrder): Promise<readonly string[]> {
  return inEachTheme(order, READABLE, async (page, theme) => {
    const firing = page.locator("[data-alert=firing]");
    await firing
      .first()
      .waitFor()
      .catch(async (cause: unknown) => {
        const nearest = await page.locator("[data-lane]").first().getAttribute("aria-label");
        throw new Error(
          `No alert about a limit fired within ${PATIENCE_MINUTES} minutes of too much load. Nearest is ${nearest} ` +
            "Whether the load was sent, the k6.log of each load says, below .runs/.",
          { cause },
        );
      });
    await settle(order.signal);
    const lanes = page.locator("[data-panel]").filter({ has: firing });
    return [`broken-limit-${theme}.png`, await lanes.screenshot()];
  });
}

async function inEachTheme(
  order: PictureOrder & { readonly afterSeconds?: number; readonly from?: string },
  viewport: Size,
  take: (page: Page, theme: string) => Promise<readonly [string, Buffer]>,
): Promise<readonly string[]> {
  const { page: address, folder, signal, afterSeconds = 0, from = "now-3m" } = order;
  const browser = await launchBrowser();
  // Whatever it waits for ends with it.
  const close = () => void browser.close();
  signal.addEventListener("abort", close);
  try {
    await setTimeout(afterSeconds * 1_000, undefined, { signal });
    const files: string[] = [];
    for (const theme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport });
      page.setDefaultTimeout(60_000 * PATIENCE_MINUTES);
      await page.goto(`${address}/?theme=${theme}&from=${from}&to=now&refresh=1s`);
      await page.locator("[data-lane] canvas").first().waitFor();
      const [name, picture] = await take(page, theme);
      files.push(await written(join(folder, name), picture));
      await page.close();
    }
    return files;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
    await browser.close();
  }
}

/** One more refresh: icons and the last values have come by then. */
const settle = (signal: AbortSignal) => setTimeout(1_500, undefined, { signal });

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
    return await written(join(folder, "status-page.png"), await page.screenshot());
  } finally {
    await browser.close();
  }
}

/** Steps between the shades of a colour that are kept: finer ones nobody sees, and they fill half of a file. */
const SHADES = 8;

async function written(file: string, picture: Buffer): Promise<string> {
  const png = PNG.sync.read(picture);
  png.data.forEach((value, i) => {
    png.data[i] = Math.min(255, SHADES * Math.round(value / SHADES));
  });
  const packed = { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 } as const;
  await writeFile(file, PNG.sync.write(png, packed));
  return file;
}
