import { type AnyNode, type Document, DomHandler, Element, isTag, type ParentNode } from "domhandler";
import { Parser } from "htmlparser2";
import { visibleText } from "./element.ts";

/**
 * Elements nested deeper than this become siblings, as browsers do it (Blink and WebKit: 512): the work of the parser
 * and the readers would otherwise grow with the square of a page's size.
 */
const MAX_DEPTH = 512;
const MAX_NEAR = 200;
/** Elements that usually hold one item of a list. */
const ITEMS = new Set(["li", "tr", "article", "figure", "dd", "section", "div", "fieldset"]);
/** Elements that always hold one item of a list. */
const ENTRIES = new Set(["li", "tr", "article", "dd"]);

/** The ancestors of an element that forms depend on. */
interface Ancestors {
  form: Element | undefined;
  label: Element | undefined;
  fieldset: Element | undefined;
  datalist: Element | undefined;
}
const NEAREST = ["form", "label", "fieldset", "datalist"] as const satisfies (keyof Ancestors)[];

/**
 * A parsed page with cached lookups. Building it, and every lookup, take at most linear time in the page's size, for
 * any page.
 */
export class HtmlDocument {
  readonly root: Document;
  /** Every element, in the order of the document. */
  readonly elements: readonly Element[];
  /** By element: its index in {@link elements}, and the index after its last descendant. */
  readonly #from = new Map<Element, number>();
  readonly #to: number[] = [];
  readonly #ancestors = new Map<Element, Ancestors>();
  /** By name: indexes in {@link elements}. */
  readonly #byName = new Map<string, number[]>();
  readonly #byId = new Map<string, Element>();
  readonly #alike = new Map<ParentNode, Map<string, number>>();
  readonly #near = new Map<Element, string | undefined>();

  constructor(html: string) {
    const tree = new TreeBuilder();
    new DepthLimitedParser(tree).end(html);
    this.root = tree.root;
    this.elements = this.#index(tree.flatForms);
  }

  /** All elements of a name, in the order of the document. */
  named(name: string): Element[] {
    return (this.#byName.get(name) ?? []).map((place) => this.elements[place] as Element);
  }

  /** The first element with an id. */
  byId(id: string): Element | undefined {
    return this.#byId.get(id);
  }

  /** The nearest element of a name around another. */
  around(element: Element, name: keyof Ancestors): Element | undefined {
    return this.#ancestors.get(element)?.[name];
  }

  /** The first element of one of the names within another. */
  firstWithin(element: Element, names: readonly string[]): Element | undefined {
    let first = Number.POSITIVE_INFINITY;
    for (const name of names)
      first = Math.min(first, this.#placesWithin(element, name).next().value ?? first);
    return this.elements[first];
  }

  /** The elements of a name within another, in the order of the document. */
  *allWithin(element: Element, name: string): Generator<Element> {
    for (const place of this.#placesWithin(element, name)) yield this.elements[place] as Element;
  }

  /** Whether an element is another or stands within it. */
  contains(outer: Element, inner: Element): boolean {
    const from = this.#from.get(outer) ?? 0;
    const place = this.#from.get(inner) ?? -1;
    return place >= from && place < (this.#to[from] ?? 0);
  }

  /** The text of the item that an element belongs to: the nearest of several similar ones, a row or a card. */
  nearOf(element: Element): string | undefined {
    const climbed: Element[] = [];
    let at: ParentNode | null = element.parent;
    let text: string | undefined;
    for (; at instanceof Element; at = at.parent) {
      if (this.#near.has(at)) {
        text = this.#near.get(at);
        break;
      }
      climbed.push(at);
      if (ITEMS.has(at.name) && this.#countAlike(at) > 1) {
        text = visibleText(at, MAX_NEAR).replaceAll("\n", " ") || undefined;
        break;
      }
    }
    for (const one of climbed) this.#near.set(one, text);
    return text;
  }

  /** Not recursive: pages may be deeper than the stack of the process. */
  #index(flatForms: ReadonlySet<Element>): Element[] {
    const elements: Element[] = [];
    const none: Ancestors = { form: undefined, label: undefined, fieldset: undefined, datalist: undefined };
    const waiting: { node: AnyNode; around: Ancestors }[] = [];
    /** Elements whose descendants are being read. */
    const open: number[] = [];
    const push = (children: readonly AnyNode[], around: Ancestors): void => {
      for (let i = children.length - 1; i >= 0; i -= 1)
        waiting.push({ node: children[i] as AnyNode, around });
    };
    let flatForm: Element | undefined;
    push(this.root.children, none);
    while (waiting.length > 0) {
      const { node, around: outer } = waiting.pop() as (typeof waiting)[number];
      if (!isTag(node)) continue;
      // A control belongs to the form that was opened last (HTML, "form element pointer").
      const around =
        flatForm === undefined || outer.form !== undefined ? outer : { ...outer, form: flatForm };
      if (node.name === "form") flatForm = flatForms.has(node) ? node : undefined;
      const place = elements.push(node) - 1;
      while (open.length > 0 && elements[open.at(-1) as number] !== node.parent)
        this.#to[open.pop() as number] = place;
      open.push(place);
      this.#from.set(node, place);
      this.#ancestors.set(node, around);
      const places = this.#byName.get(node.name);
      if (places === undefined) this.#byName.set(node.name, [place]);
      else places.push(place);
      const { id } = node.attribs;
      if (id !== undefined && !this.#byId.has(id)) this.#byId.set(id, node);
      if (isInert(node)) continue;
      const name = NEAREST.find((one) => one === node.name);
      push(node.children, name === undefined ? around : { ...around, [name]: node });
    }
    for (const place of open) this.#to[place] = elements.length;
    return elements;
  }

  *#placesWithin(element: Element, name: string): Generator<number, undefined> {
    const places = this.#byName.get(name);
    const from = this.#from.get(element);
    if (places === undefined || from === undefined) return;
    const to = this.#to[from] ?? 0;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] as number) > from) high = middle;
      else low = middle + 1;
    }
    for (let i = low; i < places.length && (places[i] as number) < to; i += 1) yield places[i] as number;
  }

  /**
   * How many siblings of an element have the same structure. Rows and list entries count as similar whatever their
   * classes.
   */
  #countAlike(element: Element): number {
    const { parent } = element;
    if (parent === null) return 1;
    let counts = this.#alike.get(parent);
    if (counts === undefined) {
      counts = new Map();
      this.#alike.set(parent, counts);
      for (const node of parent.children) {
        if (!isTag(node)) continue;
        const key = kindOf(node);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return counts.get(kindOf(element)) ?? 0;
  }
}

function kindOf({ name, attribs }: Element): string {
  return ENTRIES.has(name) ? name : `${name} ${attribs.class ?? ""}`;
}

/** Whether a browser shows nothing of an element's content: a template is markup for scripts, unless it is a shadow tree. */
const isInert = ({ name, attribs }: Element): boolean =>
  name === "template" && attribs.shadowrootmode === undefined;

/** Builds the tree, and tracks its depth. */
class TreeBuilder extends DomHandler {
  depth = 0;
  /** Forms that are empty because they would be too deep: their content follows them. */
  readonly flatForms = new Set<Element>();

  override onopentag(name: string, attribs: Record<string, string>): void {
    super.onopentag(name, attribs);
    const opened = this.tagStack.at(-1);
    if (name === "form" && this.depth >= MAX_DEPTH && opened instanceof Element) this.flatForms.add(opened);
    this.depth += 1;
  }

  override onclosetag(): void {
    super.onclosetag();
    this.depth -= 1;
  }
}

/** A parser that treats elements which would be too deep as void: they end where they begin. */
class DepthLimitedParser extends Parser {
  readonly #tree: TreeBuilder;
  #tooDeep = false;

  constructor(tree: TreeBuilder) {
    super(tree);
    this.#tree = tree;
  }

  override onopentagname(start: number, endIndex: number): void {
    this.#tooDeep = this.#tree.depth >= MAX_DEPTH;
    super.onopentagname(start, endIndex);
  }

  override onclosetag(start: number, endIndex: number): void {
    this.#tooDeep = false;
    super.onclosetag(start, endIndex);
  }

  protected override isVoidElement(name: string): boolean {
    return this.#tooDeep || super.isVoidElement(name);
  }
}
