/** One panel on an empty page, driven through `window.stage`: for tests, screenshots, benchmarks. */
import "./boot.ts";
import "./page.css";
import {
  EventBusSrv,
  LoadingState,
  toDataFrame,
  type AbsoluteTimeRange,
  type BusEvent,
  type DataFrame,
  type DataFrameDTO,
  type FieldConfigSource,
  type TimeRange,
} from "@grafana/data";
import { useTheme2 } from "@grafana/ui";
import type { ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { prepareHost, Root, timeRange, type ThemeName } from "./host.tsx";
import {
  PluginPanel,
  preparePanel,
  type PluginPanelProps,
  type PreparedPanel,
} from "./PluginPanel.tsx";
import { UPlotSeries } from "./UPlotSeries.tsx";

/** What the stage shows, as plain JSON. */
export interface StageInput {
  /** As `toDataFrame` takes them: `{ name, refId, meta, fields: [{ name, type, values, ... }] }`. */
  readonly frames: readonly DataFrameDTO[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: Partial<FieldConfigSource>;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Dark when not given. */
  readonly theme?: ThemeName;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** `utc` when not given. */
  readonly timeZone?: string;
  /** `uplot` draws the same frames with Grafana's own UPlotChart, one a series, to compare with. */
  readonly kind?: "panel" | "uplot";
}

/** A published event without the frames it refers to, so that it can leave the page as JSON. */
interface RecordedEvent {
  readonly type: string;
  readonly payload: unknown;
}

/** What a test can do with the stage. */
export interface Stage {
  /** Shows a new panel in place of the last one, and resolves when it has been painted. */
  readonly show: (input: StageInput) => Promise<void>;
  /** Changes what is shown, and keeps the panel's own state. */
  readonly update: (change: Partial<StageInput>) => Promise<void>;
  /** The panel's options, with its defaults. */
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

class RecordingBus extends EventBusSrv {
  readonly events: RecordedEvent[] = [];

  override publish<T extends BusEvent>(event: T): void {
    const { data: _data, ...rest } = (event.payload ?? {}) as Record<string, unknown>;
    this.events.push({ type: event.type, payload: JSON.parse(JSON.stringify(rest)) as unknown });
    super.publish(event);
  }
}

const ready = prepareHost();
const root = createRoot(document.getElementById("root")!);
let shows = 0;
let bus = new RecordingBus();
let input: StageInput;
let panel: PreparedPanel;
/** The same while only data changes, so that no chart is configured again. */
let range: TimeRange;

async function showInput(): Promise<void> {
  const { from, to, timeZone = "utc" } = input;
  await ready;
  panel = await preparePanel({ ...input, id: 1, type: "headroom-limits-panel" });
  range = timeRange(from, to, timeZone);
  draw(framesOf(input));
  await painted();
}

function publishRange(payload: AbsoluteTimeRange): void {
  bus.publish({ type: "stage-time-range", payload });
}

function draw(series: readonly DataFrame[]): void {
  const { width, height, theme = "dark", timeZone = "utc", kind = "panel" } = input;
  const data = { state: LoadingState.Done, series: [...series], timeRange: range };
  const shown: PluginPanelProps = {
    ...panel,
    ...{ id: 1, title: "", data, timeZone, width, height, eventBus: bus },
    onChangeTimeRange: publishRange,
  };
  flushSync(() =>
    root.render(
      <Root theme={theme}>
        <Surface {...{ width, height }}>
          {/* Another key makes a new panel; the root stays, and with it the old panel's portal. */}
          {kind === "uplot" ? (
            <UPlotSeries key={shows} {...shown} />
          ) : (
            <PluginPanel key={shows} {...shown} />
          )}
        </Surface>
      </Root>,
    ),
  );
}

function Surface(props: { width: number; height: number; children: ReactNode }) {
  const { width, height } = props;
  const background = useTheme2().colors.background.primary;
  return (
    <main id="panel" style={{ width, height, overflow: "hidden", background }}>
      {props.children}
    </main>
  );
}

const framesOf = ({ frames }: StageInput) => frames.map((frame) => toDataFrame(frame));

window.stage = {
  async show(next) {
    input = next;
    bus = new RecordingBus();
    shows += 1;
    await showInput();
  },
  async update(change) {
    input = { ...input, ...change };
    await showInput();
  },
  options: () => panel.options,
  get events() {
    return bus.events;
  },
  async time(times) {
    let frames = framesOf(input);
    const taken: number[] = [];
    for (let round = 0; round < times; round++) {
      frames = shifted(frames);
      taken.push(await timeToPaint(() => draw(frames)));
    }
    taken.sort((a, b) => a - b);
    return taken[Math.floor(taken.length / 2)] ?? Number.NaN;
  },
};

/**
 * The same frames with every number moved by one place, so that all must be drawn again and the
 * picture is as complex as before.
 */
function shifted(frames: readonly DataFrame[]): DataFrame[] {
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) =>
      field.type === "number"
        ? { ...field, values: [...field.values.slice(1), ...field.values.slice(0, 1)] }
        : field,
    ),
  }));
}

/** Resolves after the browser has shown what is drawn now: two animation frames later. */
function painted(): Promise<void> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve())),
  );
}

/**
 * Milliseconds from the start of `run` until its result was painted. It starts at the beginning of an
 * animation frame, and the message that ends it is handled after that frame's paint, so that the time
 * is not rounded up to the display's rate.
 */
function timeToPaint(run: () => void): Promise<number> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      const start = performance.now();
      run();
      port1.onmessage = () => {
        resolve(performance.now() - start);
        port1.close();
      };
      port2.postMessage(undefined);
    }),
  );
}
