/** A dashboard of Prometheus' own metrics, with every kind of panel that the preview draws. */
export const ownMetrics = {
  uid: "own",
  title: "Own metrics",
  time: { from: "now-1m", to: "now" },
  refresh: "1s",
  annotations: {
    list: [
      {
        name: "Targets",
        enable: true,
        iconColor: "red",
        expr: 'up{instance=~"$instance"}',
        step: "1s",
        titleFormat: "{{job}} is up",
      },
      { name: "Off", enable: false, expr: "up" },
    ],
  },
  templating: {
    list: [
      {
        name: "instance",
        type: "query",
        query: { query: "label_values(up, instance)" },
        multi: true,
        includeAll: true,
        current: { text: ["All"], value: ["$__all"] },
      },
    ],
  },
  panels: [
    {
      id: 1,
      type: "headroom-limits-panel",
      title: "Limits",
      gridPos: { x: 0, y: 0, w: 24, h: 8 },
      targets: [
        target("goroutines", 'go_goroutines{instance=~"$instance"}', "Goroutines of {{job}}"),
      ],
      options: { version: 1, view: "lanes" },
      fieldConfig: { defaults: { thresholds: upTo(100_000) }, overrides: [] },
    },
    {
      id: 2,
      type: "stat",
      title: "Targets on $instance",
      gridPos: { x: 0, y: 8, w: 6, h: 4 },
      targets: [target("A", 'sum(up{instance=~"$instance"})')],
      fieldConfig: { defaults: { unit: "suffix: up" }, overrides: [] },
    },
    {
      id: 3,
      type: "timeseries",
      title: "Samples",
      gridPos: { x: 6, y: 8, w: 12, h: 8 },
      targets: [
        target("A", "rate(prometheus_tsdb_head_samples_appended_total[$__rate_interval])", "rate"),
      ],
      options: { tooltip: { mode: "multi", sort: "desc" } },
      fieldConfig: {
        defaults: { custom: { thresholdsStyle: { mode: "line" } }, thresholds: upTo(5) },
        overrides: [],
      },
    },
    {
      id: 4,
      type: "text",
      title: "Words",
      gridPos: { x: 18, y: 8, w: 6, h: 4 },
      options: { mode: "markdown", content: "**Bold** <script>window.ran = true</script>" },
    },
    {
      id: 5,
      type: "gauge",
      title: "Gauge",
      gridPos: { x: 18, y: 12, w: 6, h: 4 },
      targets: [target("A", "up")],
    },
    {
      id: 8,
      type: "stat",
      title: "Ended",
      gridPos: { x: 0, y: 12, w: 6, h: 4 },
      // Prometheus' own first seconds: values at the beginning of the range, and none now.
      targets: [
        {
          ...target("A", '(time() - process_start_time_seconds{job="prometheus"}) < 4'),
          instant: true,
          range: false,
        },
      ],
      fieldConfig: { defaults: { noValue: "no traffic", thresholds: upTo(1) }, overrides: [] },
    },
    {
      id: 6,
      type: "row",
      title: "More",
      collapsed: true,
      gridPos: { x: 0, y: 16, w: 24, h: 1 },
      panels: [
        {
          id: 7,
          type: "stat",
          title: "Nothing",
          gridPos: { x: 0, y: 17, w: 6, h: 4 },
          targets: [target("A", "no_such_metric")],
        },
      ],
    },
  ],
};

/** A dashboard whose query Prometheus refuses. */
export const brokenQuery = {
  uid: "broken",
  title: "Broken",
  annotations: { list: [{ name: "Half", enable: true, expr: "up >", step: "1s" }] },
  panels: [
    {
      id: 1,
      type: "timeseries",
      title: "Unfinished",
      gridPos: { x: 0, y: 0, w: 24, h: 8 },
      targets: [target("A", "rate(up")],
    },
  ],
};

function target(refId: string, expr: string, legendFormat = "") {
  return { refId, expr, legendFormat };
}

function upTo(limit: number) {
  return {
    mode: "absolute",
    steps: [
      { color: "green", value: null },
      { color: "red", value: limit },
    ],
  };
}
