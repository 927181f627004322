/** What the query of a variable asks for. */
export type VariableQuery =
  | { readonly kind: "label-values"; readonly label: string; readonly selector: string | undefined }
  | { readonly kind: "query-result"; readonly expr: string };

/**
 * Reads a variable's query. Known are `label_values(label)`, `label_values(selector, label)` and
 * `query_result(expr)`.
 *
 * @throws Error that names the query when it is none of these
 */
export function readVariableQuery(query: string): VariableQuery {
  const labels = /^\s*label_values\(\s*(?:([\s\S]*),\s*)?([a-zA-Z_]\w*)\s*\)\s*$/.exec(query);
  if (labels) {
    return { kind: "label-values", label: labels[2]!, selector: labels[1]?.trim() || undefined };
  }
  const result = /^\s*query_result\(([\s\S]+)\)\s*$/.exec(query);
  if (result) return { kind: "query-result", expr: result[1]!.trim() };
  throw new Error(`The preview knows label_values and query_result, not "${query}".`);
}
