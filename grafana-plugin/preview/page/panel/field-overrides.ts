import {
  applyFieldOverrides,
  compareArrayValues,
  compareDataFrameStructures,
  type DataFrame,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
  type PanelPlugin,
} from "@grafana/data";
import { useMemo, useState } from "react";

/** Frames with their display rules, and a number that changes when their structure does. */
export interface PreparedFrames {
  readonly series: DataFrame[];
  readonly structureRev: number;
}

/** Applies a panel's field configuration to raw frames, as Grafana does before it draws. */
export function usePreparedFrames(
  plugin: PanelPlugin,
  frames: readonly DataFrame[],
  fieldConfig: FieldConfigSource,
  context: {
    readonly theme: GrafanaTheme2;
    readonly timeZone: string;
    readonly replaceVariables: InterpolateFunction;
  },
): PreparedFrames {
  const { theme, timeZone, replaceVariables } = context;
  const series = useMemo(
    () =>
      applyFieldOverrides({
        data: [...frames],
        fieldConfig,
        fieldConfigRegistry: plugin.fieldConfigRegistry,
        replaceVariables,
        theme,
        timeZone,
      }),
    [plugin, frames, fieldConfig, theme, timeZone, replaceVariables],
  );
  return { series, structureRev: useStructureRevision(series, fieldConfig) };
}

function useStructureRevision(series: DataFrame[], fieldConfig: FieldConfigSource): number {
  const [structure] = useState(() => new Structure(series, fieldConfig));
  return useMemo(() => structure.revisionOf(series, fieldConfig), [structure, series, fieldConfig]);
}

/** Counts how often the fields, and not only their values, have changed. */
class Structure {
  #revision = 1;
  #series: DataFrame[];
  #fieldConfig: FieldConfigSource;

  constructor(series: DataFrame[], fieldConfig: FieldConfigSource) {
    this.#series = series;
    this.#fieldConfig = fieldConfig;
  }

  revisionOf(series: DataFrame[], fieldConfig: FieldConfigSource): number {
    const isSame =
      fieldConfig === this.#fieldConfig &&
      compareArrayValues(series, this.#series, compareDataFrameStructures);
    if (!isSame) this.#revision += 1;
    this.#series = series;
    this.#fieldConfig = fieldConfig;
    return this.#revision;
  }
}
