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
import { useCallback, useEffect, useState } from "react";
import {
  framesOf,
  momentsOf,
  rateInterval,
  regionsOf,
  stepOf,
  tableOf,
  withLabels,
} from "./frames.ts";
import { layOut } from "./grid.ts";
import { PrometheusError, queryInstant, queryRange, type Moments } from "./prometheus.ts";
import { askRunFacts, type RunFacts } from "./run-facts.ts";
import {
  safeUrl,
  type Dashboard,
  type Panel,
  type StoredAnnotation,
  type Target,
} from "./server-api.ts";
import {
  findVariables,
  interpolate,
  legendValues,
  promqlValues,
  type Variable,
} from "./variables.ts";

/** One thing that went on for some time, once or again and again. */
export interface Annotation {
  readonly title: string;
  /** One of Grafana's colour names. */
  readonly color: string;
  /** Where to read more. */
  readonly link?: string | undefined;
  /** One moment is a region that ends where it begins. */
  readonly regions: readonly Moments[];
}

/** What is known of a dashboard. Old values stay while new ones are asked for or cannot be had. */
export interface DashboardData {
  readonly variables: readonly Variable[];
  readonly annotations: readonly Annotation[];
  /** By the panel's id. */
  readonly panels: ReadonlyMap<number, PanelData>;
  readonly facts: RunFacts;
  readonly busy: boolean;
  /** When was asked last, in milliseconds. */
  readonly asked: number;
  /** When a panel last got values, in milliseconds. */
  readonly updated?: number;
  /** While Prometheus does not answer: since when, in milliseconds, and how many refreshes came to nothing. */
  readonly silence?: { readonly since: number; readonly missed: number } | undefined;
  /** Titles of what else went wrong, with Prometheus' words. */
  readonly problems: ReadonlyMap<string, string>;
}

/** What a dashboard's data depends on. */
export interface Asked {
  readonly dashboard: Dashboard;
  /** Those that are shown. */
  readonly panels: readonly Panel[];
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
  facts: { simulated: [] },
  busy: false,
  asked: 0,
  problems: new Map(),
};

/** A query that takes longer, milliseconds, holds a refresh up that is missed then. */
const PATIENCE_MS = 5_000;

function oneMissed({ silence, asked }: DashboardData): Pick<DashboardData, "silence"> {
  return { silence: { since: silence?.since ?? asked, missed: (silence?.missed ?? 0) + 1 } };
}

/**
 * Asks for everything that a dashboard shows, again when something that it depends on changes.
 *
 * @returns what is known, and a function to call when a refresh is due that is still held up
 */
export function useDashboardData(asked: Asked): readonly [DashboardData, () => void] {
  const [data, setData] = useState(NOTHING);
  const { dashboard, panels, timeRange, chosen, scrapeIntervalMs } = asked;
  // Resizing a window by some pixels asks nothing new.
  const width = Math.ceil(asked.width / 200) * 200;
  useEffect(() => {
    if (width === 0) return;
    const abort = new AbortController();
    const update: Update = (change) => {
      if (!abort.signal.aborted) setData((old) => ({ ...old, ...change(old) }));
    };
    const { signal } = abort;
    const asking = { dashboard, panels, timeRange, chosen, scrapeIntervalMs, width, signal };
    // What is thrown after an abort is of no interest; all else is told in `problems`.
    load(asking, update).catch(() => undefined);
    return () => abort.abort();
  }, [dashboard, panels, timeRange, chosen, scrapeIntervalMs, width]);
  const overdue = useCallback(
    () =>
      setData((old) => {
        const isHeldUp = old.busy && Date.now() - old.asked > PATIENCE_MS;
        return isHeldUp ? { ...old, ...oneMissed(old) } : old;
      }),
    [],
  );
  return [data, overdue];
}

async function load(asking: Asking, update: Update): Promise<void> {
  const { dashboard, panels, timeRange, chosen, signal, width } = asking;
  const { templating, annotations: stored } = dashboard;
  const problems = new Map<string, string>();
  let unreachable = false;
  const failed = (title: string) => (error: unknown) => {
    if (isUnreachable(error)) unreachable = true;
    else problems.set(title, (error as Error).message);
  };
  update(() => ({ busy: true, asked: Date.now() }));
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
    const range = moments(timeRange);
    await Promise.all([
      askRunFacts(
        range,
        new Map([...values, rangeOf(range)]),
        asking.scrapeIntervalMs,
        signal,
      ).then(
        (facts) => update((old) => ({ facts: sameOr(old.facts, facts) })),
        failed("It cannot be found who is asked what"),
      ),
      askAnnotations(stored?.list ?? [], asking, values).then(
        (annotations) => update((old) => ({ annotations: sameOr(old.annotations, annotations) })),
        failed("The annotations cannot be found"),
      ),
      ...panels.map(async (panel, index) => {
        const named = withLegends(panel, legendValues(variables));
        const answer = await askPanel(named, boxes[index]?.width ?? 1, asking, values);
        unreachable ||= answer.failures.some(({ error }) => isUnreachable(error));
        update((old) => ({
          panels: new Map(old.panels).set(
            panel.id,
            panelData(answer, timeRange, old.panels.get(panel.id)),
          ),
          ...(answer.failures.length === 0 && { updated: Date.now(), silence: undefined }),
        }));
      }),
    ]);
  }
  update((old) => ({
    ...(unreachable ? oneMissed(old) : { silence: undefined }),
    ...{ busy: false, problems },
  }));
}

/** The panel with the legends' own variables filled in. */
function withLegends(panel: Panel, texts: ReadonlyMap<string, string>): Panel {
  const { targets = [] } = panel;
  const fill = ({ legendFormat = "" }: Target) => interpolate(legendFormat, texts);
  return {
    ...panel,
    targets: targets.map((target) => ({ ...target, legendFormat: fill(target) })),
  };
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
  const lengths = [["__rate_interval", interval], rangeOf(range)] as const;
  const query = interpolate(target.expr, new Map([...values, ...lengths]));
  if (target.format === "table") {
    return [tableOf(await queryInstant(query, range.to, signal), target)];
  }
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
      .map(async ({ expr, step, titleFormat, textFormat = "", iconColor: color, ...kind }) => {
        const stepMs = stepOf(range, rangeUtil.intervalToMs(step));
        const series = await queryRange(interpolate(expr, values), range, stepMs, signal);
        return series.map(({ metric, values: points }) => ({
          ...{ title: withLabels(titleFormat, metric), color },
          link: linkIn(withLabels(textFormat, metric)),
          regions: kind.useValueForTime ? momentsOf(points) : regionsOf(points, stepMs),
        }));
      }),
  );
  return found
    .flat()
    .map((one) => ({ ...one, regions: one.regions.filter(({ to }) => to >= range.from) }))
    .filter(({ regions }) => regions.length > 0);
}

/** Where the first link of a text goes. The text is taken apart and never shown. */
function linkIn(html: string): string | undefined {
  const [link] = new DOMParser().parseFromString(html, "text/html").getElementsByTagName("a");
  return link && safeUrl(link.getAttribute("href") ?? "");
}

function moments({ from, to }: TimeRange): Moments {
  return { from: from.valueOf(), to: to.valueOf() };
}

/** What `$__range` stands for. */
function rangeOf({ from, to }: Moments): readonly [string, string] {
  return ["__range", `${Math.max(1, Math.round((to - from) / 1_000))}s`];
}

function isUnreachable(error: unknown): boolean {
  return error instanceof PrometheusError && error.unreachable;
}

/** The old value while nothing in it has changed, so that nothing is drawn again for it. */
function sameOr<T>(old: T, found: T): T {
  return JSON.stringify(old) === JSON.stringify(found) ? old : found;
}
