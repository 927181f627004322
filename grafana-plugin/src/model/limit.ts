import type { Bound, Severity } from "@headroom/alerts/limits";

export type { Bound, Severity };

/** A limit of one series, in the series' own unit. */
export type Limit = Bound & { readonly severity: Severity };
