import { dateTime, dateTimeFormat, type TimeRange } from "@grafana/data";
import {
  Badge,
  Combobox,
  InlineField,
  MultiCombobox,
  RefreshPicker,
  Stack,
  Text,
  TimeRangePicker,
  ToolbarButton,
} from "@grafana/ui";
import type { OnUrl } from "./address.ts";
import type { DashboardData } from "./dashboard-data.ts";
import type { ThemeName } from "./host.tsx";
import type { Dashboard, DashboardList } from "./server-api.ts";
import { refreshMs } from "./url-state.ts";
import { ALL, type Variable } from "./variables.ts";

interface HeaderProps {
  readonly dashboard: Dashboard;
  readonly list: DashboardList;
  readonly data: DashboardData;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  readonly theme: ThemeName;
  /** Like `5s`; empty for never. */
  readonly refresh: string;
  readonly onRefresh: () => void;
  readonly onUrl: OnUrl;
}

/** The line above a dashboard: what is shown, and what a reader may change of it. */
export function Header(props: HeaderProps) {
  const { dashboard, list, data, timeRange, timeZone, theme, refresh, onRefresh, onUrl } = props;
  const other = theme === "dark" ? "light" : "dark";
  const show = ({ raw }: Pick<TimeRange, "raw">) =>
    onUrl({ from: urlTime(raw.from), to: urlTime(raw.to) });
  return (
    <header>
      <Stack wrap="wrap" alignItems="center" justifyContent="space-between" gap={1}>
        <Stack wrap="wrap" alignItems="center" gap={1.5}>
          <h1 className="sr-only">{dashboard.title}</h1>
          <span className="sr-only" id="dashboard-choice">
            Dashboard
          </span>
          <Combobox
            aria-labelledby="dashboard-choice"
            width="auto"
            minWidth={16}
            options={list.dashboards.map(({ uid, title }) => ({ value: uid, label: title }))}
            value={dashboard.uid}
            onChange={({ value }) =>
              onUrl({ dashboard: value, viewPanel: undefined, variables: {} })
            }
          />
          <Badge color="orange" text="Preview, not Grafana" />
          {data.facts.simulated.length > 0 && (
            <Badge
              color="purple"
              text="SIMULATED"
              tooltip={`No model answers: ${data.facts.simulated.join(", ")} makes its answers up.`}
            />
          )}
        </Stack>
        <Stack wrap="wrap" alignItems="center" gap={1}>
          <Text color="secondary" variant="bodySmall" tabular>
            {data.updated === undefined
              ? "No values yet"
              : `Values of ${dateTimeFormat(data.updated, { timeZone, format: "HH:mm:ss" })}`}
          </Text>
          <TimeRangePicker
            value={timeRange}
            timeZone={timeZone}
            onChange={show}
            onChangeTimeZone={(timezone) => onUrl({ timezone })}
            onMoveBackward={() => show(moved(timeRange, -0.5, -0.5))}
            onMoveForward={() => show(moved(timeRange, 0.5, 0.5))}
            onZoom={() => show(moved(timeRange, -0.5, 0.5))}
          />
          <RefreshPicker
            value={refresh}
            intervals={intervalsWith(refresh, dashboard)}
            onIntervalChanged={(interval) => onUrl({ refresh: interval })}
            onRefresh={onRefresh}
            isLoading={data.busy}
            tooltip="Refresh"
          />
          <ToolbarButton
            icon="palette"
            tooltip={`Use the ${other} theme`}
            aria-label={`Use the ${other} theme`}
            onClick={() => onUrl({ theme: other })}
          />
        </Stack>
      </Stack>
    </header>
  );
}

/** What the dashboard offers, and what holds now, shortest first. */
function intervalsWith(refresh: string, { timepicker }: Dashboard): string[] {
  const offered = timepicker?.refresh_intervals ?? ["5s", "10s", "30s", "1m"];
  const all = new Set(refresh === "" ? offered : [...offered, refresh]);
  return [...all].sort((a, b) => (refreshMs(a) ?? 0) - (refreshMs(b) ?? 0));
}

/** Pickers for a dashboard's variables. */
export function VariablePickers(props: {
  variables: readonly Variable[];
  onChange: (name: string, values: readonly string[]) => void;
}) {
  if (props.variables.length === 0) return null;
  return (
    <Stack wrap="wrap" gap={1}>
      {props.variables.map(({ name, label, options, chosen }) => (
        <InlineField key={name} label={label} htmlFor={`var-${name}`} transparent>
          <MultiCombobox
            id={`var-${name}`}
            width="auto"
            minWidth={16}
            options={[
              { label: "All", value: ALL },
              ...options.map((value) => ({ label: value, value })),
            ]}
            value={[...chosen]}
            onChange={(now) => props.onChange(name, consistent(now.map(({ value }) => value)))}
          />
        </InlineField>
      ))}
    </Stack>
  );
}

/** "All" and single values exclude each other: what was chosen last holds. */
function consistent(values: readonly string[]): readonly string[] {
  return values.at(-1) === ALL ? [ALL] : values.filter((value) => value !== ALL);
}

/** A range whose ends were moved by shares of its length. */
function moved({ from, to }: TimeRange, start: number, end: number): Pick<TimeRange, "raw"> {
  const length = to.valueOf() - from.valueOf();
  const at = (time: number) => dateTime(Math.round(time));
  return {
    raw: { from: at(from.valueOf() + start * length), to: at(to.valueOf() + end * length) },
  };
}

function urlTime(end: TimeRange["raw"]["from"]): string {
  return typeof end === "string" ? end : String(end.valueOf());
}
