/** Longest name that is shown, in characters. */
export const NAME_LENGTH = 64;

/**
 * A name of the system (a mount, an interface, a program) made safe to show. Such names are chosen
 * by whoever made the thing, so they are untrusted: line breaks, control characters and invisible
 * ones, such as those that turn the direction of writing, are dropped, and the rest is cut to
 * {@link NAME_LENGTH} characters.
 *
 * @returns `(unnamed)` when nothing is left
 */
export function plainName(name: string): string {
  // Cut first, roughly: a name may be a megabyte of arguments.
  const visible = name
    .slice(0, 4 * NAME_LENGTH)
    .replace(/\s+/gu, " ")
    .replace(/\p{C}/gu, "");
  const short = [...visible.trim()].slice(0, NAME_LENGTH).join("").trim();
  return short === "" ? "(unnamed)" : short;
}
