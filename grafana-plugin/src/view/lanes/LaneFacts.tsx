import { css, cx } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { TextLink, useStyles2 } from "@grafana/ui";
import type { Advice } from "../../model/lane/alert.ts";
import { durationWords } from "../../model/lane/duration.ts";
import type { Lane } from "../../model/lane/lane.ts";
import { brokenEdge } from "../../model/lane/sentence.ts";
import { formatShare, formatValue } from "../formats.ts";
import type { LimitedSeries } from "../use-lanes.ts";

interface Props {
  readonly item: LimitedSeries;
  /** Whether they stand below the figures instead of beside the chart. */
  readonly below: boolean;
}

/** The broken limit, time outside, what to do, and the forecast of a lane. Says nothing where nothing is known. */
export function LaneFacts({ item: { lane, series }, below }: Props) {
  const styles = useStyles2(getStyles);
  const { advice, current, forecast, limits } = lane;
  if (limits.length === 0) {
    return (
      <div className={styles.facts}>
        {current && "Data without a limit: set thresholds, or a limit in the panel's options."}
      </div>
    );
  }
  const outside = outsideText(lane) ?? (current && !advice ? "Never outside" : undefined);
  const edge = brokenEdge(lane);
  const limit = edge === undefined ? "" : `Limit ${formatValue(series.field, edge)}. `;
  return (
    <div className={cx(styles.facts, below && styles.below)}>
      {outside && <span>{limit + outside}</span>}
      {advice && <WhatToDo advice={advice} />}
      {forecast && (
        <strong>
          Reaches {forecast.limit.severity} in ~{durationWords(forecast.inMs)}
        </strong>
      )}
    </div>
  );
}

/** `Outside for 22 min (37 %), longest 4 min`; undefined when it never was. */
export function outsideText({ outside, advice }: Lane): string | undefined {
  if (outside.total === 0) return undefined;
  // The room of the longest is that of what to do.
  const longest =
    outside.breaches.length > 1 && !advice ? `, longest ${durationWords(outside.longest)}` : "";
  return `Outside for ${durationWords(outside.total)} (${formatShare(outside.share)})${longest}`;
}

/** The runbook, and what it says to do first. */
function WhatToDo({ advice: { runbookUrl, action } }: { readonly advice: Advice }) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.action}>
      {runbookUrl !== "" && (
        <TextLink href={runbookUrl} external inline variant="bodySmall">
          Runbook
        </TextLink>
      )}{" "}
      {action}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({
    display: "flex",
    flexDirection: "column",
    justifyContent: "center",
    gap: 2,
    minWidth: 0,
    lineHeight: 1.3,
    // No "%" alone on a line.
    textWrap: "pretty",
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    "& strong": { color: theme.colors.text.primary, fontWeight: 500 },
  }),
  below: css({
    flexDirection: "row",
    flexWrap: "wrap",
    justifyContent: "start",
    columnGap: theme.spacing(1),
    rowGap: 0,
  }),
  action: css({ color: theme.colors.text.primary }),
});
