import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { Icon, useStyles2 } from "@grafana/ui";
import { useMemo, useState } from "react";
import { layOut } from "./grid.ts";
import { PanelBox, type PanelSurroundings } from "./PanelBox.tsx";
import type { Panel } from "./schema.ts";
import { placeOf, sectionsOf, type Section } from "./sections.ts";
import { useWidth } from "./useWidth.ts";

/** All panels of a dashboard on Grafana's grid, in rows that can be folded. */
export function Grid({ panels, ...shared }: { panels: readonly Panel[] } & PanelSurroundings) {
  const [element, width] = useWidth<HTMLDivElement>();
  const sections = useMemo(() => sectionsOf(panels), [panels]);
  const styles = useStyles2(getStyles);
  return (
    <div ref={element} className={styles.grid}>
      {width > 0 &&
        sections.map((section, index) => (
          <GridSection key={index} {...shared} section={section} width={width} />
        ))}
    </div>
  );
}

function GridSection({
  section,
  width,
  ...shared
}: { section: Section; width: number } & PanelSurroundings) {
  const { row, panels } = section;
  const [open, setOpen] = useState(!row?.collapsed);
  const styles = useStyles2(getStyles);
  const layout = useMemo(() => layOut(panels.map(placeOf), width), [panels, width]);
  return (
    <section>
      {row && (
        <button
          className={styles.row}
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? "angle-down" : "angle-right"} />
          {shared.replace(row.title || "Row", {}, "text")}
        </button>
      )}
      {open && (
        <div style={{ position: "relative", height: layout.height }}>
          {panels.map((panel, index) => (
            <PanelBox key={panel.id} {...shared} panel={panel} box={layout.boxes[index]!} />
          ))}
        </div>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  grid: css({ display: "flex", flexDirection: "column", gap: theme.spacing(1) }),
  row: css({
    display: "flex",
    alignItems: "center",
    gap: theme.spacing(1),
    height: 30,
    padding: 0,
    border: 0,
    background: "none",
    color: theme.colors.text.primary,
    fontSize: theme.typography.h5.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
  }),
});
