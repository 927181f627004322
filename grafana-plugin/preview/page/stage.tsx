/** One panel on an empty page, driven through `window.stage`: for tests, screenshots, benchmarks. */
import "./host/boot.ts";
import "./page.css";
import { createRef } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import type { InterpolateFunction } from "@grafana/data";
import { loadPlugin } from "./host/load-plugin.ts";
import { prepareHost, setGlobalTheme } from "./host/prepare.ts";
import { prepareOptions, type PreparedOptions } from "./panel/prepare-options.ts";
import { rangeOf, readFrames, shifted, type StageInput } from "./stage/input.ts";
import { painted, timeToPaint } from "./stage/painted.ts";
import { RecordingBus, type RecordedEvent } from "./stage/recording-bus.ts";
import { StageView, type StageHandle } from "./stage/StageView.tsx";
import { timeRange } from "./time/range.ts";
import { interpolate } from "./variables/interpolate.ts";
import { scopedLookup } from "./variables/scoped.ts";

/** What a test can do with the stage. */
export interface Stage {
  /** Shows a new panel in place of the last one, and resolves when it has been painted. */
  readonly show: (input: StageInput) => Promise<void>;
  /** Changes what is shown, and keeps the panel's own state. */
  readonly update: (change: Partial<StageInput>) => Promise<void>;
  /** The panel's options, after it changed them. */
  readonly options: () => Record<string, unknown>;
  /** What was published on the event bus since the last `show`. */
  readonly events: readonly RecordedEvent[];
  /** Draws new data `times` times: the median of the milliseconds from setting it to its paint. */
  readonly time: (times: number) => Promise<number>;
}

declare global {
  interface Window {
    stage: Stage;
  }
}

let input: StageInput = { frames: [], width: 0, height: 0 };
let prepared: PreparedOptions = { options: {}, fieldConfig: { defaults: {}, overrides: [] } };
let shows = 0;
let bus = new RecordingBus();
const handle = createRef<StageHandle>();
const root = createRoot(document.getElementById("root")!);

const replaceVariables: InterpolateFunction = (text, scoped) =>
  interpolate(text, (name, path) => {
    const value = input.variables?.[name];
    if (value !== undefined) return { values: [value], text: [value] };
    return scopedLookup(scoped)(name, path);
  });

const ready = prepareHost({
  variables: () => ({}),
  range: () => ({ from: String(input.from ?? "now-15m"), to: String(input.to ?? "now") }),
  replace: (text = "", scoped) => replaceVariables(text, scoped),
}).then(loadPlugin);

async function draw(frames = readFrames(input)): Promise<void> {
  const plugin = await ready;
  const { width, height, theme = "dark", timeZone = "utc", title = "", kind = "panel" } = input;
  const { from, to } = rangeOf(input, frames);
  setGlobalTheme(theme);
  handle.current?.setFrames(frames);
  flushSync(() =>
    root.render(
      <StageView
        show={shows}
        {...{ plugin, frames, prepared, width, height, theme, timeZone, title, kind, handle }}
        onPreparedChange={(next) => (prepared = next)}
        timeRange={timeRange(from, to, timeZone)}
        eventBus={bus}
        replaceVariables={replaceVariables}
      />,
    ),
  );
  await painted();
}

async function prepare(): Promise<void> {
  const { options = {}, fieldConfig = {} } = input;
  prepared = await prepareOptions(await ready, { id: 1, options, fieldConfig });
}

window.stage = {
  async show(next) {
    input = next;
    await prepare();
    bus = new RecordingBus();
    shows += 1;
    await draw();
  },
  async update(change) {
    input = { ...input, ...change };
    if (change.options || change.fieldConfig) {
      await prepare();
      handle.current?.setPrepared(prepared);
    }
    await draw();
  },
  options: () => prepared.options,
  get events() {
    return bus.events;
  },
  async time(times) {
    let frames = readFrames(input);
    const taken: number[] = [];
    for (let round = 0; round < times; round++) {
      frames = shifted(frames);
      taken.push(await timeToPaint(() => flushSync(() => handle.current?.setFrames(frames))));
    }
    taken.sort((a, b) => a - b);
    return taken[Math.floor(taken.length / 2)] ?? Number.NaN;
  },
};
