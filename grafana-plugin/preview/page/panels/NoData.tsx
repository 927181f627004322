import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";

/** What a panel says that has nothing to draw. */
export function NoData({ text = "No data" }: { text?: string | undefined }) {
  return <div className={useStyles2(getStyles)}>{text}</div>;
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    height: "100%",
    display: "grid",
    placeContent: "center",
    textAlign: "center",
    color: theme.colors.text.secondary,
  });
