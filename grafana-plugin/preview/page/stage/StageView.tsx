import type {
  DataFrame,
  EventBus,
  InterpolateFunction,
  PanelPlugin,
  TimeRange,
} from "@grafana/data";
import { useTheme2 } from "@grafana/ui";
import { useImperativeHandle, useState, type Ref } from "react";
import { Root } from "../host/Root.tsx";
import type { ThemeName } from "../host/themes.ts";
import { usePreparedFrames } from "../panel/field-overrides.ts";
import { PluginPanel } from "../panel/PluginPanel.tsx";
import type { PreparedOptions } from "../panel/prepare-options.ts";
import { UPlotSeries } from "./UPlotSeries.tsx";

/** What the stage's methods reach of the panel that is shown. */
export interface StageHandle {
  readonly setFrames: (frames: readonly DataFrame[]) => void;
  readonly setPrepared: (prepared: PreparedOptions) => void;
}

/** Everything that is on the stage. */
export interface StageViewProps {
  /** Another number makes a new panel in place of the last one. */
  readonly show: number;
  readonly plugin: PanelPlugin;
  readonly frames: readonly DataFrame[];
  readonly prepared: PreparedOptions;
  readonly onPreparedChange: (prepared: PreparedOptions) => void;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  readonly theme: ThemeName;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly kind: "panel" | "uplot";
  readonly eventBus: EventBus;
  readonly replaceVariables: InterpolateFunction;
  readonly handle: Ref<StageHandle>;
}

/** One panel on an empty page. */
export function StageView(props: StageViewProps) {
  return (
    <Root theme={props.theme}>
      {/* The root stays: what the old panel has put into its portal must not take the new one's place. */}
      <Surface key={props.show} {...props} />
    </Root>
  );
}

function Surface(props: StageViewProps) {
  const [frames, setFrames] = useState(props.frames);
  const [prepared, setPrepared] = useState(props.prepared);
  useImperativeHandle(props.handle, () => ({ setFrames, setPrepared }), []);
  const theme = useTheme2();
  const { width, height } = props;
  const change = (next: PreparedOptions) => {
    setPrepared(next);
    props.onPreparedChange(next);
  };
  return (
    <main
      id="panel"
      style={{ width, height, overflow: "hidden", background: theme.colors.background.primary }}
    >
      {props.kind === "uplot" ? (
        <Comparison {...props} frames={frames} />
      ) : (
        <PluginPanel
          {...props}
          id={1}
          frames={frames}
          prepared={prepared}
          onPreparedChange={change}
          onChangeTimeRange={(payload) =>
            props.eventBus.publish({ type: "stage-time-range", payload })
          }
        />
      )}
    </main>
  );
}

function Comparison(props: StageViewProps) {
  const theme = useTheme2();
  const { plugin, frames, prepared, timeZone, replaceVariables } = props;
  const context = { theme, timeZone, replaceVariables };
  const { series } = usePreparedFrames(plugin, frames, prepared.fieldConfig, context);
  return <UPlotSeries {...props} series={series} />;
}
