import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import type { PanelDataErrorViewProps } from "@grafana/runtime";
import { useStyles2 } from "@grafana/ui";

/** What a panel says that has nothing to draw. */
export function NoData({ text = "No data" }: { text?: string | undefined }) {
  return <div className={useStyles2(getStyles)}>{text}</div>;
}

/** The same where a plugin asks Grafana to say it. */
export function PanelDataError({ message }: PanelDataErrorViewProps) {
  return <NoData text={message} />;
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    height: "100%",
    display: "grid",
    placeContent: "center",
    textAlign: "center",
    color: theme.colors.text.secondary,
  });
