import { useCallback, useEffect, useMemo, useState } from "react";
import { timeRange } from "./host.tsx";
import type { Dashboard } from "./server-api.ts";
import { readUrl, refreshMs, writeUrl, type UrlState } from "./url-state.ts";

/** Changes a part of what the page's address says. */
export type OnUrl = (change: Partial<UrlState>) => void;

/** What the address says, and a function that changes it: each change is a step that Back returns from. */
export function useAddress(): readonly [UrlState, OnUrl] {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const follow = () => setSearch(location.search);
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const change = useCallback((part: Partial<UrlState>) => {
    const now = readUrl(location.search);
    const next = writeUrl({ ...now, ...part });
    if (next === writeUrl(now)) return;
    history.pushState(undefined, "", `${location.pathname}${next}`);
    setSearch(location.search);
  }, []);
  return [useMemo(() => readUrl(search), [search]), change];
}

/** What is shown of a dashboard: as the address says where that can be done, and else as it is stored. */
export interface View {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  /** Like `5s`; empty for never. */
  readonly refresh: string;
  /** The only panel that is shown. */
  readonly panel?: number;
  /** What of the address cannot be done, and what is done instead. An address may say anything. */
  readonly refused: readonly string[];
}

/** Reads the address against the dashboard that it names. */
export function viewOf(url: UrlState, dashboard: Dashboard): View {
  const refused: string[] = [];
  const wanted = (
    name: keyof Omit<UrlState, "variables">,
    own: string,
    works: (text: string) => boolean,
    hint: string,
  ): string => {
    const text = url[name];
    if (text === undefined || works(text)) return text ?? own;
    refused.push(`${name}=${shortened(text)} ${hint}`);
    return own;
  };
  const zone = "is no time zone; use utc, browser, or a name like Asia/Tokyo.";
  const timeZone = wanted("timezone", dashboard.timezone || "browser", isTimeZone, zone);
  const isTime = (text: string) => {
    if (!TIME.test(text)) return false;
    try {
      return Boolean(timeRange(text, text, timeZone));
    } catch {
      return false;
    }
  };
  const time = "is no time; use now-15m, an ISO time, or milliseconds since 1970.";
  const from = wanted("from", dashboard.time?.from ?? "now-6h", isTime, time);
  const to = wanted("to", dashboard.time?.to ?? "now", isTime, time);
  const isRefresh = (text: string) => refreshMs(text) !== undefined;
  const often = "is no time between two refreshes; use 1s to 24h.";
  const refresh = wanted("refresh", dashboard.refresh ?? "", isRefresh, often);
  wanted("theme", "", (text) => text === "light" || text === "dark", "is neither light nor dark.");
  const ids = (dashboard.panels ?? []).map(({ id }) => String(id));
  const panel = wanted("viewPanel", "", (text) => ids.includes(text), "is no panel's id.");
  const shown = { from, to, timeZone, refresh, refused };
  return panel === "" ? shown : { ...shown, panel: Number(panel) };
}

/** How a time begins; browsers take a date out of nearly any text. */
const TIME = /^(now\b|\d{10,}$|\d{4}-\d\d-\d\d)/;

function isTimeZone(name: string): boolean {
  if (["browser", "utc"].includes(name)) return true;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** Long enough to know it again. */
const shortened = (text: string) => `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
