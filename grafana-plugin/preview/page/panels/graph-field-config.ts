import { identityOverrideProcessor, FieldType, type FieldConfigEditorBuilder } from "@grafana/data";
import {
  AxisColorMode,
  AxisPlacement,
  BarAlignment,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LineInterpolation,
  ScaleDistribution,
  StackingMode,
  VisibilityMode,
} from "@grafana/schema";

/** A graph's own field options with Grafana's defaults. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  drawStyle: GraphDrawStyle.Line,
  lineInterpolation: LineInterpolation.Linear,
  barAlignment: BarAlignment.Center,
  barWidthFactor: 0.6,
  lineWidth: 1,
  fillOpacity: 0,
  gradientMode: GraphGradientMode.None,
  fillBelowTo: undefined,
  lineStyle: { fill: "solid" },
  lineColor: undefined,
  spanNulls: false,
  insertNulls: false,
  showPoints: VisibilityMode.Auto,
  pointSize: 5,
  stacking: { mode: StackingMode.None, group: "A" },
  axisPlacement: AxisPlacement.Auto,
  axisLabel: "",
  axisWidth: undefined,
  axisSoftMin: undefined,
  axisSoftMax: undefined,
  axisGridShow: undefined,
  axisCenteredZero: false,
  axisColorMode: AxisColorMode.Text,
  axisBorderShow: false,
  scaleDistribution: { type: ScaleDistribution.Linear },
  hideFrom: { tooltip: false, viz: false, legend: false },
  transform: undefined,
  thresholdsStyle: { mode: GraphThresholdsStyleMode.Off },
};

/** Declares the field options of a graph, so that dashboards and overrides may set them. */
export function addGraphFieldConfig<T>(builder: FieldConfigEditorBuilder<T>): void {
  for (const [path, defaultValue] of Object.entries(DEFAULTS)) {
    builder.addCustomEditor({
      id: path,
      path: path as never,
      name: path,
      defaultValue: defaultValue as never,
      editor: () => null,
      override: () => null,
      process: identityOverrideProcessor,
      shouldApply: ({ type }) => type !== FieldType.time,
    });
  }
}
