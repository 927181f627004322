import { getThemeById, type GrafanaTheme2 } from "@grafana/data";

/** Light or dark. */
export type ThemeName = "light" | "dark";

const themes = new Map<ThemeName, GrafanaTheme2>();

/** Grafana's theme of that name; the same object each time. */
export function themeOf(name: ThemeName): GrafanaTheme2 {
  const theme = themes.get(name) ?? getThemeById(name);
  themes.set(name, theme);
  return theme;
}
