import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { useStyles2 } from "@grafana/ui";
import type { Lane } from "../../model/lane/lane.ts";
import { durationWords } from "../../model/lane/duration.ts";
import { formatShare } from "../formats.ts";

/** Time outside, longest stretch and forecast of a lane. Says nothing where nothing is known. */
export function LaneFacts({ lane }: { lane: Lane }) {
  const styles = useStyles2(getStyles);
  const { outside, forecast } = lane;
  if (lane.limits.length === 0) {
    return (
      <div className={styles.facts}>
        {lane.current && "Data without a limit: set thresholds, or a limit in the panel's options."}
      </div>
    );
  }
  if (!lane.current) return <div className={styles.facts} />;
  return (
    <div className={styles.facts}>
      {outside.total > 0 ? (
        <>
          <span>
            Outside for {durationWords(outside.total)} ({formatShare(outside.share)})
          </span>
          {outside.breaches.length > 1 && <span>Longest {durationWords(outside.longest)}</span>}
        </>
      ) : (
        <span>Never outside</span>
      )}
      {forecast && (
        <strong>
          Reaches {forecast.limit.severity} in ~{durationWords(forecast.inMs)}
        </strong>
      )}
    </div>
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
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    "& strong": { color: theme.colors.text.primary, fontWeight: 500 },
  }),
});
