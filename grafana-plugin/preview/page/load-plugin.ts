import * as emotionCss from "@emotion/css";
import { PluginType, type PanelPlugin, type PanelPluginMeta } from "@grafana/data";
import * as grafanaData from "@grafana/data";
import * as grafanaRuntime from "@grafana/runtime";
import * as grafanaUi from "@grafana/ui";
import react from "react";
import * as reactJsx from "react/jsx-runtime";
import { NoData } from "./host.tsx";
import "systemjs/dist/system.js";
import "systemjs/dist/extras/amd.js";

/** Where the server has the built plugin. */
const FOLDER = "/public/plugins/headroom-limits-panel";

/**
 * What Grafana shares with its plugins, as far as the panel asks for it, so that both have one React
 * and one theme. Namespaces say that they are ES modules, as bundlers want it of their externals.
 */
const SHARED: Readonly<Record<string, object>> = {
  "@emotion/css": { ...emotionCss, __esModule: true },
  "@grafana/data": { ...grafanaData, __esModule: true },
  // In Grafana its application gives the runtime this view.
  "@grafana/runtime": { ...grafanaRuntime, PanelDataErrorView: NoData, __esModule: true },
  "@grafana/ui": { ...grafanaUi, __esModule: true },
  // A CommonJS module: an AMD plugin gets what it exports, not a namespace around it.
  react: { default: react, __useDefault: true },
  "react/jsx-runtime": { ...reactJsx, __esModule: true },
};

let loaded: Promise<PanelPlugin> | undefined;

/**
 * The built plugin, loaded the way Grafana does: plugin.json first, then module.js as an AMD module
 * through SystemJS.
 *
 * @throws Error when the files are missing, were built for development, or export no plugin
 */
export function loadPlugin(): Promise<PanelPlugin> {
  loaded ??= load();
  // Another panel, or the same after a build, may try again.
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

async function load(): Promise<PanelPlugin> {
  const answer = await fetch(`${FOLDER}/plugin.json`);
  if (!answer.ok) {
    throw new Error(`The plugin is not built (${answer.status}); run npm run build:panel.`);
  }
  const description = (await answer.json()) as PanelPluginMeta & { buildMode?: string };
  if (description.buildMode === "development") {
    throw new Error(
      "The plugin was built for development, as code to be evaluated, which this page refuses; " +
        "run npm run build:panel.",
    );
  }
  for (const [name, module] of Object.entries(SHARED)) System.set(`preview:${name}`, module);
  const names = Object.keys(SHARED).map((name) => [name, `preview:${name}`]);
  System.addImportMap({ imports: Object.fromEntries(names) as Record<string, string> });
  const module: { plugin?: PanelPlugin } = await System.import(
    new URL(`${FOLDER}/module.js`, location.href).href,
  );
  if (!module.plugin) throw new Error(`${FOLDER}/module.js exports no plugin.`);
  module.plugin.meta = {
    ...description,
    type: PluginType.panel,
    module: `${FOLDER}/module.js`,
    baseUrl: FOLDER,
    sort: 0,
  };
  return module.plugin;
}
