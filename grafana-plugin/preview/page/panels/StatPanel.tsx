import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  PanelPlugin,
  VizOrientation,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type PanelProps,
  type ReduceDataOptions,
} from "@grafana/data";
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  DataLinksContextMenu,
  useTheme2,
  VizRepeater,
  type VizRepeaterRenderValueProps,
} from "@grafana/ui";
import { useMemo, type ComponentProps } from "react";
import { NoData } from "./NoData.tsx";

/** Options of Grafana's stat panel. */
export interface StatOptions {
  readonly reduceOptions: ReduceDataOptions;
  readonly orientation: VizOrientation;
  readonly colorMode: BigValueColorMode;
  readonly graphMode: BigValueGraphMode;
  readonly justifyMode: BigValueJustifyMode;
  readonly textMode: BigValueTextMode;
  readonly wideLayout: boolean;
}

function StatPanel(props: PanelProps<StatOptions>) {
  const { data, options, fieldConfig, replaceVariables, timeZone, width, height } = props;
  const theme = useTheme2();
  const { reduceOptions, graphMode } = options;
  // The same values while nothing has changed, so that their graphs are not drawn again.
  const values = useMemo(
    () =>
      getFieldDisplayValues({
        fieldConfig,
        reduceOptions,
        replaceVariables,
        theme,
        data: data.series,
        sparkline: graphMode !== BigValueGraphMode.None,
        timeZone,
      }),
    [fieldConfig, reduceOptions, replaceVariables, theme, data.series, graphMode, timeZone],
  );
  if (data.series.length === 0) return <NoData text={fieldConfig.defaults.noValue} />;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={(each) => <OneValue {...each} options={options} />}
      {...{ width, height }}
      source={values}
      itemSpacing={3}
      renderCounter={props.renderCounter}
      autoGrid
      orientation={options.orientation}
    />
  );
}

function OneValue(
  props: VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors> & {
    readonly options: StatOptions;
  },
) {
  const { value, width, height, count, alignmentFactors, options } = props;
  const theme = useTheme2();
  const draw = (menu: Pick<ComponentProps<typeof BigValue>, "onClick" | "className"> = {}) => (
    <BigValue
      value={value.display}
      count={count}
      sparkline={value.sparkline}
      colorMode={options.colorMode}
      graphMode={options.graphMode}
      justifyMode={options.justifyMode}
      textMode={textMode(options.textMode, value)}
      disableWideLayout={!options.wideLayout}
      alignmentFactors={alignmentFactors}
      hasLinks={value.hasLinks}
      {...{ width, height, theme }}
      {...menu}
    />
  );
  const { getLinks } = value;
  if (!value.hasLinks || !getLinks) return draw();
  return (
    <DataLinksContextMenu links={getLinks}>
      {({ openMenu, targetClassName }) => draw({ onClick: openMenu, className: targetClassName })}
    </DataLinksContextMenu>
  );
}

/** With "auto", a field without a name of its own shows its value alone. */
function textMode(mode: BigValueTextMode, value: FieldDisplay): BigValueTextMode {
  return mode === BigValueTextMode.Auto && !value.display.title ? BigValueTextMode.Value : mode;
}

/** Stands in for Grafana's stat panel, drawn with its BigValue. */
export const statPanel = new PanelPlugin<StatOptions>(StatPanel)
  .useFieldConfig()
  .setPanelOptions((builder) => {
    const add = (path: string, defaultValue: unknown) =>
      builder.addCustomEditor({
        id: path,
        path,
        name: path,
        editor: () => null,
        defaultValue: defaultValue as never,
      });
    add("reduceOptions", { values: false, calcs: ["lastNotNull"], fields: "" });
    add("orientation", VizOrientation.Auto);
    add("colorMode", BigValueColorMode.Value);
    add("graphMode", BigValueGraphMode.Area);
    add("justifyMode", BigValueJustifyMode.Auto);
    add("textMode", BigValueTextMode.Auto);
    add("wideLayout", true);
  });
