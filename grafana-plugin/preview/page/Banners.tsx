import { dateTimeFormat, type TimeRange } from "@grafana/data";
import { Alert } from "@grafana/ui";
import type { DashboardData } from "./dashboard-data.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * What a reader must know before any value: which are old, which are of nothing, what could not be done. Whether
 * there is traffic is decided in run-facts.ts.
 */
export function Banners(props: {
  readonly data: DashboardData;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  /** What of the address was refused. */
  readonly refused: readonly string[];
}) {
  const { data, timeZone, refused } = props;
  const to = props.timeRange.to.valueOf();
  const { quiet } = data.facts;
  const clock = (time: number) =>
    dateTimeFormat(time, {
      ...{ timeZone, format: Math.abs(to - time) < DAY_MS ? "HH:mm" : "YYYY-MM-DD HH:mm" },
    });
  return (
    <>
      {refused.length > 0 && (
        <Alert severity="warning" title="The address asks for what cannot be done">
          {refused.map((sentence) => (
            <div key={sentence}>{sentence}</div>
          ))}
        </Alert>
      )}
      {data.silence && (
        <Alert
          severity="error"
          title={`Prometheus does not answer since ${clock(data.silence.since)} (trying again)`}
        >
          What is shown below is what was known last; after three refreshes without an answer it is
          grey.
        </Alert>
      )}
      {quiet === "never" && (
        <Alert severity="info" title="No traffic yet: npm run load sends some" />
      )}
      {typeof quiet === "object" && (
        <Alert
          severity="info"
          title={`No traffic since ${quiet.before ? "before " : ""}${clock(quiet.since)}`}
        />
      )}
      {[...data.problems].map(([title, message]) => (
        <Alert key={title} severity="error" title={title}>
          {message}
        </Alert>
      ))}
    </>
  );
}
