import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";

interface Props {
  readonly title: string;
  /** What the reader can do. */
  readonly hint: string;
}

/** Stands where nothing can be shown, and says what to do. */
export function EmptyState({ title, hint }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.empty} role="status">
      <strong>{title}</strong>
      <span>{hint}</span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  empty: css({
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: theme.spacing(0.5),
    height: "100%",
    padding: theme.spacing(1),
    overflow: "auto",
    textAlign: "center",
    color: theme.colors.text.secondary,
    "& strong": { color: theme.colors.text.primary },
  }),
});
