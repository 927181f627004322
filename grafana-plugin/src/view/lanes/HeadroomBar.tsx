import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";

/**
 * How much headroom is left, as a bar: full is untouched, empty is at the limit or beyond. The number
 * stands beside it, so assistive technology skips the bar.
 */
export function HeadroomBar({ headroom, color }: { headroom: number; color: string }) {
  const styles = useStyles2(getStyles);
  const share = Number.isFinite(headroom) ? Math.min(1, Math.max(0, headroom)) : 0;
  return (
    <div className={styles.track} aria-hidden>
      <div className={styles.fill} style={{ width: `${share * 100}%`, background: color }} />
      {headroom <= 0 && <div className={styles.empty} style={{ color }} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  track: css({
    position: "relative",
    flex: 1,
    minWidth: 24,
    height: 6,
    borderRadius: 3,
    overflow: "hidden",
    background: theme.colors.background.secondary,
    outline: `1px solid ${theme.colors.border.weak}`,
  }),
  fill: css({
    height: "100%",
    [theme.transitions.handleMotion("no-preference")]: { transition: "width 200ms" },
  }),
  // Stripes: an empty bar must not look like one without a value.
  empty: css({
    position: "absolute",
    inset: 0,
    opacity: 0.8,
    background: "repeating-linear-gradient(135deg, currentColor 0 2px, transparent 2px 6px)",
  }),
});
