import { css } from "@emotion/css";
import {
  LoadingState,
  renderMarkdown,
  type AbsoluteTimeRange,
  type EventBus,
  type GrafanaTheme2,
  type PanelData,
} from "@grafana/data";
import {
  Dropdown,
  ErrorBoundaryAlert,
  Icon,
  Menu,
  PanelChrome,
  Tooltip,
  useStyles2,
} from "@grafana/ui";
import { memo, useEffect, useState } from "react";
import type { Box } from "./grid.ts";
import { NoData } from "./host.tsx";
import { PluginPanel, preparePanel, type PreparedPanel } from "./PluginPanel.tsx";
import { safeUrl, type Link, type Panel } from "./server-api.ts";

interface PanelBoxProps {
  readonly panel: Panel;
  readonly box: Box;
  /** Undefined until the queries have answered for the first time. */
  readonly data: PanelData | undefined;
  readonly timeZone: string;
  readonly eventBus: EventBus;
  /** What links to other dashboards take along of the address, like `?from=now-15m`. */
  readonly search: string;
  readonly onChangeTimeRange: (range: AbsoluteTimeRange) => void;
}

/** A panel in Grafana's frame, at its place on the grid. Drawn again only when something changed. */
export const PanelBox = memo(function PanelBox(props: PanelBoxProps) {
  const { panel, box, data, search, ...shared } = props;
  const { title = "", description = "" } = panel;
  const links = (panel.links ?? []).map((link) => ({ ...link, url: takeAlong(link.url, search) }));
  const prepared = usePrepared(panel);
  const failures = data?.errors?.map(({ refId, message }) => `${refId}: ${message}`).join("\n");
  return (
    <div style={{ position: "absolute", ...box }} data-panel={panel.id}>
      <PanelChrome
        title={title}
        {...(description && { description: () => renderMarkdown(description) })}
        width={box.width}
        height={box.height}
        hoverHeader={!title}
        loadingState={data ? LoadingState.Done : LoadingState.Loading}
        titleItems={<PanelLinks links={links} of={title} />}
        {...(failures && { statusMessage: failures })}
      >
        {(width, height) => (
          <ErrorBoundaryAlert>
            {prepared instanceof Error && <NoData message={prepared.message} />}
            {prepared && data && !(prepared instanceof Error) && (
              <PluginPanel
                {...shared}
                {...prepared}
                {...{ data, title, width, height }}
                id={panel.id}
              />
            )}
          </ErrorBoundaryAlert>
        )}
      </PanelChrome>
    </div>
  );
});

/** The panel's plugin and options, or why there are none; undefined until they are known. */
function usePrepared(panel: Panel): PreparedPanel | Error | undefined {
  const [prepared, setPrepared] = useState<PreparedPanel | Error>();
  useEffect(() => {
    preparePanel(panel).then(setPrepared, setPrepared);
  }, [panel]);
  return prepared;
}

/** An address with what Grafana puts in for the time range and the variables. */
function takeAlong(url: string, search: string): string {
  return url.replace("${__url_time_range}", search.slice(1)).replace("${__all_variables}", "");
}

/** A panel's links beside its title: an icon for one, a menu for several. */
function PanelLinks({ links, of }: { links: readonly Link[]; of: string }) {
  const styles = useStyles2(getStyles);
  const [only, ...more] = links;
  if (!only) return null;
  if (more.length === 0) {
    const { title, url, targetBlank } = only;
    return (
      <Tooltip content={title}>
        <a
          className={styles}
          href={safeUrl(url)}
          aria-label={title}
          {...(targetBlank && { target: "_blank", rel: "noreferrer" })}
        >
          <Icon name="external-link-alt" />
        </a>
      </Tooltip>
    );
  }
  const menu = (
    <Menu>
      {links.map(({ url, title, targetBlank }, index) => (
        <Menu.Item
          key={index}
          label={title}
          url={safeUrl(url)}
          icon="external-link-alt"
          {...(targetBlank && { target: "_blank" as const })}
        />
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={menu}>
      <button type="button" className={styles} aria-label={`Links of ${of}`}>
        <Icon name="link" />
      </button>
    </Dropdown>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    padding: theme.spacing(0, 0.5),
    border: 0,
    background: "none",
    color: theme.colors.text.secondary,
    "&:hover": { color: theme.colors.text.primary },
  });
