import {
  dateTime,
  EventBusSrv,
  type FieldConfigSource,
  LoadingState,
  type PanelData,
  type PanelProps,
} from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { cleanup, render, screen } from "@testing-library/react";
import fc from "fast-check";
import { frameOf, limitFrame, numberField, timeField } from "../data/testing/frames.ts";
import { anyConfig, anyFrames, junk } from "../data/testing/hostile.ts";
import { DEFAULT_OPTIONS, type LimitsPanelOptions } from "../options.ts";
import { LimitsPanel } from "./LimitsPanel.tsx";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What Grafana gives to the panel; so low that its lanes are lines, because jsdom has no canvas. */
function show(
  data: Partial<PanelData>,
  stored: { options?: unknown; fieldConfig?: unknown; from?: number; to?: number } = {},
) {
  const to = stored.to ?? Date.now();
  const from = stored.from ?? to - HOUR;
  const raw = { from: dateTime(from), to: dateTime(to) };
  const timeRange = { ...raw, raw };
  const props: PanelProps<LimitsPanelOptions> = {
    id: 1,
    title: "Limits",
    data: { state: LoadingState.Done, series: [], timeRange, ...data },
    options: ("options" in stored ? stored.options : DEFAULT_OPTIONS) as LimitsPanelOptions,
    fieldConfig: (stored.fieldConfig ?? { defaults: {}, overrides: [] }) as FieldConfigSource,
    timeRange,
    timeZone: "utc",
    width: 700,
    height: 120,
    transparent: false,
    renderCounter: 0,
    eventBus: new EventBusSrv(),
    replaceVariables: (text) => text,
    onChangeTimeRange: () => {},
    onOptionsChange: () => {},
    onFieldConfigChange: () => {},
  };
  cleanup();
  render(<LimitsPanel {...props} />);
}

const lanes = () =>
  screen.queryAllByRole("listitem").map((lane) => lane.getAttribute("data-state"));
const said = () => screen.getByRole("status").textContent;

describe("the panel without anything to draw", () => {
  it("says that the queries run, and not that there is no data", () => {
    for (const state of [LoadingState.Loading, LoadingState.NotStarted]) {
      show({ state });
      expect(said()).toContain("Loading");
      expect(said()).not.toContain("No data");
    }
  });

  it("says what the query's error was", () => {
    const errors = [
      { message: "parse error" },
      { message: "parse error" },
      { data: { message: "timeout" } },
    ];
    show({ state: LoadingState.Error, errors });
    expect(said()).toContain("The query failed: parse error; timeout");
    show({ state: LoadingState.Error });
    expect(said()).toContain("The query failed");
    show({ state: LoadingState.Error }, { options: { ...DEFAULT_OPTIONS, view: "map" } });
    expect(said()).toContain("The query failed");
  });

  it("says that there is none when the queries gave none, in the words that are set for it", () => {
    show({});
    expect(said()).toContain("No data");
    show({}, { fieldConfig: { defaults: { noValue: "no traffic" }, overrides: [] } });
    expect(said()).toContain("no traffic");
  });
});

describe("the panel while a query runs again or has failed", () => {
  const series = [
    frameOf([timeField([Date.now() - 1_000, Date.now()]), numberField([1, 2])]),
    limitFrame({ limit: "Value", severity: "warning", bound: "upper" }, 3),
  ];

  it("shows the values that there are", () => {
    for (const state of [LoadingState.Loading, LoadingState.Error, LoadingState.Streaming]) {
      show({ state, series, errors: [{ message: "one of two" }] });
      expect(lanes()).toHaveLength(1);
    }
  });

  it("calls no lane stale because the range ends in the future, and one that has ended stale", () => {
    const end = Date.now() + 12 * HOUR;
    const values = (last: number) => [
      frameOf([timeField([last - 2 * MINUTE, last - MINUTE, last]), numberField([1, 1, 1])]),
      ...series.slice(1),
    ];
    show({ series: values(Date.now() - 1_000) }, { from: end - 24 * HOUR, to: end });
    expect(lanes()).toEqual(["ok"]);
    show({ series: values(Date.now() - 10 * MINUTE) }, { from: end - 24 * HOUR, to: end });
    expect(lanes()).toEqual(["stale"]);
  });
});

describe("whatever is stored and sent", () => {
  const anyOptions = fc.oneof(
    junk,
    fc.record(
      Object.fromEntries(Object.keys({ ...DEFAULT_OPTIONS, tooltip: 0 }).map((key) => [key, junk])),
      { requiredKeys: [] },
    ),
    fc.record({ view: fc.constantFrom("lanes", "map"), mapX: fc.constant("/./"), limits: junk }),
  );
  const now = Date.now();

  it("never makes the panel throw", () => {
    const sent = fc.tuple(anyFrames, anyOptions, junk);
    fc.assert(
      fc.property(sent, ([frames, options, fieldConfig]) => {
        show({ series: frames as PanelData["series"] }, { options, fieldConfig, from: 0 });
      }),
      { numRuns: 150 },
    );
  });

  it("shows every value that is there, under any configuration of its field", () => {
    fc.assert(
      fc.property(anyConfig, anyOptions, (config, options) => {
        const field = { ...numberField([1, 2, 3]), config: config as object };
        const frame = { ...frameOf([timeField([now - 2_000, now - 1_000, now]), field]) };
        frame.fields[1]!.config = config as object;
        const view = { ...(Object(options) as object), view: "lanes" };
        show({ series: [frame] }, { options: view });
        const { hideFrom } = Object(Object(config).custom) as { hideFrom?: { viz?: unknown } };
        expect(lanes()).toHaveLength(hideFrom?.viz === true ? 0 : 1);
      }),
      { numRuns: 150 },
    );
  });
});
