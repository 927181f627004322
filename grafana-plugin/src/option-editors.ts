import type { PanelOptionsEditorBuilder } from "@grafana/data";
import { DEFAULT_OPTIONS, type LimitsPanelOptions } from "./options.ts";
import { LimitsEditor } from "./view/editors/LimitsEditor.tsx";

const isLanes = ({ view }: LimitsPanelOptions) => view === "lanes";
const isMap = ({ view }: LimitsPanelOptions) => view === "map";

/** Adds the panel's options to Grafana's editor. */
export function addOptions(builder: PanelOptionsEditorBuilder<LimitsPanelOptions>): void {
  builder
    .addRadio({
      path: "view",
      name: "View",
      defaultValue: DEFAULT_OPTIONS.view,
      settings: {
        options: [
          { value: "lanes", label: "Lanes", description: "One lane a series, with its limits" },
          { value: "map", label: "Quality map", description: "Two series against each other" },
        ],
      },
    })
    .addRadio({
      path: "order",
      name: "Order",
      defaultValue: DEFAULT_OPTIONS.order,
      settings: {
        options: [
          { value: "nearest", label: "Nearest to its limit first" },
          { value: "data", label: "As in the data" },
        ],
      },
      showIf: isLanes,
    })
    .addSliderInput({
      path: "nearRatio",
      name: "Near",
      description: "A lane with less headroom than this share of its limit is called near.",
      defaultValue: DEFAULT_OPTIONS.nearRatio,
      settings: { min: 0, max: 0.5, step: 0.05 },
      showIf: isLanes,
    })
    .addBooleanSwitch({
      path: "showForecast",
      name: "Forecast",
      description: "Say when the trend of the visible range reaches a limit, if there is a trend.",
      defaultValue: DEFAULT_OPTIONS.showForecast,
      showIf: isLanes,
    })
    .addTextInput({
      path: "fold",
      name: "Fold",
      description:
        "Name of a series, or a pattern like /^Status/: they are one lane, the worst of them, that opens.",
      defaultValue: DEFAULT_OPTIONS.fold,
      showIf: isLanes,
    })
    .addTextInput({
      path: "mapX",
      name: "Horizontal axis",
      description: "Name of a series, or a pattern like /entropy/i",
      defaultValue: DEFAULT_OPTIONS.mapX,
      showIf: isMap,
    })
    .addTextInput({
      path: "mapY",
      name: "Vertical axis",
      description: "Name of a series, or a pattern like /sparsity/i",
      defaultValue: DEFAULT_OPTIONS.mapY,
      showIf: isMap,
    })
    .addTextInput({
      path: "gridX",
      name: "Horizontal edges",
      description:
        "Label of a query that counts messages in cells: the upper edge of each on the horizontal axis.",
      defaultValue: DEFAULT_OPTIONS.gridX,
      showIf: isMap,
    })
    .addTextInput({
      path: "gridY",
      name: "Vertical edges",
      description: "The same on the vertical axis.",
      defaultValue: DEFAULT_OPTIONS.gridY,
      showIf: isMap,
    })
    .addTextInput({
      path: "gridBy",
      name: "Grids",
      description: "Label that tells several grids apart: the map shows one at a time.",
      defaultValue: DEFAULT_OPTIONS.gridBy,
      showIf: isMap,
    })
    .addTextInput({
      path: "runbookUrl",
      name: "Runbook",
      description: "Address that the map shows when the newest values lie outside.",
      defaultValue: DEFAULT_OPTIONS.runbookUrl,
      showIf: isMap,
    })
    .addCustomEditor({
      id: "limits",
      path: "limits",
      name: "Limits",
      category: ["Limits"],
      description:
        "For series without thresholds of their own. Thresholds of a field come first; a query called headroom_limit last.",
      editor: LimitsEditor,
      defaultValue: [...DEFAULT_OPTIONS.limits],
    });
}
