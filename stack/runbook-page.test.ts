import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { launchBrowser } from "@headroom/grafana-plugin/browser/launch";
import { DATA_SOURCE as EXPLORED } from "@headroom/incidents/runbook-in-run";
import { startTestServer, type TestServer } from "@headroom/incidents/testing/test-server";
import { DATA_SOURCE } from "@headroom/provisioning/grafana-files/query";
import { ROOT } from "./places.ts";
import { type Browser, violations, visit } from "./testing/visit-status-page.ts";

const ALERT = "HeadroomCacheDegraded";

let folder: string;
let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-runbook-page-"));
  const runFile = join(folder, "run.json");
  const addresses = { redis: "redis://127.0.0.1:6399" };
  const run = { addresses, graph: "http://127.0.0.1:9/graph", logs: "/it's here/logs" };
  await writeFile(runFile, JSON.stringify(run));
  const runbooksFolder = join(ROOT, "alerts", "runbooks");
  [server, browser] = await Promise.all([
    startTestServer(folder, { runFile, runbooksFolder }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true });
});

const open = (path: string, options = {}) => visit(browser, `${server.url}${path}`, options);

describe("the page of a runbook", () => {
  it.each([
    [320, "dark"],
    [1_280, "light"],
  ] as const)("is accessible and fits at %i pixels, %s", async (width, colorScheme) => {
    const viewport = { width, height: 800 };
    for (const path of [`/runbooks/${ALERT}`, "/runbooks", "/runbooks/None"]) {
      const visitor = await open(path, { viewport, colorScheme });
      expect(await violations(visitor.page)).toEqual([]);
      const scrollWidth = await visitor.page.evaluate("document.documentElement.scrollWidth");
      expect([path, scrollWidth]).toEqual([path, width]);
      await visitor.close();
    }
  });

  it("copies a command by the keyboard alone, and says so", async () => {
    const visitor = await open(`/runbooks/${ALERT}`, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { page, complaints } = visitor;
    const command = "redis-cli -u redis://127.0.0.1:6399 ping";
    const button = page.getByRole("button", { name: `Copy ${command}` });
    for (let i = 0; i < 100; i += 1) {
      if (await button.evaluate((one) => one === one.ownerDocument.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Copied").waitFor({ state: "attached" });
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(command);
    expect(await button.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    const log = page.getByRole("button", { name: "Copy tail " });
    await log.click();
    const quoted = `tail -n 20 '/it'\\''s here/logs/exporter.log'`;
    await page.waitForFunction(
      `navigator.clipboard.readText().then((text) => text === ${JSON.stringify(quoted)})`,
    );
    expect(complaints).toEqual([]);
    await visitor.close();
  });

  it("copies also where the browser keeps the clipboard from pages that are not of this machine", async () => {
    const context = await browser.newContext();
    await context.addInitScript("Object.defineProperty(navigator, 'clipboard', {})");
    const page = await context.newPage();
    await page.goto(`${server.url}/runbooks/${ALERT}`);
    await page.getByRole("button", { name: "Copy headroom_cache_entries" }).click();
    await page
      .getByRole("status")
      .getByText(/^Copied$/)
      .waitFor({ state: "attached" });
    await page.evaluate("document.body.append(document.createElement('textarea'))");
    await page.locator("textarea").focus();
    await page.keyboard.press("ControlOrMeta+V");
    expect(await page.locator("textarea").inputValue()).toBe("headroom_cache_entries");
    await context.close();
  });

  it("has a button for every command and query, and a link for every query", async () => {
    const visitor = await open(`/runbooks/${ALERT}`);
    const { page } = visitor;
    const lines = page.locator(".line");
    const texts = await lines.locator("code").allInnerTexts();
    expect(texts.length).toBeGreaterThan(10);
    expect(await lines.getByRole("button").count()).toBe(texts.length);
    const queries = texts.filter((text) => !/^(tail|redis-cli) /.test(text));
    const links = await lines
      .getByRole("link")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")!));
    expect(links.map((link) => new URL(link).searchParams.get("g0.expr"))).toEqual(queries);
    await visitor.close();
  });

  it("opens queries in Grafana by the data source that Grafana is given", () => {
    expect(EXPLORED).toBe(DATA_SOURCE.uid);
  });
});
