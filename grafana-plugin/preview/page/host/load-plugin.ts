import { PluginType, type PanelPlugin, type PanelPluginMeta } from "@grafana/data";

/** Where the server has the built plugin. */
const FOLDER = "/public/plugins/headroom-limits-panel";

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
    throw new Error(`The plugin is not built (${answer.status}); run npm run build in its folder.`);
  }
  const description = (await answer.json()) as PanelPluginMeta & { buildMode?: string };
  if (description.buildMode === "development") {
    throw new Error(
      "The plugin was built for development, as code to be evaluated, which this page refuses; " +
        "run npm run build in its folder.",
    );
  }
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
