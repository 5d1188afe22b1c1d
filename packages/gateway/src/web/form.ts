import { encodingName } from "@ape/core/lib/charset";
import { mainButton } from "@ape/core/protocol/form";
import type { PageControl, PageForm, PageOption } from "@ape/core/protocol/page";
import type { Element } from "domhandler";
import { attribute, has, isAside, visibleText } from "./element.ts";
import { FieldErrors } from "./field-errors.ts";
import type { HtmlDocument } from "./html-document.ts";
import type { TargetUrl } from "./target-url.ts";

const MAX_FORMS = 50;
const MAX_CONTROLS = 60;
const MAX_OPTIONS = 200;
const MAX_LABEL = 120;
const MAX_VALUE = 4_000;
const ENCTYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] as const;

/** The forms of a page that are sent to the target, with everything that a browser would send. */
export function formsOf(document: HtmlDocument, around: PageContext): PageForm[] {
  const forms = document.named("form").slice(0, MAX_FORMS);
  // Most pages have none: what only forms need is computed only for them.
  if (forms.length === 0) return [];
  const context = {
    ...around,
    document,
    labels: new Labels(document),
    complaints: new FieldErrors(document),
  };
  const controls = controlsByForm(document);
  const found: PageForm[] = [];
  for (const [index, form] of forms.entries()) {
    const owned = controls.get(form) ?? [];
    const buttons = owned.filter(isButton);
    const special = buttons.filter(isSpecial);
    const plain = owned.filter((element) => !isSpecial(element));
    const id = attribute(form, "id") ?? attribute(form, "name") ?? String(index + 1);
    const read = (button: Element | undefined, elements: readonly Element[], name: string): void => {
      const one = formOf(form, button, elements, { ...context, id: name });
      if (one !== undefined && found.length < MAX_FORMS) found.push(one);
    };
    if (special.length < buttons.length || buttons.length === 0) read(undefined, plain, id);
    const fields = owned.filter((element) => !isButton(element));
    for (const [number, button] of special.slice(0, MAX_FORMS).entries())
      read(button, [...fields, button], `${id}-${number + 1}`);
  }
  return found;
}

/**
 * The controls of each form that are not disabled, by the `form` attribute, else by the form around them (HTML,
 * "Association of controls and forms").
 */
function controlsByForm(document: HtmlDocument): Map<Element, Element[]> {
  const byId = new Map<string, Element>();
  for (const form of document.named("form"))
    if (form.attribs.id !== undefined && !byId.has(form.attribs.id)) byId.set(form.attribs.id, form);
  const controls = new Map<Element, Element[]>();
  for (const element of document.elements) {
    if (!isControl(element) || isDisabled(element, document)) continue;
    const named = attribute(element, "form");
    const form = named === undefined ? document.around(element, "form") : byId.get(named);
    if (form === undefined) continue;
    const owned = controls.get(form);
    if (owned === undefined) controls.set(form, [element]);
    else owned.push(element);
  }
  return controls;
}

/** The texts of a page's labels, each read once. */
class Labels {
  readonly #document: HtmlDocument;
  readonly #byControl = new Map<string, Element>();
  readonly #texts = new Map<Element, string>();

  constructor(document: HtmlDocument) {
    this.#document = document;
    for (const label of document.named("label"))
      if (label.attribs.for !== undefined) this.#byControl.set(label.attribs.for, label);
  }

  /** The label of a control: one that names its id, else the one around it. */
  of(control: Element): string {
    const id = attribute(control, "id");
    const naming = id === undefined ? undefined : this.#byControl.get(id);
    return this.#textOf(naming) || this.#textOf(this.#document.around(control, "label"));
  }

  #textOf(label: Element | undefined): string {
    if (label === undefined) return "";
    let text = this.#texts.get(label);
    if (text === undefined) {
      text = visibleText(label, MAX_LABEL);
      this.#texts.set(label, text);
    }
    return text;
  }
}

/** A page's address and encoding. */
export interface PageContext {
  base: URL;
  page: URL;
  place: TargetUrl;
  /** As named in the Encoding Standard. */
  encoding: string;
}

interface Context extends PageContext {
  id: string;
  document: HtmlDocument;
  labels: Labels;
  complaints: FieldErrors;
}

/** @param button a button that overrides the form's attributes */
function formOf(
  form: Element,
  button: Element | undefined,
  elements: readonly Element[],
  context: Context,
): PageForm | undefined {
  const { id, document, base, page, place, encoding } = context;
  const charset = charsetOfForm(form, encoding);
  const method = (
    (button && attribute(button, "formmethod")) ??
    attribute(form, "method") ??
    "get"
  ).toLowerCase();
  if (method === "dialog") return undefined;
  const action = (button && attribute(button, "formaction")) ?? attribute(form, "action");
  const path = place.path(action ?? page.href, base);
  if (path === undefined) return undefined;
  // A button that skips the checks saves a draft or leads back.
  const skips = (element: Element): boolean => isButton(element) && has(element, "formnovalidate");
  const ordered = elements.some(skips)
    ? [...elements.filter((element) => !skips(element)), ...elements.filter(skips)]
    : elements;
  const controls = controlsOf(ordered, context);
  const wanted = attribute(form, "enctype")?.toLowerCase();
  const near = document.nearOf(form);
  const first = mainButton({ controls });
  const legend = document.firstWithin(form, HEADINGS);
  const label =
    first?.label ||
    attribute(form, "aria-label") ||
    (legend === undefined ? "" : visibleText(legend, MAX_LABEL));
  return {
    id,
    label,
    method: method === "post" ? "POST" : "GET",
    path,
    enctype: ENCTYPES.find((known) => known === wanted) ?? ENCTYPES[0],
    controls,
    ...(charset === undefined ? {} : { charset }),
    ...(near === undefined ? {} : { near }),
    ...(isAside(form) ? { aside: true } : {}),
  };
}

/**
 * The encoding that a form is sent in, undefined for UTF-8: the first known one of its `accept-charset`, else that of the
 * page; UTF-16 is sent as UTF-8 (HTML, "picking an encoding for the form", and Encoding Standard, "get an output encoding").
 */
function charsetOfForm(form: Element, encoding: string): string | undefined {
  const accepted = attribute(form, "accept-charset")?.split(/[\s,]+/) ?? [];
  const name = accepted.map(encodingName).find((one) => one !== undefined) ?? encoding;
  return name === "utf-8" || name.startsWith("utf-16") || name === "replacement" ? undefined : name;
}

const HEADINGS = ["legend", "h1", "h2", "h3", "h4", "h5", "h6"];

const isControl = ({ name }: Element): boolean =>
  name === "input" || name === "select" || name === "textarea" || name === "button";

function isButton(element: Element): boolean {
  const type = element.attribs.type?.toLowerCase();
  if (element.name === "button") return type === undefined || type === "submit";
  return element.name === "input" && (type === "submit" || type === "image");
}

/** Whether a button overrides its form's attributes. */
function isSpecial(element: Element): boolean {
  return isButton(element) && (has(element, "formaction") || has(element, "formmethod"));
}

function isDisabled(element: Element, document: HtmlDocument): boolean {
  if (has(element, "disabled") || document.around(element, "datalist") !== undefined) return true;
  const set = document.around(element, "fieldset");
  return set !== undefined && has(set, "disabled");
}

function controlsOf(elements: readonly Element[], { document, labels, complaints }: Context): PageControl[] {
  const controls: PageControl[] = [];
  const groups = new Map<string, PageOption[]>();
  for (const element of elements) {
    if (controls.length >= MAX_CONTROLS) break;
    const name = element.attribs.name ?? "";
    const type = typeOf(element);
    if (type === "button" || type === "reset") continue;
    if (name === "" && type !== "submit" && type !== "image") continue;
    const group = type === "radio" || type === "checkbox" ? groups.get(`${type} ${name}`) : undefined;
    if (group !== undefined && group.length >= MAX_OPTIONS) continue;
    const label = labelOf(element, labels);
    if (type === "radio" || type === "checkbox") {
      const option: PageOption = {
        value: element.attribs.value ?? "on",
        label,
        selected: has(element, "checked"),
      };
      if (group !== undefined) {
        group.push(option);
        continue;
      }
      const options = [option];
      groups.set(`${type} ${name}`, options);
      controls.push({
        name,
        type,
        label: groupLabel(element, document) ?? label,
        value: "",
        required: has(element, "required"),
        options,
        ...complaintOf(element, complaints),
      });
      continue;
    }
    const complaint = type === "hidden" || isButton(element) ? {} : complaintOf(element, complaints);
    controls.push({ ...controlOf(element, name, type, label, document), ...complaint });
  }
  // One checkbox is named by its label; several, by their group.
  for (const control of controls)
    if (control.type === "checkbox" && control.options?.length === 1)
      control.label = control.options[0]?.label ?? control.label;
  return controls;
}

function complaintOf(element: Element, complaints: FieldErrors): Pick<PageControl, "error"> {
  const error = complaints.of(element);
  return error === undefined ? {} : { error };
}

function controlOf(
  element: Element,
  name: string,
  type: string,
  label: string,
  document: HtmlDocument,
): PageControl {
  const control: PageControl = {
    name,
    type,
    label,
    value: textValue(element, type),
    required: has(element, "required"),
  };
  if (type === "select") {
    const options: PageOption[] = [];
    for (const one of document.allWithin(element, "option")) {
      if (options.length >= MAX_OPTIONS) break;
      if (has(one, "disabled")) continue;
      const text = visibleText(one, MAX_LABEL);
      options.push({ value: one.attribs.value ?? text, label: text, selected: has(one, "selected") });
    }
    control.options = options;
    if (has(element, "multiple")) control.multiple = true;
  }
  for (const bound of ["min", "max"] as const) {
    const value = Number(attribute(element, bound) ?? Number.NaN);
    if (!Number.isNaN(value)) control[bound] = value;
  }
  return control;
}

function typeOf(element: Element): string {
  const type = attribute(element, "type")?.toLowerCase();
  if (element.name === "select" || element.name === "textarea") return element.name;
  if (element.name === "button") return type === undefined ? "submit" : type;
  return type ?? "text";
}

function textValue(element: Element, type: string): string {
  // A line end right after the tag is not part of the value (HTML, "The textarea element").
  if (type === "textarea")
    return element.children
      .map((node) => ("data" in node ? node.data : ""))
      .join("")
      .replace(/^\r?\n/, "")
      .slice(0, MAX_VALUE);
  return (element.attribs.value ?? "").slice(0, MAX_VALUE);
}

function labelOf(element: Element, labels: Labels): string {
  const type = typeOf(element);
  if (type === "submit" || type === "image")
    return (
      (element.name === "button"
        ? visibleText(element, MAX_LABEL)
        : (element.attribs.value ?? element.attribs.alt ?? "")) ||
      attribute(element, "aria-label") ||
      attribute(element, "title") ||
      "Submit"
    );
  const { attribs } = element;
  return (labels.of(element) || attribs["aria-label"] || attribs.placeholder || attribs.title || "").trim();
}

/** The name of a group of radio buttons or checkboxes. */
function groupLabel(element: Element, document: HtmlDocument): string | undefined {
  const set = document.around(element, "fieldset");
  const legend = set === undefined ? undefined : document.firstWithin(set, ["legend"]);
  return legend === undefined ? undefined : visibleText(legend, MAX_LABEL);
}
