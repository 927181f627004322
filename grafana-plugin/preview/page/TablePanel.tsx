import { css } from "@emotion/css";
import {
  formattedValueToString,
  getDisplayProcessor,
  getFieldDisplayName,
  PanelPlugin,
  type Field,
  type GrafanaTheme2,
  type PanelProps,
} from "@grafana/data";
import { TextLink, useStyles2, useTheme2 } from "@grafana/ui";
import { NoData } from "./host.tsx";
import { safeUrl } from "./server-api.ts";

/** Stands in for Grafana's table: the first frame, with a column for each of its fields. */
function TablePanel({ data, fieldConfig, timeZone, title }: PanelProps) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const [frame] = data.series;
  if (!frame || frame.length === 0) return <NoData message={fieldConfig.defaults.noValue} />;
  const { fields } = frame;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={title}>
        <thead>
          <tr>
            {fields.map((field) => (
              <th key={field.name} scope="col">
                {getFieldDisplayName(field, frame)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: frame.length }, (_, row) => (
            <tr key={row}>
              {fields.map((field) => {
                const show = field.display ?? getDisplayProcessor({ field, theme, timeZone });
                const { color, ...text } = show(field.values[row]);
                const words = formattedValueToString(text);
                const href = linkOf(field, row);
                return (
                  <td key={field.name}>
                    {isMapped(field) && <span className={styles.dot} style={{ color }} />}
                    {href === undefined ? (
                      words
                    ) : (
                      <TextLink href={href} external>
                        {words}
                      </TextLink>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where a cell leads, with its value put in as Grafana does. */
function linkOf({ config, values }: Field, row: number): string | undefined {
  const [link] = config.links ?? [];
  return (
    link && safeUrl(link.url.replace("${__value.raw}", encodeURIComponent(String(values[row]))))
  );
}

/** Only a mapping says what a colour means. */
const isMapped = ({ config }: Field) => (config.mappings ?? []).length > 0;

/** With the options that Grafana's has for fields, as far as dashboards set them. */
export const tablePanel = new PanelPlugin(TablePanel).useFieldConfig();

const getStyles = (theme: GrafanaTheme2) => ({
  // Words in the colour itself would be hard to read on white.
  dot: css({
    ...{ display: "inline-block", width: 8, height: 8, marginRight: theme.spacing(0.75) },
    ...{ borderRadius: "50%", background: "currentColor" },
  }),
  scroll: css({ height: "100%", overflow: "auto" }),
  table: css({
    width: "100%",
    "& th, & td": { padding: theme.spacing(0.5, 1), textAlign: "left", verticalAlign: "top" },
    "& th": { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
    "& tbody tr": { borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
});
