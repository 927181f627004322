import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  ThresholdsMode,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type Field,
  type FieldConfigPropertyItem,
} from "@grafana/data";

const always = () => true;
const onNumbers = (field: Field) => field.type === FieldType.number;

type Process = FieldConfigPropertyItem["process"];

interface StandardOption {
  readonly id: string;
  readonly name: string;
  readonly process: Process;
  readonly shouldApply: (field: Field) => boolean;
  readonly defaultValue?: unknown;
  readonly settings?: Record<string, unknown>;
}

/**
 * The options that every field has in Grafana, with Grafana's own defaults. Grafana keeps this list
 * in its application and not in a package; what is said here is what a panel can observe of it.
 */
const OPTIONS: readonly StandardOption[] = [
  option("unit", "Unit", unitOverrideProcessor),
  option("min", "Min", numberOverrideProcessor, { shouldApply: onNumbers }),
  option("max", "Max", numberOverrideProcessor, { shouldApply: onNumbers }),
  option("fieldMinMax", "Field min/max", booleanOverrideProcessor, { shouldApply: onNumbers }),
  option("decimals", "Decimals", numberOverrideProcessor, { shouldApply: onNumbers }),
  option("displayName", "Display name", displayNameOverrideProcessor, {
    settings: { expandTemplateVars: true },
  }),
  option("description", "Description", stringOverrideProcessor),
  option("noValue", "No value", stringOverrideProcessor, {
    settings: { expandTemplateVars: true },
  }),
  option("color", "Color scheme", identityOverrideProcessor, {
    settings: { byValueSupport: true, bySeriesSupport: true, preferThresholdsMode: true },
  }),
  option("mappings", "Value mappings", valueMappingsOverrideProcessor, { defaultValue: [] }),
  option("thresholds", "Thresholds", thresholdsOverrideProcessor, {
    defaultValue: {
      mode: ThresholdsMode.Absolute,
      steps: [
        { value: -Infinity, color: "green" },
        { value: 80, color: "red" },
      ],
    },
  }),
  option("links", "Data links", dataLinksOverrideProcessor),
  option("actions", "Actions", identityOverrideProcessor),
  option("filterable", "Filterable", booleanOverrideProcessor),
];

/** Editors that a plugin's options may name. The preview edits nothing, so they draw nothing. */
const EDITORS = [
  ...["boolean", "number", "select", "multi-select", "radio", "slider", "text", "textarea"],
  ...["strings", "color", "unit", "timezone", "fieldColor", "field-name", "stats-picker"],
  ...["links", "actions", "mappings", "thresholds", "dashboard-uid", "multi-field"],
];

/** Fills the registries in which Grafana keeps the standard options and their editors. */
export function registerStandardOptions(): void {
  standardFieldConfigEditorRegistry.setInit(() =>
    OPTIONS.map((item) => ({ ...item, path: item.id, editor: Nothing, override: Nothing })),
  );
  standardEditorsRegistry.setInit(() =>
    EDITORS.map((id) => ({ id, name: id, description: "", editor: Nothing })),
  );
}

function option(
  id: string,
  name: string,
  process: Process,
  more: Partial<StandardOption> = {},
): StandardOption {
  return { id, name, process, shouldApply: always, ...more };
}

function Nothing() {
  return null;
}
