import { Combobox, InlineField, Input, MultiCombobox, Stack } from "@grafana/ui";
import { ALL, type Variable } from "../variables/variable.ts";

/** Pickers for the variables that a reader may change. */
export function VariablePickers(props: {
  variables: readonly Variable[];
  onChange: (name: string, values: readonly string[]) => void;
}) {
  const shown = props.variables.filter(({ hidden, type }) => !hidden && type !== "constant");
  if (shown.length === 0) return null;
  return (
    <Stack wrap="wrap" gap={1}>
      {shown.map((variable) => (
        <InlineField
          key={variable.name}
          label={variable.label}
          htmlFor={`var-${variable.name}`}
          transparent
        >
          <Picker
            variable={variable}
            onChange={(values) => props.onChange(variable.name, values)}
          />
        </InlineField>
      ))}
    </Stack>
  );
}

function Picker(props: { variable: Variable; onChange: (values: readonly string[]) => void }) {
  const { variable, onChange } = props;
  const id = `var-${variable.name}`;
  const { multi, includeAll, options } = variable;
  if (variable.type === "textbox") {
    return (
      <Input
        id={id}
        width={24}
        defaultValue={[variable.value].flat()[0]}
        onBlur={({ currentTarget }) => onChange([currentTarget.value])}
      />
    );
  }
  const choices = [
    ...(includeAll ? [{ label: "All", value: ALL }] : []),
    ...options.map(({ text, value }) => ({ label: text, value })),
  ];
  if (!multi) {
    return (
      <Combobox
        id={id}
        width="auto"
        minWidth={12}
        options={choices}
        value={[variable.value].flat()[0] ?? null}
        onChange={({ value }) => onChange([value])}
      />
    );
  }
  return (
    <MultiCombobox
      id={id}
      width="auto"
      minWidth={16}
      options={choices}
      value={[...variable.value]}
      onChange={(chosen) => onChange(withoutContradiction(chosen.map(({ value }) => value)))}
    />
  );
}

/** "All" and single values exclude each other: what was chosen last holds. */
function withoutContradiction(values: readonly string[]): readonly string[] {
  return values.at(-1) === ALL ? [ALL] : values.filter((value) => value !== ALL);
}
