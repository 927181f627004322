import { css } from "@emotion/css";
import { dateTime, dateTimeFormat, type GrafanaTheme2, type TimeRange } from "@grafana/data";
import {
  Badge,
  Combobox,
  RefreshPicker,
  TextLink,
  TimeRangePicker,
  ToolbarButton,
  useStyles2,
} from "@grafana/ui";
import type { ThemeName } from "../host/themes.ts";
import { safeUrl } from "./links.ts";
import type { Replace } from "./replace.ts";
import type { Dashboard } from "./schema.ts";

/** What the header shows, and what it lets a reader change. */
export interface HeaderProps {
  readonly dashboard: Dashboard;
  readonly dashboards: readonly { readonly uid: string; readonly title: string }[];
  readonly onDashboard: (uid: string) => void;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  readonly onTimeZone: (timeZone: string) => void;
  readonly onTimeRange: (range: TimeRange) => void;
  readonly refresh: string;
  readonly onRefreshInterval: (interval: string) => void;
  readonly onRefresh: () => void;
  readonly isLoading: boolean;
  /** When values last came, in milliseconds. */
  readonly updated: number | undefined;
  readonly theme: ThemeName;
  readonly onTheme: (theme: ThemeName) => void;
  readonly replace: Replace;
}

/** The line above a dashboard. */
export function Header(props: HeaderProps) {
  const { dashboard, timeRange, timeZone, theme, updated } = props;
  const styles = useStyles2(getStyles);
  const other = theme === "dark" ? "light" : "dark";
  return (
    <header className={styles.header}>
      <div className={styles.name}>
        {props.dashboards.length > 1 ? (
          <>
            <h1 className="sr-only">{dashboard.title}</h1>
            <span className="sr-only" id="dashboard-choice">
              Dashboard
            </span>
            <Combobox
              aria-labelledby="dashboard-choice"
              width="auto"
              minWidth={16}
              options={props.dashboards.map(({ uid, title }) => ({ value: uid, label: title }))}
              value={dashboard.uid}
              onChange={({ value }) => props.onDashboard(value)}
            />
          </>
        ) : (
          <h1 className={styles.title}>{dashboard.title}</h1>
        )}
        <Badge color="orange" text="Preview, not Grafana" />
        {(dashboard.links ?? [])
          .filter(({ url }) => url)
          .map(({ url = "", title = url, targetBlank }, index) => (
            <TextLink
              key={index}
              href={safeUrl(props.replace(url))}
              external={targetBlank ?? false}
              inline={false}
            >
              {props.replace(title)}
            </TextLink>
          ))}
      </div>
      <div className={styles.controls}>
        <span className={styles.updated}>
          {updated === undefined ? "No values yet" : `Values of ${clock(updated, timeZone)}`}
        </span>
        <TimeRangePicker
          value={timeRange}
          timeZone={timeZone}
          onChange={props.onTimeRange}
          onChangeTimeZone={props.onTimeZone}
          onMoveBackward={() => props.onTimeRange(moved(timeRange, -0.5, -0.5))}
          onMoveForward={() => props.onTimeRange(moved(timeRange, 0.5, 0.5))}
          onZoom={() => props.onTimeRange(moved(timeRange, -0.5, 0.5))}
        />
        <RefreshPicker
          value={props.refresh}
          intervals={[...(dashboard.timepicker?.refresh_intervals ?? ["5s", "10s", "30s", "1m"])]}
          onIntervalChanged={props.onRefreshInterval}
          onRefresh={props.onRefresh}
          isLoading={props.isLoading}
          tooltip="Refresh"
        />
        <ToolbarButton
          icon="palette"
          tooltip={`Use the ${other} theme`}
          aria-label={`Use the ${other} theme`}
          onClick={() => props.onTheme(other)}
        />
      </div>
    </header>
  );
}

function clock(time: number, timeZone: string): string {
  return dateTimeFormat(time, { timeZone, format: "HH:mm:ss" });
}

/** A range whose ends were moved by shares of its length. */
function moved({ from, to }: TimeRange, start: number, end: number): TimeRange {
  const length = to.valueOf() - from.valueOf();
  const next = {
    from: dateTime(from.valueOf() + start * length),
    to: dateTime(to.valueOf() + end * length),
  };
  return { ...next, raw: next };
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: theme.spacing(1),
  }),
  name: css({ display: "flex", flexWrap: "wrap", alignItems: "center", gap: theme.spacing(1.5) }),
  title: css({ margin: 0, fontSize: theme.typography.h4.fontSize }),
  controls: css({ display: "flex", flexWrap: "wrap", alignItems: "center", gap: theme.spacing(1) }),
  updated: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: "tabular-nums",
  }),
});
