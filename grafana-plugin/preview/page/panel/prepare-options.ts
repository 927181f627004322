import {
  getPanelOptionsWithDefaults,
  type FieldConfigSource,
  type PanelPlugin,
} from "@grafana/data";

/** What a panel of a dashboard stores. */
export interface StoredPanel {
  readonly id: number;
  readonly title?: string;
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: Partial<FieldConfigSource>;
  readonly pluginVersion?: string;
}

/** What a panel's component is given. */
export interface PreparedOptions {
  readonly options: Record<string, unknown>;
  readonly fieldConfig: FieldConfigSource;
}

/**
 * Migrates what a dashboard stores when another version of the plugin wrote it, and adds the
 * plugin's defaults, as Grafana does when it opens a panel.
 */
export async function prepareOptions(
  plugin: PanelPlugin,
  panel: StoredPanel,
): Promise<PreparedOptions> {
  const { defaults = {}, overrides = [] } = structuredClone(panel.fieldConfig ?? {});
  const fieldConfig: FieldConfigSource = { defaults, overrides };
  let options = structuredClone(panel.options ?? {});
  const isOlder = plugin.meta.info.version !== panel.pluginVersion;
  const model = { ...panel, type: plugin.meta.id, options, fieldConfig };
  if (plugin.onPanelMigration && (isOlder || plugin.shouldMigrate?.(model))) {
    options = await plugin.onPanelMigration(model);
  }
  return getPanelOptionsWithDefaults({
    plugin,
    currentOptions: options,
    currentFieldConfig: fieldConfig,
    isAfterPluginChange: false,
  }) as PreparedOptions;
}
