/** Finds series by name. */
export interface SeriesMatcher {
  readonly matches: (name: string) => boolean;
  /** What is wrong with the pattern, for the person who typed it. */
  readonly problem: string | undefined;
}

/**
 * Reads what people type to choose series: a name, or a pattern between slashes like `/^memory/i`.
 * A name that is exactly the text always matches, so that a device called `/dev/sda` can be named.
 * A pattern that cannot be read matches nothing else; empty text matches nothing.
 */
export function seriesMatcher(text: string): SeriesMatcher {
  const isText = (name: string) => text !== "" && name === text;
  const [, source, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  if (source === undefined) return { matches: isText, problem: undefined };
  try {
    // With g or y a pattern would remember where it stopped in the last name.
    const pattern = new RegExp(source, flags.replace(/[gy]/g, ""));
    return { matches: (name) => isText(name) || pattern.test(name), problem: undefined };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      matches: isText,
      problem: `"${text}" is no pattern: ${reason}. Correct it, or give a name without slashes.`,
    };
  }
}
