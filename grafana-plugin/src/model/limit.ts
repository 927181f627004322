/** How urgent it is when a limit is broken. */
export type Severity = "warning" | "critical";

/** Where the allowed values lie: below `upper`, above `lower`, or between both. */
export type Bound =
  | { readonly bound: "upper"; readonly upper: number }
  | { readonly bound: "lower"; readonly lower: number }
  | { readonly bound: "band"; readonly lower: number; readonly upper: number };

/** A limit of one series, in the series' own unit. */
export type Limit = Bound & { readonly severity: Severity };
