import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "@headroom/exporter/config";
import { smollm2 } from "@headroom/exporter/engine/llama/testing/smollm2";
import { type Exporter, startExporter } from "@headroom/exporter/exporter";
import type { StatusAnswer } from "@headroom/exporter/status/answer";
import { SCENARIO_NAMES, SCENARIOS } from "@headroom/exporter/status/scenarios";
import { launchBrowser } from "@headroom/grafana-plugin/browser/launch";
import { buildExporter } from "../builds.ts";
import { type Browser, type Page, type Visit, visit } from "../testing/visit-status-page.ts";

const STATES = {
  en: { ok: "OK", warning: "Warning", critical: "Critical" },
  ja: { ok: "正常", warning: "警告", critical: "重大" },
} as const;

let browser: Browser;
beforeAll(async () => {
  const { signal } = new AbortController();
  await buildExporter({ activity: (_, work) => work(), signal });
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

async function start(settings: Record<string, string>): Promise<Exporter> {
  const config = loadConfig({ HEADROOM_PORT: "0", ...settings });
  const exporter = await startExporter(config, pino({ level: "silent" }));
  while (!(await fetch(`${exporter.url}/readyz`)).ok);
  return exporter;
}

/** The answer that the page has kept, which is the exporter's own. */
async function keptAnswer(page: Page, scenario: string, language: string): Promise<StatusAnswer> {
  const name = `headroom.1.answer.${language}.${scenario}`;
  return JSON.parse(await page.evaluate<string>(`localStorage.getItem(${JSON.stringify(name)})`));
}

describe.each(["en", "ja"] as const)("the page of a simulated engine in %s", (language) => {
  let exporter: Exporter;
  let visitor: Visit;
  beforeAll(async () => {
    exporter = await start({ HEADROOM_SIMULATE: "true" });
    visitor = await visit(browser, exporter.url, { locale: language === "en" ? "en-GB" : "ja-JP" });
  });
  afterAll(async () => {
    await visitor?.close();
    await exporter?.stop();
  });

  it.each(SCENARIO_NAMES)(
    "answers %s with what the exporter found, and nothing else",
    async (scenario) => {
      await visitor.ask(scenario);
      const answer = await keptAnswer(visitor.page, scenario, language);
      expect(await visitor.text("#question")).toBe(SCENARIOS[scenario].question[language]);
      expect(await visitor.text(".state")).toBe(STATES[language][answer.status]);
      expect(await visitor.text("#words")).toBe(answer.summary);
      expect(await visitor.announced()).toContain(answer.summary);
      const facts = await visitor.text("#facts");
      for (const { text } of answer.findings) expect(facts).toContain(text);
      const meters = await visitor.page.getByRole("meter").count();
      expect(meters).toBe(answer.findings.filter(({ kind }) => JUDGED.has(kind)).length);
      expect(await visitor.text("#origin")).toMatch(/\d\.\d\d/);
      expect(await visitor.page.locator("#simulated").isVisible()).toBe(true);
      expect(await visitor.page.locator("html").getAttribute("lang")).toBe(language);
      expect(visitor.complaints).toEqual([]);
    },
  );
});

/** The kinds of this machine that have limits; interfaces only while they have errors. */
const JUDGED = new Set<string>([
  ...["cpu", "load", "container-memory", "memory", "memory-pressure", "swap", "disk", "battery"],
]);

it("asks what the address names, as the shortcuts of the installed page do", async () => {
  const exporter = await start({ HEADROOM_SIMULATE: "true" });
  const visitor = await visit(browser, `${exporter.url}/#disk-analysis`);
  await visitor.page.locator("#announcement:not(:empty)").waitFor({ state: "attached" });
  expect(await visitor.text("#question")).toBe("How are the disks?");
  await visitor.page.evaluate('location.hash = "#memory-status"');
  await visitor.page.locator(".state[data-state]").waitFor();
  await visitor.page.getByRole("heading", { name: "How is the memory?" }).waitFor();
  await visitor.close();
  await exporter.stop();
});

it("answers a question in own words with the scenario that they name, and says so", async () => {
  const exporter = await start({ HEADROOM_SIMULATE: "true" });
  const visitor = await visit(browser, exporter.url);
  const sent: string[] = [];
  visitor.page.on("request", (request) => sent.push(`${request.url()} ${request.postData()}`));
  for (const [question, heading, told] of [
    ["Why is my <b>disk</b> full?", "How are the disks?", "for its word “disk”"],
    ["What is the weather?", "Is this machine healthy?", "names nothing that is measured"],
  ] as const) {
    await visitor.page.locator("#own-words").fill(question);
    await visitor.page.keyboard.press("Enter");
    await visitor.page.getByRole("heading", { name: heading }).waitFor();
    await visitor.page.locator("#origin p").first().waitFor();
    expect(await visitor.text("#asked")).toContain(`“${question}”`);
    expect(await visitor.text("#asked")).toContain(told);
  }
  expect(sent.filter((request) => /weather|full/.test(request))).toEqual([]);
  await visitor.close();
  await exporter.stop();
});

// Fetched while the tests are collected, so that a machine without an index has fewer tests.
if (await smollm2()) {
  it("says that a real model put the findings in order, and which one", async () => {
    const exporter = await start({});
    const visitor = await visit(browser, exporter.url);
    await visitor.ask("overall-health");
    const answer = await keptAnswer(visitor.page, "overall-health", "en");
    expect(await visitor.text("#words")).toBe(answer.summary);
    expect(await visitor.text("#origin")).toContain("on llama.cpp");
    expect(await visitor.page.locator("#simulated").isVisible()).toBe(false);
    await visitor.page.getByRole("radio", { name: "日本語" }).check();
    await visitor.page.locator("#origin p").first().waitFor();
    await visitor.page.getByText("チャットモデルが日本語に対応していない").waitFor();
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
    await exporter.stop();
  });
}
