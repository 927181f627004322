import {
  compareArrayValues,
  compareDataFrameStructures,
  LoadingState,
  rangeUtil,
  toDataFrame,
  type DataFrameDTO,
  type PanelData,
  type TimeRange,
} from "@grafana/data";
import { useEffect, useState } from "react";
import { framesOf, rateInterval, regionsOf, stepOf, withLabels } from "./frames.ts";
import { layOut } from "./grid.ts";
import { PrometheusError, queryInstant, queryRange, type Moments } from "./prometheus.ts";
import type { Dashboard, Panel, StoredAnnotation, Target } from "./server-api.ts";
import { findVariables, interpolate, promqlValues, type Variable } from "./variables.ts";

/** One thing that went on for some time, once or again and again. */
export interface Annotation {
  readonly title: string;
  /** One of Grafana's colour names. */
  readonly color: string;
  readonly regions: readonly Moments[];
}

/** What is known of a dashboard. Old values stay while new ones are asked for or cannot be had. */
export interface DashboardData {
  readonly variables: readonly Variable[];
  readonly annotations: readonly Annotation[];
  /** By the panel's id. */
  readonly panels: ReadonlyMap<number, PanelData>;
  readonly busy: boolean;
  /** When a panel last got values, in milliseconds. */
  readonly updated?: number;
  readonly unreachable: boolean;
  /** Titles of what else went wrong, with Prometheus' words. */
  readonly problems: ReadonlyMap<string, string>;
}

/** What a dashboard's data depends on. */
export interface Asked {
  readonly dashboard: Dashboard;
  readonly timeRange: TimeRange;
  /** Values of variables that the page's address names. */
  readonly chosen: Readonly<Record<string, readonly string[]>>;
  readonly scrapeIntervalMs: number;
  /** Of the grid, in pixels: more points than that cannot be told apart. 0 when not known yet. */
  readonly width: number;
}

type Update = (change: (old: DashboardData) => Partial<DashboardData>) => void;
type Asking = Asked & { readonly signal: AbortSignal };

const NOTHING: DashboardData = {
  variables: [],
  annotations: [],
  panels: new Map(),
  busy: false,
  unreachable: false,
  problems: new Map(),
};

/** Asks for everything that a dashboard shows, again when something that it depends on changes. */
export function useDashboardData(asked: Asked): DashboardData {
  const [data, setData] = useState(NOTHING);
  const { dashboard, timeRange, chosen, scrapeIntervalMs } = asked;
  // Resizing a window by some pixels asks nothing new.
  const width = Math.ceil(asked.width / 200) * 200;
  useEffect(() => {
    if (width === 0) return;
    const abort = new AbortController();
    const update: Update = (change) => {
      if (!abort.signal.aborted) setData((old) => ({ ...old, ...change(old) }));
    };
    const asking = { dashboard, timeRange, chosen, scrapeIntervalMs, width, signal: abort.signal };
    // What is thrown after an abort is of no interest; all else is told in `problems`.
    load(asking, update).catch(() => undefined);
    return () => abort.abort();
  }, [dashboard, timeRange, chosen, scrapeIntervalMs, width]);
  return data;
}

async function load(asking: Asking, update: Update): Promise<void> {
  const { dashboard, timeRange, chosen, signal, width } = asking;
  const { panels = [], templating, annotations: stored } = dashboard;
  const problems = new Map<string, string>();
  let unreachable = false;
  const failed = (title: string) => (error: unknown) => {
    if (isUnreachable(error)) unreachable = true;
    else problems.set(title, (error as Error).message);
  };
  update(() => ({ busy: true }));
  const variables = await findVariables(
    templating?.list ?? [],
    chosen,
    moments(timeRange),
    signal,
  ).catch(failed("The variables cannot be found"));
  if (variables) {
    update((old) => ({ variables: sameOr(old.variables, variables) }));
    const values = promqlValues(variables);
    const { boxes } = layOut(
      panels.map(({ gridPos }) => gridPos),
      width,
    );
    await Promise.all([
      askAnnotations(stored?.list ?? [], asking, values).then(
        (annotations) => update((old) => ({ annotations: sameOr(old.annotations, annotations) })),
        failed("The annotations cannot be found"),
      ),
      ...panels.map(async (panel, index) => {
        const answer = await askPanel(panel, boxes[index]?.width ?? 1, asking, values);
        unreachable ||= answer.failures.some(({ error }) => isUnreachable(error));
        update((old) => ({
          panels: new Map(old.panels).set(
            panel.id,
            panelData(answer, timeRange, old.panels.get(panel.id)),
          ),
          ...(answer.failures.length === 0 && { updated: Date.now() }),
        }));
      }),
    ]);
  }
  update(() => ({ busy: false, unreachable, problems }));
}

interface PanelAnswer {
  readonly frames: readonly DataFrameDTO[];
  readonly failures: readonly { readonly refId: string; readonly error: Error }[];
}

/** Runs a panel's queries. A failed query does not keep the others from being shown. */
async function askPanel(
  { targets = [] }: Panel,
  width: number,
  asking: Asking,
  values: ReadonlyMap<string, string>,
): Promise<PanelAnswer> {
  const answers = await Promise.allSettled(
    targets.map((target) => askTarget(target, width, asking, values)),
  );
  asking.signal.throwIfAborted();
  return {
    frames: answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : [])),
    failures: answers.flatMap((answer, index) =>
      answer.status === "rejected"
        ? { refId: targets[index]!.refId, error: answer.reason as Error }
        : [],
    ),
  };
}

async function askTarget(
  target: Target,
  width: number,
  { timeRange, scrapeIntervalMs, signal }: Asking,
  values: ReadonlyMap<string, string>,
): Promise<readonly DataFrameDTO[]> {
  const smallest = `${scrapeIntervalMs}ms`;
  const { intervalMs } = rangeUtil.calculateInterval(timeRange, Math.max(1, width), smallest);
  const range = moments(timeRange);
  const stepMs = stepOf(range, intervalMs);
  const interval = rateInterval(stepMs, scrapeIntervalMs);
  const lengths = [
    ["__rate_interval", interval],
    ["__range", `${Math.max(1, Math.round((range.to - range.from) / 1_000))}s`],
  ] as const;
  const query = interpolate(target.expr, new Map([...values, ...lengths]));
  return target.instant
    ? framesOf(await queryInstant(query, range.to, signal), target, 0)
    : framesOf(await queryRange(query, range, stepMs, signal), target, stepMs);
}

/** What a panel is given. Old values are better than none while Prometheus is away. */
function panelData(
  { frames, failures }: PanelAnswer,
  timeRange: TimeRange,
  old: PanelData | undefined,
): PanelData {
  const isLost = failures.some(({ error }) => isUnreachable(error));
  const known =
    isLost && old ? old : { series: frames.map((frame) => toDataFrame(frame)), timeRange };
  const { series = [], structureRev = 0 } = old ?? {};
  const isSame = compareArrayValues(series, known.series, compareDataFrameStructures);
  return {
    state: failures.length > 0 ? LoadingState.Error : LoadingState.Done,
    series: known.series,
    timeRange: known.timeRange,
    // A graph keeps its configuration while only values change.
    structureRev: old && isSame ? structureRev : structureRev + 1,
    errors: failures.map(({ refId, error: { message } }) => ({ refId, message })),
  };
}

/** The annotations that are somewhere in the time range. */
async function askAnnotations(
  stored: readonly StoredAnnotation[],
  { timeRange, signal }: Asking,
  values: ReadonlyMap<string, string>,
): Promise<readonly Annotation[]> {
  const range = moments(timeRange);
  const found = await Promise.all(
    stored
      .filter(({ enable }) => enable)
      .map(async ({ expr, step, titleFormat, iconColor: color }) => {
        const stepMs = stepOf(range, rangeUtil.intervalToMs(step));
        const series = await queryRange(interpolate(expr, values), range, stepMs, signal);
        return series.map(({ metric, values: points }) => ({
          title: withLabels(titleFormat, metric),
          color,
          regions: regionsOf(points, stepMs),
        }));
      }),
  );
  return found.flat().filter(({ regions }) => regions.length > 0);
}

function moments({ from, to }: TimeRange): Moments {
  return { from: from.valueOf(), to: to.valueOf() };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof PrometheusError && error.unreachable;
}

/** The old value while nothing in it has changed, so that nothing is drawn again for it. */
function sameOr<T>(old: T, found: T): T {
  return JSON.stringify(old) === JSON.stringify(found) ? old : found;
}
