import { css } from "@emotion/css";
import { PanelPlugin, renderTextPanelMarkdown, textUtil, type PanelProps } from "@grafana/data";
import { useMemo } from "react";

/** Options of Grafana's text panel. */
export interface TextOptions {
  readonly mode: "markdown" | "html" | "code";
  readonly content: string;
}

function TextPanel({ options, replaceVariables }: PanelProps<TextOptions>) {
  const { mode, content = "" } = options;
  const html = useMemo(() => {
    const text = replaceVariables(content, {}, mode === "html" ? "html" : undefined);
    if (mode === "code") return undefined;
    return mode === "html"
      ? textUtil.sanitizeTextPanelContent(text)
      : renderTextPanelMarkdown(text);
  }, [mode, content, replaceVariables]);
  if (html === undefined) return <pre className={filling}>{replaceVariables(content)}</pre>;
  // Grafana's own sanitizer has gone over it.
  return <div className={`markdown-html ${filling}`} dangerouslySetInnerHTML={{ __html: html }} />;
}

const filling = css({ height: "100%", overflow: "auto" });

/** Stands in for Grafana's text panel. */
export const textPanel = new PanelPlugin<TextOptions>(TextPanel).setPanelOptions((builder) =>
  builder
    .addTextInput({ path: "mode", name: "Mode", defaultValue: "markdown" })
    .addTextInput({ path: "content", name: "Content", defaultValue: "" }),
);
