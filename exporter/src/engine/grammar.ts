/**
 * What a model may write and nothing else: places, at each of which it chooses one text and comes to
 * the next place. It begins at place 0 and comes to none twice. No choice of a place is the beginning
 * of another one.
 */
export type Grammar = readonly (readonly Choice[])[];

/** One text that may be chosen at a place of a {@link Grammar}. */
export interface Choice {
  readonly text: string;
  /** The place that follows; without one the whole text ends here. */
  readonly next?: number;
}

/** A grammar in llama.cpp's notation, GBNF: one rule a place. */
export function toGbnf(grammar: Grammar): string {
  const rule = (place: number) => (place === 0 ? "root" : `place-${place}`);
  return grammar
    .map((choices, place) => `${rule(place)} ::= ${choices.map(alternative).join(" | ")}`)
    .join("\n");

  function alternative({ text, next }: Choice): string {
    // JSON's way to quote is GBNF's for all but characters that no text of ours holds.
    return JSON.stringify(text) + (next === undefined ? "" : ` ${rule(next)}`);
  }
}
