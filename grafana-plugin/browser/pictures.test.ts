import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { AxeResults } from "axe-core";
import { differingShare } from "./same-picture.ts";
import { scene, STATES, THEMES, VIEWS } from "./scenes/scene.ts";
import { type OpenStage, openStage } from "./stage.ts";

/** Browsers and systems smooth edges differently; what moves or vanishes changes more than this. */
const TOLERANCE = 0.02;

const AXE = createRequire(import.meta.url).resolve("axe-core");

let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
  // Not as a script tag: the page allows no scripts but its own.
  await stage.page.evaluate(await readFile(AXE, "utf8"));
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.complaints.length = 0;
});

declare const axe: { run(context: string, options: object): Promise<AxeResults> };

/** What breaks the Web Content Accessibility Guidelines 2.2, level AA, one line each. */
async function violations(): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await stage.page.evaluate(
    (values) => axe.run("#root > *", { runOnly: { type: "tag", values } }),
    tags,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${failureSummary} ${html}`),
  );
}

describe.each(VIEWS)("the %s view", (view) => {
  describe.each(STATES)("with %s", (state) => {
    it.each(THEMES)(
      "looks as accepted, complains about nothing, is accessible: %s",
      async (theme) => {
        await stage.show(scene(view, state, theme));
        const picture = await stage.page.locator("#root").screenshot();
        expect(
          await differingShare(`${view} ${state} ${theme}`.replaceAll(" ", "-"), picture),
        ).toBeLessThan(TOLERANCE);
        expect(await violations()).toEqual([]);
        expect(stage.complaints).toEqual([]);
      },
    );
  });
});

it("would find what is not accessible", async () => {
  await stage.show(scene("lanes", "normal", "dark"));
  await stage.page.evaluate(() => {
    const grey = document.createElement("p");
    grey.style.color = "#333";
    grey.textContent = "hardly seen";
    document.querySelector("[data-lane]")!.append(grey, document.createElement("img"));
  });
  const found = await violations();
  expect(found.some((line) => line.startsWith("color-contrast"))).toBe(true);
  expect(found.some((line) => line.startsWith("image-alt"))).toBe(true);
});
