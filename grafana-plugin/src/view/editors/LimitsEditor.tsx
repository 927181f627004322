import { css } from "@emotion/css";
import type { DataFrame, GrafanaTheme2, StandardEditorProps } from "@grafana/data";
import { Button, FieldValidationMessage, useStyles2 } from "@grafana/ui";
import { readLimits } from "../../data/limits-from-records.ts";
import { readSeries } from "../../data/read-series.ts";
import { resolveLimits, ruleProblems } from "../../data/resolve-limits.ts";
import { type LimitRule, readRules } from "../../options.ts";
import { RuleEditor } from "./RuleEditor.tsx";

/** The editor of the panel's own limits: one form a rule, and the series that the data holds. */
export function LimitsEditor({
  value,
  onChange,
  context,
}: StandardEditorProps<LimitRule[] | undefined>) {
  const styles = useStyles2(getStyles);
  const rules = readRules(value);
  const found = foundSeries(context.data, rules);
  const add = (series: string) => onChange([...rules, { series, severity: "warning" }]);
  return (
    <div className={styles.editor}>
      {rules.map((rule, index) => (
        <RuleEditor
          key={index}
          rule={rule}
          onChange={(changed) => onChange(rules.map((r, i) => (i === index ? changed : r)))}
          onRemove={() => onChange(rules.filter((_, i) => i !== index))}
        />
      ))}
      {ruleProblems(rules).map((problem) => (
        <FieldValidationMessage key={problem}>{problem}</FieldValidationMessage>
      ))}
      <ul className={styles.found} aria-label="Series in the data">
        {found.map(({ name, source }) => (
          <li key={name}>
            <span title={name}>{name}</span>
            <small>{source}</small>
            <Button
              size="sm"
              variant="secondary"
              icon="plus"
              aria-label={`Add a limit for ${name}`}
              onClick={() => add(name)}
            />
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <Button size="sm" variant="secondary" icon="plus" onClick={() => add("")}>
          Add a limit
        </Button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  editor: css({ display: "flex", flexDirection: "column", gap: theme.spacing(1) }),
  found: css({
    listStyle: "none",
    margin: 0,
    "& li": {
      display: "grid",
      gridTemplateColumns: "1fr auto auto",
      alignItems: "center",
      gap: theme.spacing(1),
      padding: theme.spacing(0.25, 0),
    },
    "& span": { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
    "& small": { color: theme.colors.text.secondary },
  }),
});

const SOURCES = {
  thresholds: "limit from thresholds",
  options: "limit from here",
  query: "limit from a query",
  none: "no limit",
} as const;

/** A series of the data and where its limits come from, for the editor. */
interface FoundSeries {
  readonly name: string;
  readonly source: string;
}

/** The series that the data holds, each name once. */
function foundSeries(
  frames: readonly DataFrame[],
  rules: readonly LimitRule[],
): readonly FoundSeries[] {
  const { records, rest } = readLimits(frames);
  const found = new Map<string, string>();
  for (const series of readSeries(rest, { at: 0, namedAmong: frames })) {
    const { source } = resolveLimits(series, { rules, records });
    if (!found.has(series.name)) found.set(series.name, SOURCES[source]);
  }
  return [...found].map(([name, source]) => ({ name, source }));
}
