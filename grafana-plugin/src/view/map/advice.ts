import type { QualityMap } from "../../model/map/quality-map.ts";

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
  if (!map.current) return `${names.x} against ${names.y}: no values.`;
  const { x, y } = map.current;
  const where =
    map.outside.length === 0 ? "inside the accepted region" : "outside the accepted region";
  const now = `${names.x} ${format.x(x)}, ${names.y} ${format.y(y)}: ${where}. `;
  return (
    `${format.ended === undefined ? now : `${names.x} against ${names.y}: ${format.ended}. `}` +
    `${format.share(map.insideShare)} of ${map.points.length} moments inside.`
  );
}

/** What is wrong now, in the words of the axes; empty while the values are inside. */
export function findings(
  map: QualityMap,
  names: { readonly x: string; readonly y: string },
): readonly string[] {
  return map.outside.map(({ axis, side }) => `${names[axis]} is ${side} what is accepted.`);
}
