import { FORECAST_RISE_RATIO, limit } from "../limits.ts";
import type { RuleOptions } from "../rules/options.ts";
import { duration, FORECAST_WINDOWS } from "../rules/pace.ts";
import type { AlertCase, Firing, Moment } from "./case.ts";
import type { Series } from "./timeline.ts";
import { INSTANCE, series } from "./timeline.ts";

const ALERT = "HeadroomLimitForecast";

/** A stretch in which memory grows evenly, in bytes. */
interface Slope {
  readonly seconds: number;
  readonly from: number;
  readonly perSecond: number;
}

/** Memory that grows: told in seconds of history and in shares of the limit. */
export function forecastCases(options: RuleOptions): AlertCase[] {
  const story = storyOf(options);
  return [
    ...["process", "system"].map((scope) => reaches(options, story, scope)),
    notBeforeHistory(story),
    ...notForSteps(story),
    notForOneWave(story),
    notForSmallRises(story),
    handsOver(story),
    story.tell("does not fire for memory that stays as it is", "process", {
      slopes: [story.flat(0.99, 3 * story.history)],
      moments: [{ atSeconds: 3 * story.history, what: "full, but steady", firing: [] }],
    }),
    story.tell("does not fire for a part that the process already contains", "cache", {
      slopes: [story.flat(START, story.history), story.rising(START, 0.2, 2 * story.history)],
      moments: [{ atSeconds: 2.5 * story.history, what: "the cache grows", firing: [] }],
    }),
  ];
}

/** Where the usual story begins, as a share of the limit. */
const START = 0.3;

/**
 * The growth of the usual story, a share of the limit over one history. When it is as old as the
 * history, the limit is just reached at the horizon: 0.3 + 0.14 + 4 * 0.14 = 1.
 */
const GROWTH = 0.14;

function storyOf({ limits, pace }: RuleOptions) {
  const found = limit("memory", "warning", limits);
  if (found.bound !== "upper") throw new TypeError("memory has an upper limit");
  const edge = found.upper;
  const history = FORECAST_WINDOWS.history * pace.windowSeconds;
  const hold = FORECAST_WINDOWS.recent * pace.windowSeconds + pace.patienceSeconds.warning;
  // The stories take hours, in which every time is a whole number of these steps.
  const step = pace.windowSeconds / 3;
  return {
    step,
    slack: 2 * step,
    edge,
    history,
    hold,
    flat: (share: number, seconds: number): Slope => ({
      seconds,
      from: share * edge,
      perSecond: 0,
    }),
    /** @param growth - over one history, as a share of the limit */
    rising: (share: number, growth: number, seconds: number): Slope => ({
      seconds,
      from: share * edge,
      perSecond: (growth * edge) / history,
    }),
    tell: (
      title: string,
      scope: string,
      told: { readonly slopes: readonly Slope[]; readonly moments: readonly Moment[] },
    ): AlertCase => {
      const seconds = told.slopes.reduce((sum, slope) => sum + slope.seconds, 0);
      return {
        alert: ALERT,
        title,
        stepSeconds: step,
        series: [
          sloped(series("up"), [{ seconds, from: 1, perSecond: 0 }], step),
          sloped(series("headroom_memory_used_bytes", { scope }), told.slopes, step),
          // So much that the bytes are the limit; what the process contains has no capacity.
          ...(scope === "cache"
            ? []
            : [
                sloped(
                  series("headroom_memory_capacity_bytes", { scope }),
                  [{ seconds, from: 10 * edge, perSecond: 0 }],
                  step,
                ),
              ]),
        ],
        moments: told.moments,
      };
    },
  };
}

type Told = ReturnType<typeof storyOf>;

/** Fires as soon as the trend reaches the limit and has held, and resolves when growth ends. */
function reaches(options: RuleOptions, story: Told, scope: string): AlertCase {
  const { history, hold } = story;
  const top = START + (GROWTH * (history + 2 * hold)) / history;
  const grows = history + 2 * hold;
  const seen = 2 * history + hold + story.slack;
  const firing: Firing[] = [{ alert: ALERT, labels: { scope } }];
  const used = START + (GROWTH * (seen - history)) / history;
  const windows = options.pace.windowSeconds;
  return {
    ...story.tell(`foretells the limit from the growing memory of the ${scope}`, scope, {
      slopes: [
        story.flat(START, history),
        story.rising(START, GROWTH, grows),
        story.flat(top, history),
      ],
      moments: [
        { atSeconds: history, what: "steady", firing: [] },
        {
          atSeconds: 2 * history + hold - story.slack,
          what: "foretold, but not for long",
          firing: [],
        },
        { atSeconds: seen, what: "foretold for long enough", firing },
        {
          atSeconds: history + grows + FORECAST_WINDOWS.recent * windows + story.slack,
          what: "steady again",
          firing: [],
        },
      ],
    }),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      "{{ $labels.scope }}": scope,
      "{{ $value | humanizePercentage }}": `${Number((100 * used).toPrecision(4))}%`,
    },
  };
}

function notBeforeHistory(story: Told): AlertCase {
  const { history, hold } = story;
  return story.tell(`does not fire before it has seen ${duration(history)}`, "process", {
    slopes: [story.rising(START, 0.2, history - story.step)],
    moments: [hold + story.slack, history / 2, history - story.slack].map((atSeconds) => ({
      atSeconds,
      what: `grows since ${atSeconds} s`,
      firing: [],
    })),
  });
}

/** A model that is loaded, or a cache that is filled at once. */
function notForSteps(story: Told): AlertCase[] {
  const { history } = story;
  const after = Array.from({ length: 12 }, (_, part) => history + ((part + 1) * history) / 12);
  return [0.4, 0.6].map((step) =>
    story.tell(`does not fire for one step of ${100 * step} % of the limit`, "process", {
      slopes: [story.flat(START, history), story.flat(START + step, 2 * history)],
      moments: after.map((atSeconds) => ({
        atSeconds,
        what: `${atSeconds - history} s after the step`,
        firing: [],
      })),
    }),
  );
}

/** Growth that would reach the limit if it went on, but is over before the history is full of it. */
function notForOneWave(story: Told): AlertCase {
  const { history } = story;
  const [growth, part] = [0.17, 0.6];
  const wave = { starts: history, ends: (1 + part) * history };
  const looks = Array.from({ length: 12 }, (_, i) => wave.starts + ((i + 1) * history) / 12);
  return story.tell("does not fire for growth that ends within the history", "process", {
    slopes: [
      story.flat(START, history),
      story.rising(START, growth, part * history),
      story.flat(START + growth * part, history),
    ],
    moments: looks.map((atSeconds) => ({
      atSeconds,
      what: `${atSeconds - wave.starts} s after growth began, ${wave.ends - atSeconds} s before its end`,
      firing: [],
    })),
  });
}

/** A trend that reaches the limit in time, but by too small a rise to be believed. */
function notForSmallRises(story: Told): AlertCase {
  const { history, hold } = story;
  const near = 0.97 - FORECAST_RISE_RATIO;
  const small = FORECAST_RISE_RATIO * 0.99;
  return story.tell("does not fire for a small wave just below the limit", "system", {
    slopes: [story.flat(near, history), story.rising(near, small, 2 * history)],
    moments: [{ atSeconds: 2 * history + hold + story.slack, what: "rises a little", firing: [] }],
  });
}

function handsOver(story: Told): AlertCase {
  const { history, hold } = story;
  const growth = (1 - START) / 2;
  const scope = "process";
  return story.tell("gives way to HeadroomMemoryHigh when the limit is reached", scope, {
    slopes: [story.flat(START, history), story.rising(START, growth, 2 * history + hold)],
    moments: [
      {
        atSeconds: 3 * history - story.slack,
        what: "just below the limit",
        firing: [{ alert: ALERT, labels: { scope } }],
      },
      {
        atSeconds: 3 * history + hold - story.slack,
        what: "beyond the limit",
        firing: [{ alert: "HeadroomMemoryHigh", labels: { scope } }],
      },
    ],
  });
}

/** A gauge that follows the slopes, in whole numbers for each step. */
function sloped(name: string, slopes: readonly Slope[], stepSeconds: number): Series {
  const values = slopes.map(({ seconds, from, perSecond }) => {
    const steps = Math.round(seconds / stepSeconds);
    return `${Math.round(from)}+${Math.round(perSecond * stepSeconds)}x${steps - 1}`;
  });
  return { series: name, values: values.join(" ") };
}
