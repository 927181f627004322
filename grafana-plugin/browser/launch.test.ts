import { describe, expect, it } from "@jest/globals";
import { findBrowser, launchBrowser } from "./launch.ts";

describe("finding a browser", () => {
  it("takes the file that is named, and refuses one that does not run", () => {
    expect(findBrowser({ HEADROOM_CHROMIUM: process.execPath })).toBe(process.execPath);
    expect(() => findBrowser({ HEADROOM_CHROMIUM: import.meta.filename })).toThrow(
      /HEADROOM_CHROMIUM names .*launch\.test\.ts/,
    );
  });

  it("looks on the PATH, where a folder is no browser", () => {
    const missing = { PATH: import.meta.dirname };
    expect(() => findBrowser(missing, [])).toThrow(/apt-get install chromium.*HEADROOM_CHROMIUM/s);
  });
});

describe("the browser", () => {
  it("starts without a window and draws", async () => {
    const browser = await launchBrowser();
    const page = await browser.newPage();
    await page.setContent("<p>drawn</p>");
    const text = await page.innerText("p");
    await browser.close();
    expect(text).toBe("drawn");
  });
});
