/** What stands in an element; nothing where there is nothing to show. */
export type Child = Node | string | undefined | false;

/** Attributes by name; `true` stands without a value, and what is undefined or false is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element of HTML. Texts stay texts, whatever is in them: nothing here reads HTML. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, children);
}

/** An element of SVG, as {@link html}. */
export function svg(
  tag: "svg" | "path" | "rect",
  attributes: Attributes,
  ...children: readonly Child[]
): SVGElement {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** The element of the page that has this id. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}
