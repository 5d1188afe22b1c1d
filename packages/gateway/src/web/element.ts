import { type AnyNode, type Element, isTag, isText, type ParentNode } from "domhandler";

/** Nodes without text that may be skipped per character that is read. */
const NODES_PER_CHARACTER = 8;
/** Elements without visible text. */
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
/** Values of controls are shown with their form. */
const CONTROLS = new Set(["select", "textarea", "datalist"]);
const INLINE = new Set(
  "a abbr b bdi bdo cite code data dfn em i kbd label mark q s samp small span strong sub sup time u var wbr img input button".split(
    " ",
  ),
);
export function attribute({ attribs }: Element, name: string): string | undefined {
  const value = attribs[name]?.trim();
  return value === "" ? undefined : value;
}

/** Whether an element has an attribute, with any value: `disabled`, `checked`. */
export const has = ({ attribs }: Element, name: string): boolean => attribs[name] !== undefined;

/** Whether an element is hidden, as far as its own mark-up shows. */
export function isHidden(element: Element): boolean {
  return (
    has(element, "hidden") || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(element.attribs.style ?? "")
  );
}

/**
 * The text that a person sees of a node, a line per block, at most `limit` characters.
 * @param nodes how many nodes are looked at, so that the work for a part of a page does not grow with the page
 */
export function visibleText(
  root: ParentNode | Element,
  limit: number,
  nodes = limit * NODES_PER_CHARACTER,
): string {
  let text = "";
  let left = nodes;
  const waiting: (AnyNode | string)[] = [];
  const push = (children: readonly AnyNode[]): void => {
    const most = Math.min(children.length, left);
    for (let i = most - 1; i >= 0; i -= 1) waiting.push(children[i] as AnyNode);
  };
  push(root.children);
  while (waiting.length > 0 && text.length < limit * 4 && left > 0) {
    const node = waiting.pop() as AnyNode | string;
    if (typeof node === "string") {
      if (!text.endsWith(node)) text += node;
      continue;
    }
    left -= 1;
    if (isText(node)) {
      text += node.data.slice(0, limit * 16).replaceAll(/[\s\u00a0]+/g, " ");
      continue;
    }
    if (!isTag(node) || UNSEEN.has(node.name) || CONTROLS.has(node.name) || isHidden(node)) continue;
    const gap = node.name === "td" || node.name === "th" ? " " : INLINE.has(node.name) ? "" : "\n";
    if (!text.endsWith(gap)) text += gap;
    waiting.push(gap);
    push(node.children);
  }
  const lines = text
    .split("\n")
    .map((line) => line.replaceAll(/ +/g, " ").trim())
    .filter((line) => line !== "");
  return lines.join("\n").slice(0, limit);
}

const ASIDE = new Set(["aside", "nav", "header", "footer"]);
const ASIDE_ROLE = /^(?:complementary|navigation|banner|contentinfo)$/;
const ASIDE_MARK =
  /(?:^|[\s_-])(?:side-?bar|widgets?|nav-?bar|top-?bar|footer|header|dropdown|drop-down|off-?canvas|modal|popup|popover)(?=$|[\s_-])/i;
const MAX_AROUND = 12;

/** Whether an element stands beside the content of its page. */
export function isAside(element: Element): boolean {
  let around: Element | null = element;
  for (
    let up = 0;
    around !== null && up < MAX_AROUND && around.name !== "main" && around.name !== "body";
    up += 1
  ) {
    const { role = "", class: classes = "", id = "" } = around.attribs;
    if (ASIDE.has(around.name) || ASIDE_ROLE.test(role) || ASIDE_MARK.test(`${classes} ${id}`)) return true;
    around = around.parent !== null && "attribs" in around.parent ? (around.parent as Element) : null;
  }
  return false;
}
