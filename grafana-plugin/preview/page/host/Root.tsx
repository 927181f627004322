import { cache } from "@emotion/css";
import { CacheProvider } from "@emotion/react";
import { ThemeContext } from "@grafana/data";
import { GlobalStyles, PortalContainer } from "@grafana/ui";
import type { ReactNode } from "react";
import { themeOf, type ThemeName } from "./themes.ts";

/** Everything around a page's content that Grafana's components rely on. */
export function Root({ theme, children }: { theme: ThemeName; children: ReactNode }) {
  // The cache that @emotion/react makes for itself has no nonce.
  return (
    <CacheProvider value={cache}>
      <ThemeContext.Provider value={themeOf(theme)}>
        <GlobalStyles />
        {children}
        <PortalContainer />
      </ThemeContext.Provider>
    </CacheProvider>
  );
}
