import { cache, css } from "@emotion/css";
import { CacheProvider } from "@emotion/react";
import {
  dateTime,
  getThemeById,
  rangeUtil,
  ThemeContext,
  type GrafanaTheme2,
  type TimeRange,
} from "@grafana/data";
import { initPluginTranslations } from "@grafana/i18n";
import { GlobalStyles, PortalContainer, useStyles2 } from "@grafana/ui";
import { useLayoutEffect, type ReactNode } from "react";
import { registerFieldOptions } from "./field-options.ts";

/** Light or dark. */
export type ThemeName = "light" | "dark";

const THEMES = { light: getThemeById("light"), dark: getThemeById("dark") };

/** Does once what Grafana does when it starts, as far as panels notice it. */
export async function prepareHost(): Promise<void> {
  registerFieldOptions();
  // Before anything is drawn: charts measure their labels once.
  await Promise.all(["400", "500"].map((weight) => document.fonts.load(`${weight} 14px Inter`)));
  // Texts stay as they are in the components: English.
  await initPluginTranslations("grafana-ui");
}

// The same elements each time, so that a page's change does not draw them again.
const styles = <GlobalStyles />;
const portals = <PortalContainer />;

/** Everything around a page's content that Grafana's components rely on. */
export function Root({ theme, children }: { theme: ThemeName; children: ReactNode }) {
  useLayoutEffect(() => {
    document.documentElement.style.colorScheme = theme;
  }, [theme]);
  // The cache that @emotion/react makes for itself has no nonce.
  return (
    <CacheProvider value={cache}>
      <ThemeContext.Provider value={THEMES[theme]}>
        {styles}
        {children}
        {portals}
      </ThemeContext.Provider>
    </CacheProvider>
  );
}

/** What a panel says that has nothing to draw, or that cannot be drawn. */
export function NoData({ message = "No data" }: { message?: string | undefined }) {
  return <div className={useStyles2(getStyles)}>{message}</div>;
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    height: "100%",
    display: "grid",
    placeContent: "center",
    textAlign: "center",
    color: theme.colors.text.secondary,
  });

/**
 * A time range from its ends: milliseconds, also as text, ISO times, or texts like `now-15m`.
 *
 * @throws Error when an end cannot be read
 */
export function timeRange(from: string | number, to: string | number, timeZone: string): TimeRange {
  const end = (text: string | number) =>
    /^\d{10,}$/.test(String(text)) ? dateTime(Number(text)) : String(text);
  const range = rangeUtil.convertRawToRange({ from: end(from), to: end(to) }, timeZone);
  if (range.from.isValid() && range.to.isValid()) return range;
  throw new Error(`"${from}" or "${to}" is no time; use now-15m, an ISO time or ms.`);
}
