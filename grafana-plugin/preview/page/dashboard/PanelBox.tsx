import { LoadingState, type AbsoluteTimeRange, type EventBus } from "@grafana/data";
import { ErrorBoundaryAlert, PanelChrome } from "@grafana/ui";
import { memo } from "react";
import { PluginPanel } from "../panel/PluginPanel.tsx";
import { NoData } from "../panels/NoData.tsx";
import type { Replace } from "./replace.ts";
import type { Box } from "./grid.ts";
import { PanelLinks } from "./PanelLinks.tsx";
import type { Panel } from "./schema.ts";
import { usePanelData, type PanelQueries } from "./usePanelData.ts";
import { usePanelPlugin } from "./usePanelPlugin.ts";

/** What all panels of a dashboard share. */
export interface PanelSurroundings extends PanelQueries {
  readonly timeZone: string;
  readonly eventBus: EventBus;
  readonly replace: Replace;
  readonly onChangeTimeRange: (range: AbsoluteTimeRange) => void;
}

/** A panel in Grafana's frame, at its place on the grid. Drawn again only when something changed. */
export const PanelBox = memo(Framed);

function Framed({ panel, box, ...shared }: { panel: Panel; box: Box } & PanelSurroundings) {
  const { replace } = shared;
  const [plugin, setPrepared] = usePanelPlugin(panel);
  const data = usePanelData(panel, box.width, shared);
  const title = replace(panel.title ?? "", {}, "text");
  const failure = data.failures.map(({ refId, message }) => `${refId}: ${message}`).join("\n");
  const isFirst = data.state === LoadingState.Loading && data.frames.length === 0;
  return (
    <div style={{ position: "absolute", ...box }} data-panel={panel.id}>
      <PanelChrome
        title={title}
        {...(panel.description && { description: () => replace(panel.description!) })}
        width={box.width}
        height={box.height}
        hoverHeader={!title}
        displayMode={panel.transparent ? "transparent" : "default"}
        loadingState={isFirst ? LoadingState.Loading : LoadingState.Done}
        titleItems={<PanelLinks links={panel.links ?? []} replace={replace} />}
        {...(failure && { statusMessage: failure })}
      >
        {(width, height) => (
          <ErrorBoundaryAlert>
            {plugin.kind === "ready" && (!isFirst || panel.type === "text") && (
              <PluginPanel
                {...shared}
                plugin={plugin.plugin}
                prepared={plugin.prepared}
                onPreparedChange={setPrepared}
                {...{ id: panel.id, title, width, height }}
                transparent={panel.transparent ?? false}
                state={data.state}
                frames={data.frames}
                errors={data.errors}
                timeRange={data.timeRange}
                replaceVariables={replace}
              />
            )}
            {plugin.kind === "unknown" && (
              <NoData text={`The preview does not draw panels of the kind "${panel.type}".`} />
            )}
            {plugin.kind === "failed" && <NoData text={plugin.message} />}
          </ErrorBoundaryAlert>
        )}
      </PanelChrome>
    </div>
  );
}
