import { css } from "@emotion/css";
import { LoadingState, type PanelProps } from "@grafana/data";
import { PanelDataErrorView } from "@grafana/runtime";
import { LoadingPlaceholder } from "@grafana/ui";

interface Props extends Pick<PanelProps, "data" | "fieldConfig" | "id"> {
  /** What is missing when the queries gave an answer, and what the reader can do. */
  readonly hint: string;
}

/** Stands where nothing can be drawn, and says why: queries that run, or that failed, or no values. */
export function NothingToDraw({ data, fieldConfig, id, hint }: Props) {
  const isLoading = data.state === LoadingState.Loading || data.state === LoadingState.NotStarted;
  return (
    <div className={place} role="status">
      {isLoading ? (
        <LoadingPlaceholder text="Loading" />
      ) : (
        <PanelDataErrorView
          panelId={id}
          data={data}
          fieldConfig={fieldConfig}
          needsNumberField
          message={failureOf(data) ?? noValueOf(fieldConfig) ?? `No data. ${hint}`}
        />
      )}
    </div>
  );
}

/** What the queries said that failed, each text once; undefined when none did. */
function failureOf({ state, errors, error }: Props["data"]): string | undefined {
  const failed = [...(errors ?? []), ...(error ? [error] : [])];
  if (state !== LoadingState.Error && failed.length === 0) return undefined;
  const told = failed.map(({ message, data }) => message ?? data?.message ?? data?.error);
  const reasons = [...new Set(told.filter((text) => typeof text === "string" && text !== ""))];
  return `The query failed: ${reasons.join("; ") || "the data source did not say why"}`;
}

/** Grafana's standard option "No value". */
function noValueOf(fieldConfig: Props["fieldConfig"]): string | undefined {
  const noValue: unknown = fieldConfig?.defaults?.noValue;
  return typeof noValue === "string" && noValue !== "" ? noValue : undefined;
}

const place = css({
  display: "grid",
  placeContent: "center",
  height: "100%",
  overflow: "auto",
  textAlign: "center",
});
