import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2, useTheme2 } from "@grafana/ui";
import type { Annotation } from "../query/run-annotations.ts";

/** What is marked on the graphs in this time range; nothing when nothing is. */
export function AnnotationLegend({ annotations }: { annotations: readonly Annotation[] }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const colors = new Map(annotations.map(({ title, color }) => [title, color]));
  if (colors.size === 0) return null;
  return (
    <ul className={styles.legend} aria-label="Marked on the graphs">
      {[...colors].map(([title, color]) => (
        <li key={title} className={styles.entry}>
          <svg width={10} height={10} aria-hidden="true">
            <rect width={10} height={10} fill={theme.visualization.getColorByName(color)} />
          </svg>
          {title}
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: "flex",
    flexWrap: "wrap",
    gap: theme.spacing(2),
    margin: 0,
    padding: 0,
    listStyle: "none",
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  entry: css({ display: "flex", alignItems: "center", gap: theme.spacing(0.75) }),
});
