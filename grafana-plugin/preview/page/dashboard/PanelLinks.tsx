import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { Dropdown, Icon, Menu, Tooltip, useStyles2 } from "@grafana/ui";
import { safeUrl } from "./links.ts";
import type { Replace } from "./replace.ts";
import type { Link } from "./schema.ts";

/** A panel's links beside its title: an icon for one, a menu for several. */
export function PanelLinks({ links, replace }: { links: readonly Link[]; replace: Replace }) {
  const styles = useStyles2(getStyles);
  const known = links.flatMap(({ url, title, targetBlank }) =>
    url ? { url: safeUrl(replace(url)), title: replace(title || url), targetBlank } : [],
  );
  const [only] = known;
  if (!only) return null;
  if (known.length === 1) {
    return (
      <Tooltip content={only.title}>
        <a
          className={styles}
          href={only.url}
          aria-label={only.title}
          {...(only.targetBlank && { target: "_blank", rel: "noreferrer" })}
        >
          <Icon name="external-link-alt" />
        </a>
      </Tooltip>
    );
  }
  const menu = (
    <Menu>
      {known.map(({ url, title, targetBlank }, index) => (
        <Menu.Item
          key={index}
          label={title}
          url={url}
          icon="external-link-alt"
          {...(targetBlank && { target: "_blank" as const })}
        />
      ))}
    </Menu>
  );
  return (
    <Dropdown overlay={menu}>
      <button type="button" className={styles} aria-label="Panel links">
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
