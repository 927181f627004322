import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Locator } from "playwright-core";
import type { StageInput } from "../preview/page/stage.tsx";
import stringTimes from "../src/data/fixtures/string-times.json" with { type: "json" };
import thresholds from "../src/data/fixtures/thresholds.json" with { type: "json" };
import { junk } from "../src/data/testing/hostile.ts";
import { messagesScene, scene } from "./testing/scenes.ts";
import { frame, gridFrames, LIMITED, wave } from "./series.ts";
import { type OpenStage, openStage } from "./stage.ts";

let stage: OpenStage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.complaints.length = 0;
});

/** Three limits broken in a panel that has room for all five lanes. */
const breached = (theme: "dark" | "light"): StageInput => ({
  ...scene("lanes", "breached", theme),
  height: 640,
});
const lanes = () => stage.page.locator("[data-lane]");
const names = () =>
  lanes().evaluateAll((all) => all.map((lane) => lane.getAttribute("aria-label")?.split(":")[0]));
/** The text of the tooltip, which starts with a time; waits until there is one. */
const tooltip = async () => {
  const text = await stage.page.waitForFunction(
    () => /^2026-01-01 \d\d:\d\d:\d\d$[^]*/m.exec(document.body.innerText)?.[0],
  );
  return (await text.jsonValue())!;
};
const plot = (lane: number) => lanes().nth(lane).locator(".u-over");

/** Horizontal place of a crosshair in pixels. */
const crosshair = (place: Locator) =>
  place
    .locator(".u-cursor-x")
    .evaluate((line) => Math.round(new DOMMatrix(getComputedStyle(line).transform).m41));

describe("the pointer over a lane", () => {
  beforeEach(() => stage.show(breached("dark")));

  it("shows the value with its headroom and limits, and moves the crosshair of every lane", async () => {
    await plot(0).hover({ position: { x: 200, y: 20 } });
    await expect(tooltip()).resolves.toMatch(/Latency, P95[\s\S]*headroom[\s\S]*warning limit/);
    expect(await crosshair(plot(1))).toBe(await crosshair(plot(0)));
    expect(await crosshair(plot(0))).toBeGreaterThan(150);
  });

  it("shows every lane's value when the tooltip is set to all", async () => {
    await stage.update({
      options: {
        ...breached("dark").options,
        tooltip: { mode: "multi", sort: "none" },
      },
    });
    await plot(0).hover({ position: { x: 200, y: 20 } });
    await expect(tooltip()).resolves.toMatch(/Latency, P95[\s\S]*Memory used/);
  });

  it("tells other panels where it is", async () => {
    await plot(0).hover({ position: { x: 200, y: 20 } });
    await stage.page.waitForFunction(() => window.stage.events.length > 0);
    const events = await stage.page.evaluate(() => window.stage.events);
    expect(events.map(({ type }) => type)).toContain("data-hover");
  });

  it("draws no chart again", async () => {
    await stage.page.evaluate(() => {
      const clear = CanvasRenderingContext2D.prototype.clearRect;
      document.body.dataset["drawn"] = "0";
      CanvasRenderingContext2D.prototype.clearRect = function (...area) {
        document.body.dataset["drawn"] = String(Number(document.body.dataset["drawn"]) + 1);
        return clear.apply(this, area);
      };
    });
    const drawn = () => stage.page.evaluate(() => Number(document.body.dataset["drawn"]));
    for (const x of [50, 100, 150, 200]) await plot(0).hover({ position: { x, y: 20 } });
    expect(await drawn()).toBe(0);
    await stage.show(scene("lanes", "normal", "dark"));
    expect(await drawn()).toBeGreaterThan(0);
  });

  it("zooms into what is marked", async () => {
    const box = (await plot(0).boundingBox())!;
    await stage.page.mouse.move(box.x + 50, box.y + 20);
    await stage.page.mouse.down();
    await stage.page.mouse.move(box.x + 150, box.y + 20, { steps: 5 });
    await stage.page.mouse.up();
    const events = await stage.page.evaluate(() => window.stage.events);
    const range = events.find(({ type }) => type === "stage-time-range")?.payload as {
      from: number;
      to: number;
    };
    const { from, to } = breached("dark") as { from: number; to: number };
    expect((range.to - range.from) / (to - from)).toBeCloseTo(100 / box.width, 1);
  });
});

describe("the keyboard", () => {
  it("reaches each lane, which is read as one sentence", async () => {
    await stage.show(breached("dark"));
    await lanes().first().focus();
    await stage.page.keyboard.press("ArrowDown");
    const focused = () =>
      stage.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await focused()).toMatch(/^Errors: 5\.\d+ %, beyond its critical limit of 4 % /);
    await stage.page.keyboard.press("End");
    expect(await focused()).toMatch(
      /^Entropy, mean: .* inside its .*% headroom left|headroom left/,
    );
    await stage.page.keyboard.press("Home");
    expect(await focused()).toMatch(
      /^Latency, P95: 991 ms, beyond its critical limit of 800 ms by .*Outside for 22 min/,
    );
  });

  it("moves the crosshair in a chart", async () => {
    await stage.show(scene("lanes", "normal", "dark"));
    await stage.page.keyboard.press("Tab");
    await lanes().first().locator(".uplot").focus();
    await stage.page.keyboard.down("ArrowRight");
    await stage.page.waitForTimeout(300);
    await stage.page.keyboard.up("ArrowRight");
    expect(await crosshair(plot(0))).toBeGreaterThan(0);
  });
});

describe("the name of a lane", () => {
  it("opens the data links of its field", async () => {
    const links = ["Runbook", "Logs"].map((title) => ({
      title,
      url: `https://links.example/${title.toLowerCase()}?lane=\${__field.name}`,
    }));
    const values = wave(60, 3, () => 0.1, 0.02);
    await stage.show({
      ...scene("lanes", "normal", "dark"),
      frames: [frame("Latency", values, { ...LIMITED.latency, links })],
    });
    await stage.page.getByRole("button", { name: "Latency" }).click();
    const runbook = stage.page.getByRole("menuitem", { name: "Runbook" });
    expect(await runbook.getAttribute("href")).toMatch(/^https:\/\/links\.example\/runbook\?lane=/);
    await stage.page.keyboard.press("Escape");
  });
});

describe("an alert about a lane's limit", () => {
  it("is told beside its state, with the runbook and what it says to do first", async () => {
    await stage.show({ ...breached("dark"), width: 1_200 });
    const [latency, errors] = [lanes().nth(0), lanes().nth(1)];
    expect(await latency.locator("[data-alert=firing]").innerText()).toBe("firing since 11:47");
    expect(await errors.locator("[data-alert=pending]").innerText()).toBe("pending 40 s");
    const runbook = latency.getByRole("link", { name: "Runbook" });
    expect(await runbook.getAttribute("href")).toBe("https://runbooks.example/latency_p95");
    expect(await latency.innerText()).toMatch(
      /Limit 800 ms\. Outside for 22 min .*\n.*Ask for less: "prefix".*nobody reads it\.$/,
    );
    expect(await latency.innerText()).not.toContain("Never outside");
    expect(await latency.getAttribute("aria-label")).toMatch(
      / Alert firing since 11:47\. First: Ask for less: /,
    );
    expect(await lanes().nth(2).locator("[data-alert]").count()).toBe(0);
  });
});

/** Nodes whose latency stays on a level; 0.8 s is critical. */
function show(levels: readonly number[]): StageInput {
  const frames = levels.map((level, i) =>
    frame(
      `Node ${i}`,
      wave(60, i, () => level, 0),
      LIMITED.latency,
    ),
  );
  return { ...scene("lanes", "normal", "dark"), frames };
}

describe("who does not see the lanes", () => {
  it("is told politely and once that some have become critical, however values flutter", async () => {
    await stage.show(show([0.9, 0.1, 0.1, 0.1]));
    const region = stage.page.locator("[aria-live=polite]");
    await region.evaluate((place) => {
      const told: string[] = [];
      Object.assign(window, { told });
      const note = () => told.push(place.textContent!);
      new MutationObserver(note).observe(place, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    const after = async (...levels: number[]) => {
      await stage.update(show(levels));
      return stage.page.evaluate(() => (window as unknown as { told: string[] }).told);
    };
    // What was so when the page was opened is no news.
    expect(await after(0.95, 0.1, 0.1, 0.1)).toEqual([]);
    const first = "12:00:00: beyond a critical limit: Node 1; Node 2.";
    expect(await after(0.9, 0.9, 0.9, 0.1)).toEqual([first]);
    for (const level of [0.91, 0.79, 0.81, 0.79, 0.1, 0.9]) {
      expect(await after(0.9, level, level, 0.1)).toEqual([first]);
    }
    const both = await after(0.9, 0.9, 0.9, 0.9);
    expect(both).toEqual([first, "12:00:00: beyond a critical limit: Node 3."]);
    expect(stage.complaints).toEqual([]);
  });
});

describe("the place of a lane", () => {
  it("changes with a state, and not with a value", async () => {
    await stage.show(show([0.1, 0.2]));
    expect(await names()).toEqual(["Node 1", "Node 0"]);
    await stage.update(show([0.2, 0.1]));
    expect(await names()).toEqual(["Node 1", "Node 0"]);
    await stage.update(show([0.39, 0.1]));
    expect(await names()).toEqual(["Node 0", "Node 1"]);
  });

  it("of several of a kind is one, that of the worst, which opens", async () => {
    const input = show([0.1, 0.5, 0.2]);
    const options = { ...input.options, fold: "/^Node/" };
    const memory = frame(
      "Memory used",
      wave(60, 9, () => 1e9, 0),
      LIMITED.memory,
    );
    await stage.show({ ...input, frames: [...input.frames, memory], options });
    expect(await names()).toEqual(["Node 1", "Memory used"]);
    const button = stage.page.getByRole("button", { name: "worst of 3" });
    await button.click();
    expect(await names()).toEqual(["Node 1", "Node 2", "Node 0", "Memory used"]);
    expect(await button.getAttribute("aria-expanded")).toBe("true");
    await button.click();
    expect(await lanes().count()).toBe(2);
  });

  it("is behind a line about the worst where there is no room, so that nothing scrolls inside", async () => {
    const levels = Array.from({ length: 14 }, (_, i) => 0.3 - 0.02 * i);
    await stage.show({ ...show(levels), width: 1_390, height: 560 });
    const list = stage.page.getByRole("list", { name: "Limits" });
    const scrolls = () => list.evaluate((one) => one.scrollHeight - one.clientHeight);
    expect(await scrolls()).toBe(0);
    const count = await lanes().count();
    expect(count).toBeGreaterThan(5);
    const more = stage.page.getByRole("button", { name: `${14 - count} more, the worst: ` });
    await expect(more.innerText()).resolves.toMatch(
      new RegExp(`the worst: Node ${count}, \\d+ % headroom$`),
    );
    await more.click();
    expect(await lanes().count()).toBe(14);
    expect(await scrolls()).toBeGreaterThan(0);
    await stage.page.getByRole("button", { name: "Only as many as have room" }).click();
    expect(await lanes().count()).toBe(count);
  });

  it("is behind that line also without a recent value, which is said of so many", async () => {
    const input = show(Array.from({ length: 14 }, (_, i) => 0.3 - 0.02 * i));
    const constant = wave(60, 1, () => 0.1, 0);
    const ended = ["Ended", "Ended too"].map((name) => frame(name, constant, LIMITED.latency, 0.5));
    const frames = [...input.frames, ...ended, frame("Silent", [null, null])];
    await stage.show({ ...input, frames, width: 1_390, height: 560 });
    const more = stage.page.getByRole("button", { name: /\d+ more, the worst: / });
    expect(await more.innerText()).toMatch(/: Node \d+, \d+ % headroom; 2 without a recent value$/);
    await stage.page.getByRole("button", { name: "1 no data" }).click();
    expect(await more.innerText()).toMatch(/; 3 without a recent value$/);
  });

  it("is folded away without data, until its number in the legend is clicked", async () => {
    const input = show([0.1]);
    await stage.show({ ...input, frames: [...input.frames, frame("Silent", [null, null])] });
    expect(await names()).toEqual(["Node 0"]);
    await stage.page.getByRole("button", { name: "1 no data" }).click();
    expect(await names()).toEqual(["Node 0", "Silent"]);
  });
});

describe("the room of a lane", () => {
  const long = (width: number, height: number): StageInput => {
    const input = breached("dark");
    const frames = input.frames.map((one) =>
      one.refId === "Memory used"
        ? frame(
            "Status: process information, P95",
            wave(60, 2, () => 8.2, 0),
            LIMITED.latency,
          )
        : one,
    );
    return { ...input, frames, width, height };
  };
  /** What is wider or higher than its place, in words; run in the page. */
  const cut = () =>
    lanes().evaluateAll((all) =>
      all
        .flatMap((lane) => [lane, ...lane.querySelectorAll<HTMLElement>("div, span, button")])
        .filter((one) => !one.closest(".uplot") && getComputedStyle(one).overflow !== "visible")
        .filter(
          (one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2,
        )
        .map((one) => one.textContent),
    );

  it.each([
    [400, 1_200],
    [640, 1_200],
    [720, 400],
    [1_200, 530],
  ])("is enough for every word in %d pixels, as a window at 200 %% has", async (width, height) => {
    await stage.show(long(width, height));
    expect(await cut()).toEqual([]);
  });

  it("gives every bar the same length, whatever stands beside it", async () => {
    for (const width of [400, 720, 1_200]) {
      await stage.show(long(width, 1_200));
      const bars = await lanes()
        .locator("[data-bar]")
        .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width));
      expect(bars.length).toBe(5);
      expect(new Set(bars).size).toBe(1);
      expect(await lanes().nth(0).innerText()).toContain("10 times the limit");
    }
  });

  it("always says the time outside", async () => {
    for (const [width, height] of [
      [360, 120],
      [400, 900],
      [720, 400],
    ]) {
      await stage.show(long(width!, height!));
      expect(await stage.page.locator("#panel").innerText()).toMatch(/Outside for 22 min/);
    }
  });
});

describe("the numbers beside a curve", () => {
  it("have one unit, and hold zero and the limits, whatever the value", async () => {
    await stage.page.evaluate(() => {
      const fill = CanvasRenderingContext2D.prototype.fillText;
      const written: string[] = [];
      Object.assign(window, { written });
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        written.push(text);
        return fill.call(this, text, ...place);
      };
    });
    const axis = async (level: number) => {
      await stage.page.evaluate(
        () => ((window as never as { written: string[] }).written.length = 0),
      );
      await stage.show({
        ...scene("lanes", "normal", "dark"),
        frames: [
          frame(
            "Latency",
            wave(60, 1, () => level, 0),
            LIMITED.latency,
          ),
        ],
      });
      const all = await stage.page.evaluate(
        () => (window as never as { written: string[] }).written,
      );
      return [...new Set(all.filter((text) => / m?s$/.test(text)))];
    };
    const calm = await axis(0.1);
    expect(calm).toEqual(expect.arrayContaining(["0 ms", "800 ms"]));
    expect(calm.every((text) => text.endsWith(" ms"))).toBe(true);
    expect(await axis(0.3)).toEqual(calm);
    expect((await axis(1.9)).every((text) => / s$/.test(text))).toBe(true);
  });
});

describe("a gap", () => {
  it("has no value in the tooltip", async () => {
    const values = wave(60, 1, () => 0.1, 0).map((value, i) => (i > 20 && i < 40 ? null : value));
    await stage.show({
      ...scene("lanes", "normal", "dark"),
      frames: [frame("Latency", values, LIMITED.latency)],
    });
    const { width } = (await plot(0).boundingBox())!;
    await plot(0).hover({ position: { x: width / 2, y: 20 } });
    expect(await tooltip()).not.toMatch(/headroom|100 ms/);
    await plot(0).hover({ position: { x: width / 4, y: 20 } });
    await stage.page.getByText(/\d+ % headroom\)/).waitFor();
  });
});

describe("the time zone", () => {
  it("is that of the dashboard", async () => {
    const ticks = async (timeZone: string) => {
      await stage.show({ ...scene("lanes", "normal", "dark"), timeZone });
      return stage.page.getByText(/^\d\d:\d\d$/).allInnerTexts();
    };
    expect(await ticks("utc")).toEqual(["11:00", "11:30", "12:00"]);
    expect(await ticks("Asia/Tokyo")).toEqual(["20:00", "20:30", "21:00"]);
  });
});

describe("values that have ended", () => {
  it("stand after those that have not, and say since when, in the time zone", async () => {
    await stage.show({ ...scene("lanes", "ended", "dark"), timeZone: "Asia/Tokyo" });
    expect(await names()).toEqual(["Memory used", "Sparsity, mean", "Latency, P95", "Errors"]);
    const latency = lanes().nth(2);
    expect(await latency.innerText()).toMatch(/no traffic since 20:36\nlast value 991 ms/);
    expect(await latency.innerText()).not.toMatch(/headroom|times the limit|critical/);
    expect(await latency.getAttribute("aria-label")).toMatch(
      /^Latency, P95: no traffic since 20:36, the last value was 991 ms\. Outside for/,
    );
    expect(await lanes().nth(3).innerText()).toContain("no value since 20:36");
  });

  it("are drawn grey, as their words are, and the others are not", async () => {
    await stage.page.evaluate(() => {
      const { stroke } = CanvasRenderingContext2D.prototype;
      const curves: Record<string, unknown> = {};
      Object.assign(window, { curves });
      CanvasRenderingContext2D.prototype.stroke = function (...path: [] | [Path2D]) {
        const lane = this.canvas.closest("[data-lane]")?.getAttribute("aria-label")?.split(":")[0];
        // Axes and limits are no paths of their own.
        if (lane && path.length > 0) curves[lane] = this.strokeStyle;
        return stroke.apply(this, path as [Path2D]);
      };
    });
    await stage.show({ ...scene("lanes", "ended", "light"), height: 640 });
    const curves = await stage.page.evaluate(
      () => (window as never as { curves: Record<string, string> }).curves,
    );
    const grey = await lanes()
      .filter({ hasText: "no traffic since" })
      .getByText("no traffic since")
      .evaluate((words) => getComputedStyle(words).color);
    expect(curves).toMatchObject({ "Latency, P95": grey, Errors: grey });
    expect([curves["Memory used"], curves["Sparsity, mean"]]).not.toContain(grey);
    await stage.show(scene("lanes", "ended", "dark"));
  });

  it("are not the values of a later moment", async () => {
    await stage.update({ options: { tooltip: { mode: "multi", sort: "none" } } });
    const { width } = (await plot(0).boundingBox())!;
    await plot(0).hover({ position: { x: width - 20, y: 20 } });
    expect(await tooltip()).toMatch(/Memory used/);
    // The tooltip stands at the end of the page; its lanes have their names before it, too.
    expect((await tooltip()).replace(/^[^]*\n(?=2026-)/, "")).not.toMatch(/Latency, P95/);
  });

  it("say nothing about now on the map", async () => {
    await stage.show(scene("map", "ended", "dark"));
    const text = await stage.page.locator("#panel").innerText();
    expect(text).toContain("no value since 11:36");
    expect(text).not.toMatch(/what is accepted|What to do/);
  });
});

describe("a value that is more than can be told", () => {
  it("is said in the words of its mapping, without a number of times the limit", async () => {
    const result = { text: "more than 5 s" };
    const mappings = [{ type: "range", options: { from: 5, to: null, result } }] as never;
    await stage.show({
      ...scene("lanes", "normal", "dark"),
      frames: [frame("Latency", [0.1, 4, 5], { ...LIMITED.latency, mappings })],
    });
    expect(await lanes().first().innerText()).toMatch(
      /more than 5 s\s*critical\s*beyond the limit/,
    );
    expect(await lanes().first().getAttribute("aria-label")).toMatch(
      /^Latency: more than 5 s, beyond its critical limit of 800 ms\. /,
    );
  });
});

describe("the legend", () => {
  it("hides and shows the lanes of a state", async () => {
    await stage.show(breached("light"));
    const inside = stage.page.getByRole("button", { name: "2 inside" });
    await inside.click();
    expect(await inside.getAttribute("aria-pressed")).toBe("false");
    expect(await names()).toEqual(["Latency, P95", "Errors", "Sparsity, mean"]);
    await inside.click();
    expect(await lanes().count()).toBe(5);
  });
});

describe("a change", () => {
  it("of the order sorts the lanes again", async () => {
    const input = scene("lanes", "near", "dark");
    await stage.show(input);
    expect((await names())[0]).toBe("Memory used");
    await stage.update({
      frames: [...input.frames].reverse(),
      options: { ...input.options, order: "data" },
    });
    expect((await names())[0]).toBe("Sparsity, mean");
  });

  it("of the view shows the map in place of the lanes", async () => {
    const input = scene("lanes", "normal", "dark");
    await stage.show(input);
    await stage.update({ options: { ...input.options, view: "map" } });
    expect(await lanes().count()).toBe(0);
    await expect(stage.page.getByRole("region").getAttribute("aria-label")).resolves.toMatch(
      /^Entropy, mean .* inside the accepted region/,
    );
  });

  it("of size and data at once draws the new data", async () => {
    const input = scene("lanes", "normal", "dark");
    await stage.show(input);
    const before = await plot(0)
      .locator("..")
      .locator("canvas")
      .evaluate((c) => (c as HTMLCanvasElement).toDataURL());
    await stage.update({ ...breached("dark"), width: 700 });
    await stage.update({ width: 720 });
    expect(await lanes().first().getAttribute("data-state")).toBe("critical");
    const after = await plot(0)
      .locator("..")
      .locator("canvas")
      .evaluate((c) => (c as HTMLCanvasElement).toDataURL());
    expect(after).not.toBe(before);
  });
});

describe("a lane among 10,000 points", () => {
  it("shows a breach of a single sample", async () => {
    const calm = wave(10_000, 7, () => 0.1, 0.02);
    const input = {
      ...scene("lanes", "normal", "dark"),
      frames: [frame("Latency", calm, LIMITED.latency)],
    };
    await stage.show(input);
    const quiet = await canvasColours();
    const spiked = calm.map((value, i) => (i === 5_000 ? 0.5 : value));
    await stage.update({ frames: [frame("Latency", spiked, LIMITED.latency)] });
    const loud = await canvasColours();
    const changed = quiet.filter((colour, i) => colour !== loud[i]).length;
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(quiet.length / 20);
    expect(await lanes().first().innerText()).toContain("Outside for");
  });
});

/** Each column of the first chart as one number that changes when any of its pixels does. */
function canvasColours(): Promise<number[]> {
  return lanes()
    .first()
    .locator("canvas")
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, Math.floor(height / 2));
      return Array.from({ length: width }, (_, x) => {
        let sum = 0;
        for (let i = x * 4; i < data.length; i += width * 4)
          sum = (sum * 31 + data[i]! + data[i + 1]!) % 1e9;
        return sum;
      });
    });
}

describe("people who want less motion", () => {
  it("see bars that do not slide", async () => {
    await stage.page.emulateMedia({ reducedMotion: "reduce" });
    await stage.show(scene("lanes", "normal", "dark"));
    const durations = await lanes()
      .locator("[style*='width']")
      .evaluateAll((all) => all.map((bar) => getComputedStyle(bar).transitionDuration));
    expect(new Set(durations)).toEqual(new Set(["0s"]));
    await stage.page.emulateMedia({ reducedMotion: "no-preference" });
  });
});

describe("the map outside its region", () => {
  it("says what is wrong and links to the runbook", async () => {
    await stage.show(scene("map", "breached", "light"));
    await expect(stage.page.locator("#panel").innerText()).resolves.toMatch(
      /Entropy, mean is above what is accepted/,
    );
    const link = stage.page.getByRole("link", { name: "What to do" });
    expect(await link.getAttribute("href")).toBe("https://runbooks.example/entropy");
  });

  it("tells the point under the pointer", async () => {
    const map = stage.page.locator(".u-over");
    await map.hover({ position: { x: 300, y: 100 } });
    await map.hover({ position: { x: 320, y: 120 } });
    await expect(tooltip()).resolves.toMatch(/Entropy, mean[\s\S]*Sparsity, mean[\s\S]*Region/);
  });
});

describe("the map of messages", () => {
  it("says how many of them are inside, and not how many means", async () => {
    await stage.show(messagesScene("dark"));
    const said = await stage.page.locator("#panel").innerText();
    const share = Number(/([\d.]+) % of messages inside/.exec(said)?.[1]);
    expect(share).toBeGreaterThan(50);
    expect(share).toBeLessThan(95);
    await expect(stage.page.getByRole("region").getAttribute("aria-label")).resolves.toMatch(
      new RegExp(` ${share.toFixed(1)} % of [\\d,]+ messages inside\\.$`),
    );
  });

  it("is of one method at a time, and says of which", async () => {
    const ofMethod = (method: string, middle: { x: number; y: number }) =>
      [...scene("map", "normal", "dark").frames, ...gridFrames(middle)].map((one) => ({
        ...one,
        fields: one.fields.map((field) =>
          field.labels ? { ...field, labels: { ...field.labels, method } } : field,
        ),
      }));
    const frames = [
      ...ofMethod("occlusion", { x: 1.5, y: 0.6 }),
      ...ofMethod("prefix", { x: 2.4, y: 0.6 }),
    ];
    await stage.show({ ...messagesScene("dark"), frames });
    const share = async () =>
      Number(/([\d.]+) % of messages/.exec(await stage.page.locator("#panel").innerText())?.[1]);
    const button = (name: string) => stage.page.getByRole("button", { name });
    await expect(button("occlusion").getAttribute("aria-pressed")).resolves.toBe("true");
    const ofOcclusion = await share();
    await button("prefix").click();
    await expect(button("prefix").getAttribute("aria-pressed")).resolves.toBe("true");
    expect(await share()).toBeLessThan(ofOcclusion - 20);
    await stage.show({ ...messagesScene("dark"), frames: ofMethod("prefix", { x: 1.5, y: 0.6 }) });
    await stage.page.getByRole("group", { name: "method" }).getByText("prefix").waitFor();
    expect(await button("prefix").count()).toBe(0);
  });

  it("tells the cell under the pointer", async () => {
    await stage.page.locator(".u-over").hover({ position: { x: 300, y: 100 } });
    await stage.page.locator(".u-over").hover({ position: { x: 320, y: 110 } });
    await stage.page.getByText(/^\d+ % of messages$/).waitFor();
    await stage.page.getByText(/^[\d.]+ nats to [\d.]+ nats$/).waitFor();
    await stage.page.getByText("Entropy", { exact: true }).waitFor();
  });

  it("keeps its axes while the messages move", async () => {
    const before = await axisTexts(messagesScene("dark"));
    const moved = [...scene("map", "breached", "dark").frames, ...gridFrames({ x: 0.4, y: 0.3 })];
    const after = await axisTexts({ ...messagesScene("dark"), frames: moved });
    expect(before.length).toBeGreaterThan(8);
    expect(after).toEqual(before);
  });
});

describe("the map of two series", () => {
  it("keeps the axes that Min and Max of its fields say, whatever the values", async () => {
    const withEnds = (level: number): StageInput => {
      const input = scene("map", "normal", "dark");
      const [min, max] = [0, 4];
      const values = wave(60, 4, () => level, 0.1);
      const frames = ["Entropy, mean", "Sparsity, mean"].map((name) =>
        frame(name, values, { ...LIMITED.entropy, min, max }),
      );
      return { ...input, frames };
    };
    const before = await axisTexts(withEnds(1));
    expect(before.length).toBeGreaterThan(8);
    expect(await axisTexts(withEnds(3.5))).toEqual(before);
    expect(await axisTexts(withEnds(7))).not.toEqual(before);
  });
});

/** What is written on a scene's canvas, each with its place. */
async function axisTexts(input: StageInput): Promise<readonly string[]> {
  await stage.page.evaluate(() => {
    const texts: string[] = [];
    const fill = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      texts.push(`${text} ${Math.round(x)} ${Math.round(y)}`);
      return fill.call(this, text, x, y);
    };
    Object.assign(window, { texts });
  });
  await stage.show(input);
  const texts = await stage.page.evaluate(() => (window as never as { texts: string[] }).texts);
  return [...new Set(texts)].sort();
}

describe("what an older version stored, or a source sent", () => {
  const range = { from: Date.UTC(2026, 4, 28, 20, 20), to: Date.UTC(2026, 4, 28, 20, 26) };
  const show = (more: Partial<StageInput>) =>
    stage.show({ ...range, frames: [stringTimes as never], width: 720, height: 300, ...more });
  const overridden = (stored: unknown): Partial<StageInput> => ({
    fieldConfig: {
      overrides: [
        {
          matcher: { id: "byName", options: "Value" },
          properties: [{ id: "thresholds", value: stored }],
        },
      ],
    },
  });
  const whole = Object.values(thresholds).flat();
  const stored = whole.map((one) => ("mode" in one ? one : Object.values(one)[0]));

  it.each(stored.map((one) => [JSON.stringify(one), one]))(
    "is drawn with the limit that there is: %s",
    async (text, one) => {
      await show(overridden(one));
      const [state] = await lanes().evaluateAll((all) => all.map((lane) => lane.dataset["state"]));
      expect(state).toBe(text!.includes('"60"') ? "critical" : "no-limit");
      expect(await lanes().locator("canvas").count()).toBe(1);
      expect(stage.complaints).toEqual([]);
    },
  );

  it("is drawn, whatever the numbers, the thresholds and the options", async () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(null, NaN, Infinity, -Infinity, 5e-324));
    // Before the panel is asked, Grafana itself wants steps to be objects.
    const step = fc.record(
      { value: fc.oneof(number, junk), color: fc.oneof(fc.constantFrom("green", "red"), junk) },
      { requiredKeys: [] },
    );
    const anything = fc.tuple(
      fc.array(number, { minLength: 1, maxLength: 20 }),
      fc.record({ mode: junk, steps: fc.array(step) }, { requiredKeys: [] }),
      fc.dictionary(fc.constantFrom("order", "nearRatio", "limits", "tooltip"), junk),
    );
    for (const [values, one, options] of fc.sample(anything, { numRuns: 60, seed: 14 })) {
      const shown = [frame("Value", [1, ...values])];
      await stage.show({
        ...scene("lanes", "normal", "dark"),
        frames: shown,
        ...overridden(one),
        options,
      });
      expect(await lanes().locator("canvas").count()).toBe(1);
    }
    expect(stage.complaints).toEqual([]);
  });
});
