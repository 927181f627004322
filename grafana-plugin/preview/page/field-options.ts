import {
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type FieldConfigEditorBuilder,
  type FieldConfigPropertyItem,
} from "@grafana/data";

/**
 * The options of every field that dashboards or the panel set. Grafana keeps this list in its
 * application and not in a package.
 */
const STANDARD: Readonly<Record<string, FieldConfigPropertyItem["process"]>> = {
  unit: unitOverrideProcessor,
  min: numberOverrideProcessor,
  max: numberOverrideProcessor,
  decimals: numberOverrideProcessor,
  noValue: stringOverrideProcessor,
  displayName: displayNameOverrideProcessor,
  color: identityOverrideProcessor,
  mappings: valueMappingsOverrideProcessor,
  thresholds: thresholdsOverrideProcessor,
  links: dataLinksOverrideProcessor,
};

/** A graph's own options of fields that dashboards set. */
const OF_GRAPHS = [
  "lineWidth",
  "lineStyle",
  "fillOpacity",
  "showPoints",
  "thresholdsStyle",
  "axisSoftMax",
];

/** Editors that the panel's options name. The preview edits nothing, so they draw nothing. */
const EDITORS = ["radio", "slider", "boolean", "number", "text"];

/** Fills the registries in which Grafana keeps the standard options and their editors. */
export function registerFieldOptions(): void {
  standardFieldConfigEditorRegistry.setInit(() =>
    Object.entries(STANDARD).map(([id, process]) => ({
      ...{ id, path: id, name: id, process, editor: Nothing, override: Nothing },
      shouldApply: () => true,
    })),
  );
  standardEditorsRegistry.setInit(() =>
    EDITORS.map((id) => ({ id, name: id, description: "", editor: Nothing })),
  );
}

/** Declares the field options of a graph, so that dashboards and overrides may set them. */
export function addGraphFieldConfig<T>(builder: FieldConfigEditorBuilder<T>): void {
  for (const id of OF_GRAPHS) {
    builder.addCustomEditor({
      ...{ id, path: id as never, name: id, editor: Nothing, override: Nothing },
      process: identityOverrideProcessor,
      shouldApply: ({ type }) => type !== FieldType.time,
    });
  }
}

function Nothing() {
  return null;
}
