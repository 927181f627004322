/** Stands in for monaco-editor: @grafana/ui loads it for a code editor, which no panel here shows. */
export const editor = undefined;
