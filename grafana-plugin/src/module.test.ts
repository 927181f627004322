import {
  FieldConfigProperty,
  type PanelModel,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
} from "@grafana/data";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { plugin } from "./module.ts";
import { DEFAULT_OPTIONS, OPTIONS_VERSION } from "./options.ts";

beforeAll(() => {
  // Grafana fills these before it loads a plugin.
  const editor = () => null;
  const standard = Object.values(FieldConfigProperty).map((id) => ({
    ...{ id, path: id, name: id, description: "", editor, override: editor },
    ...{ process: (value: unknown) => value, shouldApply: () => true },
  }));
  standardFieldConfigEditorRegistry.setInit(() => standard as never[]);
  const kinds = [
    "radio",
    "slider",
    "boolean",
    "text",
    "select",
    "multi-select",
    "number",
    "strings",
  ];
  standardEditorsRegistry.setInit(() => kinds.map((id) => ({ id, name: id, editor }) as never));
});

describe("the plugin", () => {
  it("starts with the documented options", () => {
    const { tooltip, ...rest } = plugin.defaults as unknown as Record<string, unknown>;
    // Advice is written by whoever generates a dashboard, and has no editor.
    expect({ advice: [], ...rest, version: OPTIONS_VERSION }).toEqual(DEFAULT_OPTIONS);
    expect(tooltip).toMatchObject({ mode: "single" });
  });

  it("sets no limit that nobody has set: Grafana's own default turns red at 80", () => {
    const { defaults } = plugin.fieldConfigDefaults;
    expect(defaults.thresholds?.steps).toEqual([{ value: -Infinity, color: "green" }]);
  });

  it("migrates what a dashboard holds", async () => {
    const panel = { options: { view: "map" } } as unknown as PanelModel;
    const migrated = await plugin.onPanelMigration?.(panel as never);
    expect(migrated).toMatchObject({ view: "map", version: OPTIONS_VERSION, order: "nearest" });
  });

  it("takes no option of another panel over", () => {
    const change = plugin.onPanelTypeChanged!;
    const options = change(
      {} as never,
      "timeseries",
      { legend: {} },
      { defaults: {}, overrides: [] },
    );
    expect(options).not.toHaveProperty("legend");
  });
});
