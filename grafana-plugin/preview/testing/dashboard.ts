/** A dashboard of Prometheus' own metrics, with every kind of panel that the preview draws. */
export const ownMetrics = {
  uid: "own",
  title: "Own metrics",
  time: { from: "now-1m", to: "now" },
  refresh: "1s",
  annotations: {
    list: [
      annotation("Targets", 'up{instance=~"$instance"}', "{{job}} is up"),
      { ...annotation("Off", "up", "Off"), enable: false },
    ],
  },
  templating: {
    list: [
      {
        name: "instance",
        label: "Instance",
        type: "query",
        query: { query: "label_values(up, instance)" },
        multi: true,
        includeAll: true,
        allValue: ".*",
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
      ...stat(2, "Targets", 'sum(up{instance=~"$instance"})', { x: 0, y: 8 }),
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
      options: graph(),
      fieldConfig: {
        defaults: {
          custom: { lineWidth: 1, thresholdsStyle: { mode: "line" } },
          thresholds: upTo(5),
        },
        overrides: [],
      },
    },
    {
      id: 5,
      type: "gauge",
      title: "Gauge",
      gridPos: { x: 18, y: 8, w: 6, h: 4 },
      targets: [target("A", "up")],
    },
    {
      // Prometheus' own first seconds: values at the beginning of the range, and none now.
      ...stat(8, "Ended", '(time() - process_start_time_seconds{job="prometheus"}) < 4', {
        x: 0,
        y: 12,
      }),
      fieldConfig: { defaults: { noValue: "no traffic", thresholds: upTo(1) }, overrides: [] },
    },
    stat(7, "Nothing", "no_such_metric", { x: 18, y: 12 }),
  ],
};

/** A dashboard whose query Prometheus refuses. */
export const brokenQuery = {
  uid: "broken",
  title: "Broken",
  annotations: { list: [annotation("Half", "up >", "Half")] },
  panels: [
    {
      id: 1,
      type: "timeseries",
      title: "Unfinished",
      gridPos: { x: 0, y: 0, w: 24, h: 8 },
      targets: [target("A", "rate(up")],
      options: graph(),
    },
  ],
};

/**
 * A dashboard that tries to run a script, which would set `window.ran`, and to reach another server.
 *
 * @param elsewhere address of the other server
 */
export function hostile(elsewhere: string) {
  const image = `<img src="${elsewhere}/image" onerror="window.ran = true">`;
  const script = `<script src="${elsewhere}/script"></script><script>window.ran = true</script>`;
  return {
    uid: "hostile",
    title: `Hostile ${image}`,
    annotations: { list: [annotation("Marked", "up", `{{job}} ${image}`)] },
    panels: [
      {
        ...stat(1, `Title ${image}`, "up", { x: 0, y: 0 }, `{{job}} ${image}`),
        description: `**Bold** ${script}${image}<iframe src="${elsewhere}/frame"></iframe>`,
        links: [{ title: `Link ${image}`, url: "javascript:window.ran = true" }],
      },
      {
        id: 2,
        type: "headroom-limits-panel",
        title: "Limits",
        gridPos: { x: 0, y: 4, w: 24, h: 8 },
        targets: [target("A", "go_goroutines", `Goroutines ${image}`)],
        options: { version: 1, view: "lanes", runbookUrl: "javascript:window.ran = true" },
        fieldConfig: {
          defaults: { links: [{ title: "Run", url: "javascript:window.ran = true" }] },
          overrides: [],
        },
      },
      { ...stat(3, "Kind", "up", { x: 6, y: 0 }), type: "constructor" },
    ],
  };
}

function annotation(name: string, expr: string, titleFormat: string) {
  return { name, enable: true, iconColor: "red", expr, step: "1s", titleFormat };
}

function stat(
  id: number,
  title: string,
  expr: string,
  place: { x: number; y: number },
  legendFormat = "",
) {
  return {
    id,
    type: "stat",
    title,
    gridPos: { ...place, w: 6, h: 4 },
    targets: [{ ...target("A", expr, legendFormat), instant: true }],
    options: {
      graphMode: "none",
      colorMode: "value",
      justifyMode: "auto",
      textMode: "auto",
      wideLayout: true,
      orientation: "auto",
      reduceOptions: { calcs: ["lastNotNull"], values: false, fields: "" },
    },
  };
}

function graph() {
  return {
    legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
    tooltip: { mode: "multi", sort: "desc" },
  };
}

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
