import type { RuleOptions } from "../rules/options.ts";
import { duration, IDLE_WINDOWS } from "../rules/pace.ts";
import { requestsOf, type AlertCase, type Moment } from "./case.ts";
import type { Phase, Series } from "./timeline.ts";
import { counter, gauge, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

const ALERT = "HeadroomNoTraffic";

const sentiment = (outcome: string): string => series("sentiment_requests_total", { outcome });
const status = series("headroom_status_requests_total", {
  scenario: "quick-status",
  strategy: "balanced",
  outcome: "ok",
});

const chat = requestsOf("chat", "ok");

/** Nobody asks, for sentiments, for a status or for a chat model. */
export function idleCases({ pace }: RuleOptions): AlertCase[] {
  const window = pace.windowSeconds;
  const idle = IDLE_WINDOWS * window;
  const slack = 2 * STEP_SECONDS;
  const [busy, quiet, again] = [2 * window, window + idle + 2 * window, 2 * window];
  const up = gauge(series("up"), [{ value: 1, seconds: busy + quiet + again }]);
  const story = (value: number): Phase[] => [
    { value, seconds: busy },
    { value: 0, seconds: quiet },
    { value, seconds: again },
  ];
  const never = [{ value: 0, seconds: busy + quiet + again }];
  const firing = { alert: ALERT };
  const resolves = (title: string, input: readonly Series[]): AlertCase => ({
    alert: ALERT,
    title,
    series: [up, ...input],
    moments: [
      { atSeconds: busy, what: "somebody asks", firing: [] },
      { atSeconds: busy + idle, what: "nobody asks, but not for long", firing: [] },
      { atSeconds: busy + window + idle + slack, what: "nobody asks", firing: [firing] },
      { atSeconds: busy + quiet + slack, what: "somebody asks again", firing: [] },
    ],
    prints: { "{{ $labels.instance }}": INSTANCE },
  });
  const silent = (title: string, input: readonly Series[]): AlertCase => {
    const atSeconds = busy + quiet - STEP_SECONDS;
    const moments: Moment[] = [{ atSeconds, what: "as long as any", firing: [] }];
    return { alert: ALERT, title, series: [up, ...input], moments };
  };
  const askedOnce = [
    { value: 0, seconds: (busy + quiet) / 2 - STEP_SECONDS },
    { value: 1, seconds: STEP_SECONDS },
    { value: 0, seconds: (busy + quiet) / 2 },
  ];
  return [
    resolves("fires when nobody asks for sentiments and resolves when somebody does", [
      counter(sentiment("ok"), story(1)),
      counter(status, never),
    ]),
    resolves("fires when nobody asks for a status and resolves when somebody does", [
      counter(sentiment("ok"), never),
      counter(status, story(1)),
    ]),
    resolves("fires when nobody asks a chat model and resolves when somebody does", [
      counter(sentiment("ok"), never),
      counter(status, never),
      counter(chat, story(1)),
    ]),
    silent("does not fire while requests are refused", [
      counter(sentiment("ok"), never),
      counter(sentiment("client_error"), [{ value: 1, seconds: busy + quiet + again }]),
      counter(status, never),
    ]),
    silent(`does not fire when a single request came within ${duration(idle)}`, [
      counter(sentiment("ok"), askedOnce),
      counter(status, never),
    ]),
    silent("does not fire for an exporter that shows no requests at all", []),
  ];
}
