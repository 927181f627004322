import { css } from "@emotion/css";
import { dateTimeFormat, type TimeZone } from "@grafana/data";
import { useState } from "react";
import { type News, newsOf } from "../model/lane/news.ts";
import type { LimitedSeries } from "./use-lanes.ts";

interface Props {
  readonly items: readonly LimitedSeries[];
  /** When the values came, milliseconds since 1970. */
  readonly now: number;
  readonly timeZone: TimeZone;
}

/** Tells those who do not see the lanes which have become critical: once, and several in one sentence. */
export function Announcement({ items, now, timeZone }: Props) {
  const [told, setTold] = useState<{ items?: unknown; news?: News; text: string }>({ text: "" });
  if (told.items !== items) {
    const lanes = items.map(({ lane }) => lane);
    const news = newsOf(lanes, now, told.news);
    // The time makes another text of the same news, or nobody would hear of it again.
    const time = dateTimeFormat(now, { timeZone, format: "HH:mm:ss" });
    const text = `${time}: beyond a critical limit: ${news.fresh.join("; ")}.`;
    setTold({ items, news, text: news.fresh.length > 0 ? text : told.text });
  }
  return (
    <div aria-live="polite" className={unseen}>
      {told.text}
    </div>
  );
}

const unseen = css({
  position: "absolute",
  width: 1,
  height: 1,
  overflow: "hidden",
  clipPath: "inset(50%)",
  whiteSpace: "nowrap",
});
