/** The data source of steps that Grafana computes itself. */
export const EXPRESSION = { type: "__expr__", uid: "__expr__" } as const;
