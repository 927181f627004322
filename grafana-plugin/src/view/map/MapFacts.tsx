import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { Icon, TextLink, useStyles2, useTheme2 } from "@grafana/ui";
import type { QualityMap } from "../../model/map/quality-map.ts";
import { formatShare } from "../formats.ts";
import { STATE_ICONS, stateColor } from "../states.ts";

/** The grids of which one is shown, such as those of the methods of attribution. */
export interface Groups {
  /** The label that tells them apart. */
  readonly by: string;
  readonly names: readonly string[];
  readonly shown: string;
  readonly onChoose: (name: string) => void;
}

interface Props {
  readonly map: QualityMap;
  readonly names: { readonly x: string; readonly y: string };
  /** Since when there are no values, in words. */
  readonly ended: string | undefined;
  readonly runbookUrl: string;
  readonly groups: Groups;
}

/** Share inside, of which grid, and what to do when the newest values lie outside. */
export function MapFacts({ map, names, ended, runbookUrl, groups }: Props) {
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
            <strong>{insideText(map)}</strong>{" "}
            {map.messages === undefined ? "inside" : "of messages inside"}
          </>
        )}
      </span>
      {groups.shown !== "" && <GroupChoice {...groups} />}
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

/** The share inside; of messages with a digit after the point, as reports and checks say it. */
function insideText({ insideShare, messages }: QualityMap): string {
  return formatShare(insideShare, messages === undefined ? 0 : 1);
}

/** Which grid is shown, and the others that could be: none stands for the others. */
function GroupChoice({ by, names, shown, onChoose }: Groups) {
  const styles = useStyles2(getStyles);
  return (
    <span role="group" aria-label={by} className={styles.groups}>
      {by}
      {names.length === 1 && <strong>{shown}</strong>}
      {names.length > 1 &&
        names.map((name) => (
          <button
            key={name}
            type="button"
            className={styles.group}
            aria-pressed={name === shown}
            onClick={() => onChoose(name)}
          >
            {name}
          </button>
        ))}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  groups: css({ display: "flex", gap: 4 }),
  group: css({
    padding: "0 6px",
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: 8,
    background: "none",
    color: theme.colors.text.secondary,
    lineHeight: "18px",
    "&[aria-pressed=true]": {
      borderColor: theme.colors.text.primary,
      color: theme.colors.text.primary,
      fontWeight: theme.typography.fontWeightMedium,
    },
  }),
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
    /** Since when there are no values, when they have ended: `no traffic since 13:51`. */
    readonly ended?: string | undefined;
  },
): string {
  const counted =
    map.messages === undefined
      ? `${map.points.length} moments`
      : `${Math.round(map.messages).toLocaleString("en")} messages`;
  const inside = `${insideText(map)} of ${counted} inside.`;
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
