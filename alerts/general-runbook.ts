/**
 * The runbook that belongs to no alert: what to do about any alert that is critical, and about those
 * that have no runbook of their own.
 */
export const GENERAL_RUNBOOK = "CriticalAlert";
