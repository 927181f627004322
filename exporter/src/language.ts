/** The languages in which the exporter answers. */
export const LANGUAGES = ["en", "ja"] as const;

/** See {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];
