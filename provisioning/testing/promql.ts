import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** One `metric{label="value"}` of an expression. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly value: string }[];
}

/** A comparison of something with a number. */
export interface Comparison {
  /** Whether a series is compared as it is, and not a sum or a call. */
  readonly ofSeries: boolean;
  readonly operator: string;
  readonly number: number;
}

/** What a PromQL expression names. */
export interface ExpressionParts {
  readonly selectors: readonly Selector[];
  /** Labels in `by`, `on`, `without`, `ignoring`, `group_left`. */
  readonly grouping: readonly string[];
  readonly comparisons: readonly Comparison[];
}

/**
 * Takes an expression apart with the grammar of Prometheus' own editor.
 *
 * @throws SyntaxError when it is not PromQL
 */
export function readPromql(expression: string): ExpressionParts {
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  const comparisons: Comparison[] = [];
  const text = (node: SyntaxNode): string => expression.slice(node.from, node.to);
  parser.parse(expression).iterate({
    enter: ({ type, node, from }) => {
      if (type.isError) {
        throw new SyntaxError(`not PromQL at character ${from + 1}: ${expression}`);
      }
      if (type.name === "VectorSelector") selectors.push(selector(node, text));
      if (type.name === "GroupingLabels") {
        grouping.push(...node.getChildren("LabelName").map(text));
      }
      if (type.name === "BinaryExpr") comparisons.push(...comparison(node, text));
    },
  });
  return { selectors, grouping, comparisons };
}

function selector(node: SyntaxNode, text: (node: SyntaxNode) => string): Selector {
  const name = node.getChild("Identifier");
  const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
  return {
    metric: name ? text(name) : "",
    matchers: matchers.map((matcher) => {
      const [label, value] = [matcher.getChild("LabelName"), matcher.getChild("StringLiteral")];
      return { label: label ? text(label) : "", value: value ? text(value).slice(1, -1) : "" };
    }),
  };
}

const COMPARISONS: ReadonlySet<string> = new Set(["Gte", "Lte", "Gtr", "Lss", "Eql", "Neq"]);

function comparison(node: SyntaxNode, text: (node: SyntaxNode) => string): Comparison[] {
  const [left, operator, right] = [node.firstChild, node.firstChild?.nextSibling, node.lastChild];
  if (!left || !operator || !right || !COMPARISONS.has(operator.name)) return [];
  if (right.name !== "NumberDurationLiteral") return [];
  return [
    {
      ofSeries: left.name === "VectorSelector",
      operator: text(operator),
      number: Number(text(right)),
    },
  ];
}
