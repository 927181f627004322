import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "@headroom/exporter/config";
import { startExporter } from "@headroom/exporter/exporter";
import { startTestServer, type TestServer } from "@headroom/exporter/http/testing/test-server";
import type { Analyst } from "@headroom/exporter/status/analyst";
import { createTestAnalyst } from "@headroom/exporter/status/testing/test-analyst";
import { launchBrowser } from "@headroom/grafana-plugin/browser/launch";
import { type Browser, type Visit, visit } from "../testing/visit-status-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

let visitor: Visit;
let server: TestServer;
/** Opens the page of a server that is like a calm machine's, but for what is given. */
async function open(parts: Parameters<typeof startTestServer>[0] = {}): Promise<void> {
  server = await startTestServer(parts);
  visitor = await visit(browser, server.url);
}
const trouble = () => visitor.text("#trouble");
const reply = (url: string) => visitor.page.waitForResponse(url);

describe("a model that fails its time", () => {
  it.each([
    ["is slow", "delay", "the chat model was not done in time"],
    ["never ends", "hang", "the chat model was not done in time"],
    ["fails", "error", "the chat model failed"],
    ["writes nonsense", "garbage", "the chat model wrote what is not allowed"],
  ])("one that %s: the findings speak for themselves, and why is told", async (_, fault, why) => {
    const config = loadConfig({
      HEADROOM_PORT: "0",
      HEADROOM_SIMULATE: "true",
      HEADROOM_SIMULATE_PROFILE: "m1-8gb",
      HEADROOM_SIMULATE_FAULT: fault,
    });
    const exporter = await startExporter(config, pino({ level: "silent" }));
    while (!(await fetch(`${exporter.url}/readyz`)).ok);
    visitor = await visit(browser, exporter.url);
    const asked = visitor.ask("urgent-check");
    // Findings come before any words.
    await visitor.page.locator(".state[data-state]").waitFor();
    await asked;
    expect(await visitor.text("#origin")).toContain(`The findings' own words: ${why}.`);
    expect(await visitor.text("#words")).toMatch(/^(OK|WARNING|CRITICAL)/);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
    await exporter.stop();
  });
});

describe("an exporter that goes away", () => {
  afterEach(() => visitor.close());

  it("in the middle of an answer: what was found stays, and why it ends is told", async () => {
    const calm = createTestAnalyst();
    let reached = () => {};
    const untilFound = new Promise<void>((resolve) => (reached = resolve));
    let isWhole = false;
    const analyst: Analyst = {
      answer: async (request, options) => {
        if (isWhole) return calm.answer(request, options);
        const answer = await calm.answer(request, { ...options, onEvent: () => {} });
        const { status, takenAt, findings, unavailable } = answer;
        options.onEvent?.({
          type: "findings",
          statement: { status, takenAt, findings, unavailable },
        });
        options.onEvent?.({ type: "delta", text: "OK: nothing" });
        reached();
        return new Promise(() => {});
      },
    };
    await open({ analyst });
    const asked = visitor.ask("quick-status");
    await untilFound;
    await visitor.page.getByText("OK: nothing").waitFor();
    server.server.closeAllConnections();
    await asked;
    expect(await trouble()).toContain("The connection ended before the answer did.");
    expect(await visitor.text("#facts")).toContain("Memory is 42 % used");
    isWhole = true;
    await visitor.page.getByRole("button", { name: "Ask again" }).click();
    await visitor.page.locator("#origin p").first().waitFor();
    expect(await trouble()).toBe("");
    await server.close();
  });

  it("for good: the page opens, shows its last answers and says how old they are", async () => {
    await open();
    await visitor.ask("memory-status");
    const told = await visitor.text("#words");
    await visitor.page.evaluate("navigator.serviceWorker.ready");
    await server.close();
    await visitor.page.clock.install();
    await visitor.page.reload();
    await visitor.page.locator(".last").waitFor();
    expect(await trouble()).toMatch(
      /does not answer at this address.*\n*This is the last answer, /,
    );
    expect(await visitor.text("#words")).toBe(told);
    expect(await visitor.text(".state")).toBe("OK");
    expect(await visitor.text("#memory-status")).toMatch(/OK · (now|\d+ seconds? ago)$/);
    await visitor.page.clock.fastForward("10:00");
    expect(await visitor.text("#memory-status")).toMatch(/OK · \d+ minutes ago$/);
    expect(await visitor.text(".age")).toMatch(/ · \d+ minutes ago$/);
    await visitor.ask("disk-analysis");
    expect(await trouble()).toContain("does not answer at this address");
    expect(await visitor.page.locator(".state[data-state]").count()).toBe(0);
  });

  it("without a word: it is not waited for without end", async () => {
    const analyst: Analyst = { answer: () => new Promise(() => {}) };
    await open({ analyst });
    await visitor.ask("urgent-check");
    expect(await trouble()).toContain("says nothing any more");
    await server.close();
  });

  it("busily: it is told that it has too much to do", async () => {
    await open({ statusQueue: 0 });
    await visitor.ask("quick-status");
    expect(await trouble()).toContain("has too much to do");
    await server.close();
  });
});

describe("a token", () => {
  beforeEach(() => open({ token: "open-sesame-open" }));
  afterEach(async () => {
    await visitor.close();
    await server.close();
  });

  const give = async (token: string) => {
    await visitor.page.getByLabel("Token").fill(token);
    const answered = reply("**/v1/status");
    await visitor.page.keyboard.press("Enter");
    await answered;
  };

  it("is asked for, kept for the tab, and so are the answers that it protects", async () => {
    await visitor.page.locator(".trouble", { hasText: "asks for its token" }).waitFor();
    await give("wrong-sesame-open");
    await visitor.page.locator(".trouble", { hasText: "not the exporter's token" }).waitFor();
    await give("open-sesame-open");
    await visitor.ask("quick-status");
    expect(await visitor.text(".state")).toBe("OK");
    const { page } = visitor;
    expect(await page.evaluate("JSON.stringify(localStorage)")).not.toMatch(/sesame|answer/);
    expect(await page.evaluate("JSON.stringify(sessionStorage)")).toMatch(
      /open-sesame-open.*answer/s,
    );
    const other = await page.context().newPage();
    await other.goto(server.url);
    await other.locator(".trouble", { hasText: "asks for its token" }).waitFor();
  });
});

describe("what a machine may be called", () => {
  const NAMES = [
    "<img src=x onerror=document.title='hit'>",
    '"><script>document.title="hit"</script>',
    "{} {0} $& $1 %s",
    "ﷺ".repeat(60),
    "a".repeat(64),
    "\u202egpj.exe",
  ];

  it("is shown as it is, and nothing else comes of it, also at 320 pixels", async () => {
    const disks = async () => NAMES.map((mount) => ({ mount, totalBytes: 100e9, usedBytes: 99e9 }));
    await open({ analyst: createTestAnalyst({ readers: { disks } }) });
    await visitor.page.setViewportSize({ width: 320, height: 700 });
    await visitor.ask("disk-analysis");
    const facts = await visitor.text("#facts");
    for (const name of NAMES.slice(0, 3)) expect(facts).toContain(`Disk ${name} is 99 % full`);
    expect(await visitor.page.title()).toBe("Critical – How are the disks? – Headroom");
    expect(await visitor.page.locator("main img, main script").count()).toBe(0);
    const wide = await visitor.page.evaluate("document.documentElement.scrollWidth");
    expect(wide).toBeLessThanOrEqual(320);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
    await server.close();
  });

  it("and what was kept by others, or by nobody, ends nothing", async () => {
    await open();
    for (const junk of ["{", "null", '"x"', "[]", "17"]) {
      await visitor.page.evaluate(
        `for (const name of ["list", "language", "strategy", "answer.en.quick-status"])
           localStorage.setItem("headroom.1." + name, ${JSON.stringify(junk)});`,
      );
      await visitor.page.reload();
      await visitor.ask("quick-status");
      expect([junk, await visitor.text(".state")]).toEqual([junk, "OK"]);
    }
    await visitor.close();
    await server.close();
  });
});
