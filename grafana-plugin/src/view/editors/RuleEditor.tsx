import { css } from "@emotion/css";
import type { GrafanaTheme2 } from "@grafana/data";
import { IconButton, Input, RadioButtonGroup, useStyles2 } from "@grafana/ui";
import type { LimitRule } from "../../options.ts";

interface Props {
  readonly rule: LimitRule;
  readonly onChange: (rule: LimitRule) => void;
  readonly onRemove: () => void;
}

const SEVERITIES = [
  { label: "Warning", value: "warning" as const },
  { label: "Critical", value: "critical" as const },
];

/** One limit: for which series, how urgent, and where the allowed values lie. */
export function RuleEditor({ rule, onChange, onRemove }: Props) {
  const styles = useStyles2(getStyles);
  const edge = (name: "lower" | "upper", text: string) => {
    const { [name]: _, ...rest } = rule;
    const value = Number(text);
    onChange(text.trim() === "" || !Number.isFinite(value) ? rest : { ...rest, [name]: value });
  };
  return (
    <fieldset className={styles.rule}>
      <div className={styles.line}>
        <Input
          // Made anew when the rule changes from outside, as when another one is removed.
          key={rule.series}
          aria-label="Series: a name, or a pattern like /memory/"
          placeholder="Series name or /pattern/"
          defaultValue={rule.series}
          onBlur={(event) => onChange({ ...rule, series: event.currentTarget.value })}
        />
        <IconButton name="trash-alt" tooltip="Remove this limit" onClick={onRemove} />
      </div>
      <RadioButtonGroup
        aria-label="Severity"
        size="sm"
        options={SEVERITIES}
        value={rule.severity}
        onChange={(severity) => onChange({ ...rule, severity })}
      />
      <div className={styles.line}>
        {(["lower", "upper"] as const).map((name) => (
          <Input
            key={`${name} ${rule[name]}`}
            type="number"
            step="any"
            aria-label={name === "lower" ? "Smallest allowed value" : "Largest allowed value"}
            prefix={name === "lower" ? "at least" : "at most"}
            defaultValue={rule[name]}
            onBlur={(event) => edge(name, event.currentTarget.value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  rule: css({
    display: "flex",
    flexDirection: "column",
    gap: theme.spacing(0.5),
    paddingBottom: theme.spacing(1),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  line: css({ display: "flex", alignItems: "center", gap: theme.spacing(0.5) }),
});
