// How descriptions say what is measured; the definitions are those of alerts/limits.ts.

/** Whose time is latency; refusals are quick, and would make an overloaded server look faster. */
export const TIMED =
  "Answers and missed deadlines count, with queueing and cache hits; refused, wrong and aborted " +
  "requests do not.";

/** What errors are. */
export const ERRORS = "server errors, refusals and missed deadlines among all well-meant requests";

/** What well-meant requests are. */
export const WELL_MEANT = "What clients got wrong or broke off does not count.";
