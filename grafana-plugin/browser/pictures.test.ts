import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import type { StageInput } from "../preview/page/stage.tsx";
import { violations } from "../preview/testing/violations.ts";
import { messagesScene, scene, STATES, THEMES, VIEWS } from "./testing/scenes.ts";
import { type OpenStage, openStage } from "./stage.ts";

/** Browsers and systems smooth edges differently; what moves or vanishes changes more than this. */
const TOLERANCE = 0.02;

/** Pictures that a person has looked at, committed. */
const ACCEPTED = join(import.meta.dirname, "pictures");
/** Pictures of the last run, and what differs; git ignores it. */
const ARTIFACTS = join(import.meta.dirname, "artifacts");

/** How much two pixels may differ, 0 to 1: pixelmatch's own default. */
const PIXEL_TOLERANCE = 0.1;

let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.complaints.length = 0;
});

describe.each(VIEWS)("the %s view", (view) => {
  describe.each(STATES)("with %s", (state) => {
    it.each(THEMES)(
      "looks as accepted, complains about nothing, is accessible: %s",
      async (theme) => {
        await looksAsAccepted(`${view} ${state} ${theme}`, scene(view, state, theme));
      },
    );
  });
});

describe("the map of messages", () => {
  it.each(THEMES)(
    "looks as accepted, complains about nothing, is accessible: %s",
    async (theme) => {
      await looksAsAccepted(`map messages ${theme}`, messagesScene(theme));
    },
  );
});

async function looksAsAccepted(name: string, input: StageInput): Promise<void> {
  await stage.show(input);
  const picture = await stage.page.locator("#root").screenshot();
  expect(await differingShare(name.replaceAll(" ", "-"), picture)).toBeLessThan(TOLERANCE);
  expect(await violations(stage.page, "#root > *")).toEqual([]);
  expect(stage.complaints).toEqual([]);
}

it("would find what is not accessible", async () => {
  await stage.show(scene("lanes", "normal", "dark"));
  await stage.page.evaluate(() => {
    const grey = document.createElement("p");
    grey.style.color = "#333";
    grey.textContent = "hardly seen";
    // Not in a lane, which hides what has no room in it.
    document.querySelector("#panel ul")!.before(grey, document.createElement("img"));
  });
  const found = await violations(stage.page, "#root > *");
  expect(found.some((line) => line.startsWith("color-contrast"))).toBe(true);
  expect(found.some((line) => line.startsWith("image-alt"))).toBe(true);
});

/**
 * Keeps a picture under the artifacts and compares it with the accepted one.
 *
 * With HEADROOM_ACCEPT_PICTURES=true it becomes the accepted one.
 *
 * @returns the share of pixels that differ
 * @throws Error when there is no accepted picture, or one of another size
 */
async function differingShare(name: string, picture: Buffer): Promise<number> {
  const accepted = join(ACCEPTED, `${name}.png`);
  await write(join(ARTIFACTS, `${name}.png`), picture);
  if (process.env["HEADROOM_ACCEPT_PICTURES"] === "true") {
    await write(accepted, picture);
    return 0;
  }
  if (!existsSync(accepted)) {
    throw new Error(
      `There is no accepted picture ${name}. Look at browser/artifacts/${name}.png, then run the ` +
        "test with HEADROOM_ACCEPT_PICTURES=true.",
    );
  }
  const bytes = await readFile(accepted);
  if (picture.equals(bytes)) return 0;
  const wanted = PNG.sync.read(bytes);
  const got = PNG.sync.read(picture);
  if (wanted.width !== got.width || wanted.height !== got.height) {
    throw new Error(
      `${name} is ${got.width} x ${got.height} pixels, accepted is ${wanted.width} x ${wanted.height}.`,
    );
  }
  const difference = new PNG({ width: got.width, height: got.height });
  const count = pixelmatch(wanted.data, got.data, difference.data, got.width, got.height, {
    threshold: PIXEL_TOLERANCE,
  });
  if (count > 0) {
    await write(join(ARTIFACTS, `${name}.difference.png`), PNG.sync.write(difference));
  }
  return count / (got.width * got.height);
}

async function write(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
