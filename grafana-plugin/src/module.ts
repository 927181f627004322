import { FieldColorModeId, FieldConfigProperty, PanelPlugin, ThresholdsMode } from "@grafana/data";
import { type HideableFieldConfig, SortOrder, TooltipDisplayMode } from "@grafana/schema";
import { commonOptionsBuilder } from "@grafana/ui";
import { changePanelType, migrateOptions } from "./migrations.ts";
import { addOptions } from "./option-editors.ts";
import type { LimitsPanelOptions } from "./options.ts";
import { suggestPanels } from "./suggestions.ts";
import { LimitsPanel } from "./view/LimitsPanel.tsx";

/** What a series can set for itself, beside Grafana's standard options. */
interface LaneFieldConfig extends HideableFieldConfig {
  /** Pixels. */
  readonly lineWidth?: number;
}

export const plugin = new PanelPlugin<LimitsPanelOptions, LaneFieldConfig>(LimitsPanel)
  .useFieldConfig({
    standardOptions: {
      // Grafana's default, red from 80 on, would be a limit that nobody has set.
      [FieldConfigProperty.Thresholds]: {
        defaultValue: {
          mode: ThresholdsMode.Absolute,
          steps: [{ value: -Infinity, color: "green" }],
        },
      },
      // Colour says the state of a lane, so that the lines themselves are alike.
      [FieldConfigProperty.Color]: {
        defaultValue: { mode: FieldColorModeId.Fixed, fixedColor: "blue" },
      },
    },
    useCustomConfig: (builder) => {
      builder.addSliderInput({
        path: "lineWidth",
        name: "Line width",
        defaultValue: 1,
        settings: { min: 0.5, max: 5, step: 0.5 },
      });
      commonOptionsBuilder.addHideFrom(builder);
    },
  })
  .setPanelOptions((builder) => {
    addOptions(builder);
    commonOptionsBuilder.addTooltipOptions(builder, false, false, {
      tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None },
    });
  })
  .setMigrationHandler(migrateOptions)
  .setPanelChangeHandler(changePanelType)
  .setSuggestionsSupplier(suggestPanels);
