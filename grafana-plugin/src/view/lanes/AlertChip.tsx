import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2, useTheme2 } from "@grafana/ui";
import { alertWords } from "../../model/lane/alert.ts";
import type { Lane } from "../../model/lane/lane.ts";
import { clockWords, type Now } from "../ended.ts";
import { stateColor } from "../states.ts";

/** How far the alert of a lane has come: `firing since 14:00`; undefined without one. */
export function alertText({ alert, advice }: Lane, now: Now): string | undefined {
  const { to } = now;
  return alert && alertWords(alert, advice, { now: now.now ?? to, at: (t) => clockWords(t, now) });
}

/** The alert of a lane, beside its state: whether anybody has been told yet. */
export function AlertChip({ lane, now }: { readonly lane: Lane; readonly now: Now }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  if (!lane.alert) return null;
  const { name, severity, state } = lane.alert;
  const color = stateColor(theme, severity);
  return (
    <span className={styles.chip} style={{ color }} title={`Alert ${name}`} data-alert={state}>
      {alertText(lane, now)}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  chip: css({
    padding: "0 6px",
    border: "1px solid currentColor",
    borderRadius: 8,
    whiteSpace: "nowrap",
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: "16px",
  }),
});
