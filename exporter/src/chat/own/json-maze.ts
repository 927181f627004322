import type { JsonGrammar } from "../../engine/generator.ts";

/**
 * llama.cpp follows all alternatives of a grammar at once that what was written so far allows. Of a few lines of
 * schema there can be more of them than it ever comes to the end of; and a rule that leads back to itself before
 * anything is written has no beginning.
 *
 * @param most - alternatives to follow at once
 * @returns what is wrong with the rules; undefined when nothing is
 */
export function mazeIn(
  root: JsonGrammar,
  rules: NonNullable<JsonGrammar["$defs"]>,
  most: number,
): string | undefined {
  const known = new Map<JsonGrammar, number | "open">();
  const ruleOf = ($ref: string): JsonGrammar => rules[$ref.split("/").at(-1)!]!;

  /** What a rule's text may be, without alternatives and references before its first letter. */
  function leavesOf(rule: JsonGrammar, on: readonly string[] = []): readonly JsonGrammar[] {
    const { oneOf, $ref } = rule;
    if ($ref !== undefined) {
      if (on.includes($ref)) throw new Maze('has a loop of "$ref"s with nothing between them');
      return leavesOf(ruleOf($ref), [...on, $ref]);
    }
    const leaves = oneOf ? oneOf.flatMap((one) => leavesOf(one, on)) : [rule];
    if (leaves.length > most) throw new Maze(`has more than ${most} alternatives`);
    return leaves;
  }

  /** How many alternatives are followed at once while the rule's text is written, at most. */
  function widthOf(rule: JsonGrammar): number {
    let widest = 1;
    for (const alike of Map.groupBy(leavesOf(rule), beginningOf).values()) {
      if (alike.length > 1 && alike.some((leaf) => known.get(leaf) === "open")) {
        throw new Maze('has a loop of "$ref"s through alternatives that begin alike');
      }
      const width = alike.reduce((all, leaf) => all + widthOfLeaf(leaf), 0);
      if (width > most) throw new Maze(`has more than ${most} alternatives that begin alike`);
      widest = Math.max(widest, width);
    }
    return widest;
  }

  function widthOfLeaf(leaf: JsonGrammar): number {
    const width = known.get(leaf);
    if (width !== undefined) return width === "open" ? 1 : width;
    known.set(leaf, "open");
    const widest = Math.max(1, ...insideOf(leaf).map(widthOf));
    known.set(leaf, widest);
    return widest;
  }

  try {
    for (const rule of [root, ...Object.values(rules)]) widthOf(rule);
  } catch (error) {
    if (error instanceof Maze) return error.message;
    throw error;
  }
  return undefined;
}

class Maze extends Error {}

function insideOf({ properties = {}, additionalProperties, items, prefixItems = [] }: JsonGrammar) {
  const others = typeof additionalProperties === "object" ? [additionalProperties] : [];
  return [...Object.values(properties), ...others, ...(items ? [items] : []), ...prefixItems];
}

/** Equal for what cannot be told apart by its first letters; for objects, by their first property. */
function beginningOf({ type, enum: values, properties = {} }: JsonGrammar): string {
  const [first] = Object.entries(properties);
  const property = first ? JSON.stringify([first[0], first[1].enum]) : "";
  return `${type ?? typeof values?.[0]} ${property}`;
}
