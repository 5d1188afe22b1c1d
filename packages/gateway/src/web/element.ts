import { type AnyNode, Element, isTag, isText, type ParentNode } from "domhandler";

const MAX_NEAR = 200;
/** Nobody reads these. */
const UNSEEN = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "head",
  "svg",
  "math",
  "object",
  "iframe",
  "title",
]);
/** What is filled in is told with its form. */
const CONTROLS = new Set(["select", "textarea", "datalist"]);
const INLINE = new Set(
  "a abbr b bdi bdo cite code data dfn em i kbd label mark q s samp small span strong sub sup time u var wbr img input button".split(
    " ",
  ),
);
/** What holds one thing of several. */
const ITEMS = new Set(["li", "tr", "article", "figure", "dd", "section", "div", "fieldset"]);
/** Those that are nothing but one thing of several. */
const ENTRIES = new Set(["li", "tr", "article", "dd"]);

/** Every element below a node, in the order of the document. Not recursive: a page can be nested as deep as it likes. */
export function elementsOf(root: ParentNode): Element[] {
  const found: Element[] = [];
  const waiting: AnyNode[] = [...root.children].reverse();
  while (waiting.length > 0) {
    const node = waiting.pop() as AnyNode;
    if (!isTag(node)) continue;
    found.push(node);
    for (let i = node.children.length - 1; i >= 0; i -= 1) waiting.push(node.children[i] as AnyNode);
  }
  return found;
}

export function attribute({ attribs }: Element, name: string): string | undefined {
  const value = attribs[name]?.trim();
  return value === "" ? undefined : value;
}

/** Whether an element has an attribute, whatever it says: `disabled`, `checked`. */
export const has = ({ attribs }: Element, name: string): boolean => attribs[name] !== undefined;

/** Whether an element is out of sight, as far as its own mark-up tells. */
export function isHidden(element: Element): boolean {
  return (
    has(element, "hidden") || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(element.attribs.style ?? "")
  );
}

/** The text that a person sees of a node, a line a block, at most `limit` characters. */
export function textOf(root: ParentNode | Element, limit: number): string {
  let text = "";
  const waiting: (AnyNode | string)[] = [...root.children].reverse();
  while (waiting.length > 0 && text.length < limit * 4) {
    const node = waiting.pop() as AnyNode | string;
    if (typeof node === "string") {
      if (!text.endsWith(node)) text += node;
      continue;
    }
    if (isText(node)) {
      text += node.data.replaceAll(/[\s\u00a0]+/g, " ");
      continue;
    }
    if (!isTag(node) || UNSEEN.has(node.name) || CONTROLS.has(node.name) || isHidden(node)) continue;
    const gap = node.name === "td" || node.name === "th" ? " " : INLINE.has(node.name) ? "" : "\n";
    if (!text.endsWith(gap)) text += gap;
    waiting.push(gap);
    for (let i = node.children.length - 1; i >= 0; i -= 1) waiting.push(node.children[i] as AnyNode);
  }
  const lines = text
    .split("\n")
    .map((line) => line.replaceAll(/ +/g, " ").trim())
    .filter((line) => line !== "");
  return lines.join("\n").slice(0, limit);
}

/** The text of the item that an element stands in: the nearest of several alike, a row or a card; undefined outside of one. */
export function nearOf(element: Element): string | undefined {
  let at: ParentNode | null = element.parent;
  while (at instanceof Element) {
    if (ITEMS.has(at.name) && alike(at) > 1) {
      const text = textOf(at, MAX_NEAR).replaceAll("\n", " ");
      return text === "" ? undefined : text;
    }
    at = at.parent;
  }
  return undefined;
}

/** How many siblings of an element are built like it. Rows and list entries are alike whatever their classes say. */
function alike({ parent, name, attribs }: Element): number {
  let count = 0;
  for (const node of parent?.children ?? [])
    if (isTag(node) && node.name === name && (ENTRIES.has(name) || node.attribs.class === attribs.class))
      count += 1;
  return count;
}

/** The nearest element of a name around another, or undefined. */
export function around(element: Element, name: string): Element | undefined {
  let at: ParentNode | null = element.parent;
  while (at instanceof Element) {
    if (at.name === name) return at;
    at = at.parent;
  }
  return undefined;
}
