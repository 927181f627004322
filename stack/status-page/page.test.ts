import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestServer, type TestServer } from "@headroom/exporter/http/testing/test-server";
import { createTestAnalyst } from "@headroom/exporter/status/testing/test-analyst";
import { launchBrowser } from "@headroom/grafana-plugin/browser/launch";
import { type Browser, violations, visit } from "../testing/visit-status-page.ts";

/** Bytes of all that the first view loads, uncompressed. */
const MOST_BYTES = 100_000;

/** A machine with something critical, something to warn of, something calm, and something unread. */
const TROUBLED = {
  cpu: async () => ({ cores: 2, usage: 0.99, loadAverage1m: 4 }),
  disks: async () => [{ mount: "/", totalBytes: 100e9, usedBytes: 40e9 }],
  network: async () => {
    throw new Error("it may not be read here");
  },
  processes: async () => ({
    count: 132,
    topByCpu: [{ pid: 7, name: "node", cpuShare: 0.45, memoryBytes: 460e6 }],
    topByMemory: [{ pid: 7, name: "node", cpuShare: 0.45, memoryBytes: 460e6 }],
  }),
  battery: async () => ({ charge: 0.15, charging: false }),
};

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ analyst: createTestAnalyst({ readers: TROUBLED }) });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe.each(["en-GB", "ja-JP"])("in %s", (locale) => {
  describe.each(["light", "dark"] as const)("and %s", (colorScheme) => {
    it.each([320, 1_280])("is accessible and fits at %i pixels", async (width) => {
      const viewport = { width, height: 800 };
      const visitor = await visit(browser, server.url, { locale, colorScheme, viewport });
      const { page } = visitor;
      await page.locator("#quick-status").waitFor();
      expect(await violations(page)).toEqual([]);
      await visitor.ask("detailed-analysis");
      await page.locator("summary").click();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(visitor.complaints).toEqual([]);
      await visitor.close();
    });
  });
});

it("tells a state by its word and its shape as well as by its colour, and what to do", async () => {
  const visitor = await visit(browser, server.url);
  await visitor.ask("detailed-analysis");
  const { page } = visitor;
  expect(await visitor.text(".state")).toBe("Critical");
  const shapes = await page
    .locator("[data-state] .shape")
    .evaluateAll((all) =>
      all.map((one) => [
        one.closest("[data-state]")!.getAttribute("data-state"),
        one.getAttribute("d"),
      ]),
    );
  expect(new Set(shapes.map(String)).size).toBe(3);
  expect(new Set(shapes.map(([, shape]) => shape)).size).toBe(3);
  const toDo = await visitor.text(".to-do");
  expect(toDo).toContain("End what keeps the processor busy");
  expect(toDo).toContain("Connect the charger.");
  await expect(
    page.getByRole("meter", { name: "Battery" }).getAttribute("aria-valuetext"),
  ).resolves.toBe("15 %, Warning (Warning up to 20 % · Critical up to 10 %)");
  expect(await visitor.text("#facts")).toContain("network: it may not be read here");
  await page.getByRole("button", { name: "Ask: What runs on this machine?" }).click();
  await page.locator("#origin p").first().waitFor();
  expect(await visitor.text("#question")).toBe("What runs on this machine?");
  expect(await page.evaluate("document.activeElement.id")).toBe("question");
  await visitor.close();
});

it("can be used with the keyboard alone, and loses the focus to nothing", async () => {
  const visitor = await visit(browser, server.url, { reducedMotion: "reduce" });
  const { page } = visitor;
  const { keyboard } = page;
  const focused = () => page.evaluate("document.activeElement.id");
  await page.locator("#quick-status").waitFor();
  await keyboard.press("Tab");
  expect(await focused()).toBe("skip");
  await keyboard.press("Enter");
  expect(await focused()).toBe("questions");
  await keyboard.press("Tab");
  expect(await focused()).toBe("quick-status");
  await keyboard.press("Enter");
  await page.locator("#origin p").first().waitFor();
  expect(await focused()).toBe("quick-status");
  expect(await visitor.announced()).toMatch(/^How is this machine\? CRITICAL because of the CPU/);
  for (let i = 0; i < 8; i += 1) await keyboard.press("Tab");
  expect(await focused()).toBe("strategy-balanced");
  await keyboard.press("ArrowRight");
  expect(await focused()).toBe("strategy-quality");
  await keyboard.press("Tab");
  await keyboard.type("how is the memory");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "How is the memory?" }).waitFor();
  await page.locator("#language-en").focus();
  await keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "メモリの状態はどうですか?" }).waitFor();
  expect(await focused()).toBe("language-ja");
  await page.reload();
  await page.locator("#quick-status").waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("ja");
  expect(await page.locator("#strategy-quality").isChecked()).toBe(true);
  await visitor.close();
});

it("weighs little, loads from the exporter alone, and can be used soon", async () => {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  const loads: Promise<{ readonly url: string; readonly bytes: number }>[] = [];
  page.on("response", (response) => {
    const url = response.url();
    loads.push(response.body().then(({ length: bytes }) => ({ url, bytes })));
  });
  const startedAt = performance.now();
  await page.goto(server.url);
  await page.locator("#quick-status").waitFor();
  const milliseconds = Math.round(performance.now() - startedAt);
  await page.waitForLoadState("networkidle");
  const loaded = await Promise.all(loads);
  const bytes = loaded.reduce((sum, load) => sum + load.bytes, 0);
  console.log(`first view: ${bytes} bytes, ${milliseconds} ms until the buttons are there`);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  for (const { url } of loaded) expect(url.startsWith(`${server.url}/`)).toBe(true);
  await context.close();
});

it("can be installed: a manifest with icons of the sizes that it names, and a service worker", async () => {
  const visitor = await visit(browser, server.url);
  await visitor.page.evaluate("navigator.serviceWorker.ready");
  const manifest = (await (await fetch(`${server.url}/manifest.webmanifest`)).json()) as {
    readonly display: string;
    readonly start_url: string;
    readonly icons: readonly {
      readonly src: string;
      readonly sizes: string;
      readonly type: string;
    }[];
  };
  expect([manifest.display, manifest.start_url]).toEqual(["standalone", "/#quick-status"]);
  const pictures = manifest.icons.filter(({ type }) => type === "image/png");
  expect(new Set(pictures.map(({ sizes }) => sizes))).toEqual(new Set(["192x192", "512x512"]));
  for (const { src, sizes } of manifest.icons) {
    const response = await fetch(server.url + src);
    expect(response.status).toBe(200);
    if (sizes === "any") continue;
    // Width and height stand at the beginning of a PNG's first chunk.
    const png = Buffer.from(await response.arrayBuffer());
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
  }
  const devtools = await visitor.page.context().newCDPSession(visitor.page);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // The profile of a test is one of those that install nothing; that is all that may be against it.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(["in-incognito"]);
  await visitor.close();
});
