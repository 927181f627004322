import { EventBusSrv, locationUtil, setTimeZoneResolver } from "@grafana/data";
import { initPluginTranslations } from "@grafana/i18n";
import { config, setAppEvents, setTemplateSrv, type TemplateSrv } from "@grafana/runtime";
import { loadFonts } from "./fonts.ts";
import { shareModules } from "./shared-modules.ts";
import { registerStandardOptions } from "./standard-field-config.ts";
import { themeOf, type ThemeName } from "./themes.ts";

/** What links and plugins ask of the page they are on. */
export interface PageValues {
  /** Values of variables by their name in a URL, like `var-instance`. */
  readonly variables: () => Record<string, string | string[]>;
  /** Raw ends of the time range, like `now-15m`. */
  readonly range: () => { readonly from: string; readonly to: string };
  /** A text with its variables replaced. */
  readonly replace: TemplateSrv["replace"];
}

const services = new EventBusSrv();

/** Does once what Grafana does when it starts, as far as panels notice it. */
export async function prepareHost(values: PageValues): Promise<void> {
  shareModules();
  registerStandardOptions();
  setTimeZoneResolver(() => "browser");
  setAppEvents(services);
  setTemplateSrv({
    replace: values.replace,
    getVariables: () => [],
    containsTemplate: (text) => /\$\w|\$\{|\[\[/.test(text ?? ""),
    updateTimeRange: () => {},
  });
  locationUtil.initialize({
    config: { appSubUrl: "" } as Parameters<typeof locationUtil.initialize>[0]["config"],
    getVariablesUrlParams: values.variables,
    getTimeRangeForUrl: values.range,
  });
  await loadFonts();
  // Texts stay as they are in the components: English.
  await initPluginTranslations("grafana-ui");
}

/** Makes a theme the one that `config.theme2` names. */
export function setGlobalTheme(name: ThemeName): void {
  config.theme2 = themeOf(name);
  document.documentElement.style.colorScheme = name;
}
