import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { Icon, TextLink, useStyles2, useTheme2 } from "@grafana/ui";
import type { QualityMap } from "../../model/map/quality-map.ts";
import { formatShare } from "../formats.ts";
import { STATE_ICONS, stateColor } from "../states.ts";

interface Props {
  readonly map: QualityMap;
  readonly names: { readonly x: string; readonly y: string };
  /** Since when there are no values, in words. */
  readonly ended: string | undefined;
  readonly runbookUrl: string;
}

/** Share inside, and what to do when the newest values lie outside. */
export function MapFacts({ map, names, ended, runbookUrl }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const state = map.ended ? "stale" : map.outside.length > 0 ? "warning" : "ok";
  const hasRegion = map.region.x !== undefined || map.region.y !== undefined;
  if (!hasRegion) {
    return (
      <div className={styles.facts}>
        Data without a limit. Set thresholds or a limit for either series to draw the region.
      </div>
    );
  }
  return (
    <div className={styles.facts}>
      <Icon name={STATE_ICONS[state]} style={{ color: stateColor(theme, state) }} aria-hidden />
      <span>
        {map.messages === 0 ? (
          "No messages in this range"
        ) : (
          <>
            <strong>{formatShare(map.insideShare)}</strong>{" "}
            {map.messages === undefined ? "inside" : "of messages inside"}
          </>
        )}
      </span>
      {ended && <span>{ended}</span>}
      {findings(map, names).map((finding) => (
        <span key={finding}>{finding}</span>
      ))}
      {map.outside.length > 0 && runbookUrl !== "" && (
        <TextLink href={runbookUrl} external inline variant="bodySmall">
          What to do
        </TextLink>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({
    display: "flex",
    alignItems: "center",
    gap: theme.spacing(1),
    height: 24,
    padding: theme.spacing(0, 1),
    overflow: "hidden",
    whiteSpace: "nowrap",
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    "& strong": { color: theme.colors.text.primary },
  }),
});

/** What the map shows, as one sentence for people who do not see it. */
export function mapSentence(
  map: QualityMap,
  names: { readonly x: string; readonly y: string },
  format: {
    readonly x: (value: number) => string;
    readonly y: (value: number) => string;
    readonly share: (share: number) => string;
    /** Since when there are no values, when they have ended: `no traffic since 13:51`. */
    readonly ended?: string | undefined;
  },
): string {
  const counted =
    map.messages === undefined
      ? `${map.points.length} moments`
      : `${Math.round(map.messages).toLocaleString("en")} messages`;
  const inside = `${format.share(map.insideShare)} of ${counted} inside.`;
  if (!map.current && map.messages) return `${names.x} against ${names.y}: ${inside}`;
  if (!map.current) return `${names.x} against ${names.y}: no values.`;
  const { x, y } = map.current;
  const where =
    map.outside.length === 0 ? "inside the accepted region" : "outside the accepted region";
  const now = `${names.x} ${format.x(x)}, ${names.y} ${format.y(y)}: ${where}. `;
  return (
    `${format.ended === undefined ? now : `${names.x} against ${names.y}: ${format.ended}. `}` +
    inside
  );
}

/** What is wrong now, in the words of the axes; empty while the values are inside. */
function findings(
  map: QualityMap,
  names: { readonly x: string; readonly y: string },
): readonly string[] {
  return map.outside.map(({ axis, side }) => `${names[axis]} is ${side} what is accepted.`);
}
