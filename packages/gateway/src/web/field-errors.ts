import { Element } from "domhandler";
import { attribute, isHidden, visibleText } from "./element.ts";
import type { HtmlDocument } from "./html-document.ts";

const MAX_COMPLAINT = 200;
const MAX_MARKS = 100;
/** Maximum distance of a control's error message. */
const FARTHEST = 4;
/** Common class names of error messages: `errorlist`, `field-error`, `invalid-feedback`, `help is-danger`. */
const MARKED = /(?:^|[\s_-])(?:errors?|errorlist|invalid|danger)(?:$|[\s_-])/i;
/** Present in the page from the start, and only shown beside a control that is marked itself. */
const WAITING = /(?:^|[\s_-])invalid-(?:feedback|tooltip)(?:$|\s)/i;
/** Classes of a control, or of what is around it, that say that it was filled in wrongly. */
const FAULTY =
  /(?:^|\s)(?:is-invalid|invalid|error|has-errors?|is-error|is-danger|field[_-]?with[_-]?errors?|fieldWithErrors|input-validation-error|form-control-danger|input-error|form-error|field-error|p-invalid|usa-form-group--error|govuk-form-group--error)(?=$|\s)/i;
const HINT = /(?:^|\s)(?:help|help-block|help-inline|hint|feedback|message)(?=$|\s)/i;
const MARK = "is marked as invalid";
const CONTROLS = ["input", "select", "textarea"];

/** The error messages of one page's forms, by control. */
export class FieldErrors {
  readonly #document: HtmlDocument;
  readonly #marks: Element[] = [];
  /** The controls within an element, at most {@link FARTHEST} levels deep; those of a group count as one. */
  readonly #held = new Map<Element, Set<string | Element>>();

  constructor(document: HtmlDocument) {
    this.#document = document;
    let looked = 0;
    for (const element of document.elements) {
      if (looked < MAX_MARKS && isMarked(element)) {
        looked += 1;
        if (document.firstWithin(element, CONTROLS) === undefined) this.#marks.push(element);
      }
      const { type, name } = element.attribs;
      if (!CONTROLS.includes(element.name) || type === "hidden") continue;
      for (const part of partsAround(element)) {
        const held = this.#held.get(part) ?? new Set();
        held.add((type === "radio" || type === "checkbox") && name !== undefined ? name : element);
        this.#held.set(part, held);
      }
    }
  }

  /**
   * The error message of a control, or undefined: by WAI-ARIA (`aria-errormessage`, or `aria-describedby` of a control
   * that is `aria-invalid`), else a text marked as an error in the part of the page that belongs to the control alone.
   */
  of(control: Element): string | undefined {
    const invalid = control.attribs["aria-invalid"];
    for (const ids of [
      invalid === "false" ? undefined : attribute(control, "aria-errormessage"),
      invalid === "true" ? attribute(control, "aria-describedby") : undefined,
    ]) {
      const said = (ids?.split(/\s+/) ?? []).map((id) => textIn(this.#document.byId(id)));
      const text = said.filter((one) => one !== "").join(" ");
      if (text !== "") return text.slice(0, MAX_COMPLAINT);
    }
    return this.#near(control, invalid === "true") ?? this.#markOf(control, invalid === "true");
  }

  #near(control: Element, invalid: boolean): string | undefined {
    if (this.#marks.length === 0) return undefined;
    const marked = invalid || MARKED.test(control.attribs.class ?? "");
    for (const part of partsAround(control)) {
      if ((this.#held.get(part)?.size ?? 0) > 1) return undefined;
      for (const one of this.#marks) {
        if (
          one === part ||
          !this.#document.contains(part, one) ||
          (!marked && WAITING.test(one.attribs.class ?? ""))
        )
          continue;
        const text = textIn(one);
        if (text !== "") return text;
      }
    }
    return undefined;
  }

  /** What stands for words where a control or what is around it alone is only marked as faulty. */
  #markOf(control: Element, invalid: boolean): string | undefined {
    if (invalid || FAULTY.test(control.attribs.class ?? "")) return MARK;
    for (const part of partsAround(control)) {
      if ((this.#held.get(part)?.size ?? 0) > 1) return undefined;
      if (!FAULTY.test(part.attribs.class ?? "")) continue;
      for (const name of ["span", "p", "div", "small"])
        for (const element of this.#document.allWithin(part, name))
          if (isHint(element)) return textIn(element) || MARK;
      return MARK;
    }
    return undefined;
  }
}

const isHint = ({ attribs }: Element): boolean => HINT.test(attribs.class ?? "");

/** What a control is in, its form left out. */
function* partsAround(control: Element): Generator<Element> {
  let part = control.parent;
  for (let away = 0; away < FARTHEST && part instanceof Element; away += 1) {
    if (part.name === "form" || part.name === "body") return;
    yield part;
    part = part.parent;
  }
}

/** Whether an element is marked as an error message, rather than as the control that has one. */
function isMarked({ name, attribs }: Element): boolean {
  if (CONTROLS.includes(name) || name === "label" || name === "form") return false;
  return attribs.role === "alert" || MARKED.test(attribs.class ?? "");
}

const textIn = (element: Element | undefined): string =>
  element === undefined || isHidden(element) ? "" : visibleText(element, MAX_COMPLAINT).replaceAll("\n", " ");
