import type { FieldConfigSource, PanelModel } from "@grafana/data";
import { isTooltip, type LimitsPanelOptions, OPTIONS_VERSION, readOptions } from "./options.ts";

/**
 * Brings the options of a stored panel into the shape of {@link OPTIONS_VERSION}; see
 * {@link readOptions}. Options of a newer version are left as they are, so that opening a dashboard
 * with an old plugin loses nothing.
 */
export function migrateOptions(panel: { readonly options?: unknown }): Partial<LimitsPanelOptions> {
  const stored = panel.options as Partial<LimitsPanelOptions> | null | undefined;
  const isNewer = typeof stored?.version === "number" && stored.version > OPTIONS_VERSION;
  if (isNewer) return stored;
  const { tooltip, ...options } = readOptions(stored);
  // Grafana fills in the tooltip when there is none.
  return isTooltip(stored?.tooltip) ? { ...options, tooltip } : options;
}

/**
 * Called when another kind of panel becomes this one. The thresholds of its fields stay, because they
 * are limits here; Grafana keeps units and the like, and no other kind's options mean anything here.
 */
export function changePanelType(
  panel: Pick<PanelModel, "fieldConfig">,
  _before: string,
  _options: Record<string, unknown>,
  fieldConfig: FieldConfigSource,
): Partial<LimitsPanelOptions> {
  const thresholds = fieldConfig?.defaults?.thresholds;
  if (thresholds && !panel.fieldConfig?.defaults?.thresholds) {
    panel.fieldConfig = {
      defaults: { ...panel.fieldConfig?.defaults, thresholds },
      overrides: panel.fieldConfig?.overrides ?? [],
    };
  }
  return {};
}
