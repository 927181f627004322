import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  PanelPlugin,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type PanelProps,
  type ReduceDataOptions,
  type VizOrientation,
} from "@grafana/data";
import {
  BigValue,
  BigValueTextMode,
  useTheme2,
  VizRepeater,
  type BigValueColorMode,
  type BigValueGraphMode,
  type BigValueJustifyMode,
} from "@grafana/ui";
import { NoData } from "./host.tsx";

/** Options of Grafana's stat panel; a dashboard stores all of them. */
interface StatOptions {
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
  const { colorMode, graphMode, justifyMode, textMode, wideLayout, reduceOptions } = options;
  const theme = useTheme2();
  if (data.series.length === 0) return <NoData message={fieldConfig.defaults.noValue} />;
  const { series } = data;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() =>
        getFieldDisplayValues({
          data: series,
          fieldConfig,
          reduceOptions,
          replaceVariables,
          theme,
          timeZone,
        })
      }
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={({ value: { display }, ...size }) => (
        <BigValue
          {...size}
          {...{ theme, colorMode, graphMode, justifyMode }}
          value={display}
          // With "auto", a field without a name of its own shows its value alone.
          textMode={
            textMode === BigValueTextMode.Auto && !display.title ? BigValueTextMode.Value : textMode
          }
          disableWideLayout={!wideLayout}
        />
      )}
      {...{ width, height }}
      source={data}
      itemSpacing={3}
      renderCounter={props.renderCounter}
      autoGrid
      orientation={options.orientation}
    />
  );
}

/** Stands in for Grafana's stat panel, drawn with its BigValue. */
export const statPanel = new PanelPlugin<StatOptions>(StatPanel).useFieldConfig();
