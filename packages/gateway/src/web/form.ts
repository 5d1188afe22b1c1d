import type { PageControl, PageForm, PageOption } from "@ape/core/page";
import type { Element } from "domhandler";
import { Complaints } from "./complaint.ts";
import { around, attribute, elementsOf, has, nearOf, textOf } from "./element.ts";
import type { Place } from "./place.ts";

const MAX_FORMS = 50;
const MAX_CONTROLS = 60;
const MAX_OPTIONS = 200;
const MAX_LABEL = 120;
const MAX_VALUE = 4_000;
const ENCTYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] as const;

/** The forms of a page that are sent to the target, with all that a browser would send of them. */
export function formsOf(all: readonly Element[], base: URL, page: URL, place: Place): PageForm[] {
  const forms = all.filter(({ name }) => name === "form").slice(0, MAX_FORMS);
  // Most pages have none: what is only looked up for forms is not looked up there.
  if (forms.length === 0) return [];
  const labels = new Map<string, string>();
  for (const label of all)
    if (label.name === "label" && label.attribs.for !== undefined)
      labels.set(label.attribs.for, textOf(label, MAX_LABEL));
  const complaints = new Complaints(all);
  const found: PageForm[] = [];
  for (const [index, form] of forms.entries()) {
    const owned = all.filter(
      (element) => isControl(element) && owner(element, all) === form && !isDisabled(element),
    );
    const buttons = owned.filter(isButton);
    const special = buttons.filter((button) => has(button, "formaction") || has(button, "formmethod"));
    const plain = owned.filter((element) => !special.includes(element));
    const id = attribute(form, "id") ?? attribute(form, "name") ?? String(index + 1);
    const read = (button: Element | undefined, controls: readonly Element[], name: string): void => {
      const one = formOf(form, button, controls, { id: name, labels, complaints, base, page, place });
      if (one !== undefined && found.length < MAX_FORMS) found.push(one);
    };
    if (special.length < buttons.length || buttons.length === 0) read(undefined, plain, id);
    for (const [number, button] of special.entries())
      read(button, [...owned.filter((element) => !isButton(element)), button], `${id}-${number + 1}`);
  }
  return found;
}

interface Context {
  id: string;
  labels: ReadonlyMap<string, string>;
  complaints: Complaints;
  base: URL;
  page: URL;
  place: Place;
}

/** @param button a button that sends the form its own way */
function formOf(
  form: Element,
  button: Element | undefined,
  elements: readonly Element[],
  { id, labels, complaints, base, page, place }: Context,
): PageForm | undefined {
  const method = (
    (button && attribute(button, "formmethod")) ??
    attribute(form, "method") ??
    "get"
  ).toLowerCase();
  if (method === "dialog") return undefined;
  const action = (button && attribute(button, "formaction")) ?? attribute(form, "action");
  const path = place.path(action ?? page.href, base);
  if (path === undefined) return undefined;
  const controls = controlsOf(elements, labels, complaints);
  const wanted = attribute(form, "enctype")?.toLowerCase();
  const near = nearOf(form);
  const first = controls.find(({ type }) => type === "submit");
  const legend = elementsOf(form).find(({ name }) => name === "legend" || /^h[1-6]$/.test(name));
  const label =
    first?.label || attribute(form, "aria-label") || (legend === undefined ? "" : textOf(legend, MAX_LABEL));
  return {
    id,
    label,
    method: method === "post" ? "POST" : "GET",
    path,
    enctype: ENCTYPES.find((known) => known === wanted) ?? ENCTYPES[0],
    controls,
    ...(near === undefined ? {} : { near }),
  };
}

const isControl = ({ name }: Element): boolean =>
  name === "input" || name === "select" || name === "textarea" || name === "button";

function isButton(element: Element): boolean {
  const type = element.attribs.type?.toLowerCase();
  if (element.name === "button") return type === undefined || type === "submit";
  return element.name === "input" && (type === "submit" || type === "image");
}

/** HTML, "Association of controls and forms": by the `form` attribute, else the form around it. */
function owner(element: Element, all: readonly Element[]): Element | undefined {
  const named = attribute(element, "form");
  if (named === undefined) return around(element, "form");
  return all.find(({ name, attribs }) => name === "form" && attribs.id === named);
}

function isDisabled(element: Element): boolean {
  if (has(element, "disabled") || around(element, "datalist") !== undefined) return true;
  const set = around(element, "fieldset");
  return set !== undefined && has(set, "disabled");
}

function controlsOf(
  elements: readonly Element[],
  labels: ReadonlyMap<string, string>,
  complaints: Complaints,
): PageControl[] {
  const controls: PageControl[] = [];
  for (const element of elements) {
    if (controls.length >= MAX_CONTROLS) break;
    const name = element.attribs.name ?? "";
    const type = typeOf(element);
    if (type === "button" || type === "reset") continue;
    if (name === "" && type !== "submit" && type !== "image") continue;
    const label = labelOf(element, labels);
    if (type === "radio" || type === "checkbox") {
      const option: PageOption = {
        value: element.attribs.value ?? "on",
        label,
        selected: has(element, "checked"),
      };
      const group = controls.find((control) => control.name === name && control.type === type);
      if (group?.options !== undefined) (group.options as PageOption[]).push(option);
      else
        controls.push({
          name,
          type,
          label: groupLabel(element) ?? label,
          value: "",
          required: has(element, "required"),
          options: [option],
          ...complaintOf(element, complaints),
        });
      continue;
    }
    const complaint = type === "hidden" || isButton(element) ? {} : complaintOf(element, complaints);
    controls.push({ ...controlOf(element, name, type, label), ...complaint });
  }
  // One checkbox is called what it says; several, what their group says.
  for (const control of controls)
    if (control.type === "checkbox" && control.options?.length === 1)
      control.label = control.options[0]?.label ?? control.label;
  return controls;
}

function complaintOf(element: Element, complaints: Complaints): Pick<PageControl, "error"> {
  const error = complaints.of(element);
  return error === undefined ? {} : { error };
}

function controlOf(element: Element, name: string, type: string, label: string): PageControl {
  const control: PageControl = {
    name,
    type,
    label,
    value: textValue(element, type),
    required: has(element, "required"),
  };
  if (type === "select") {
    control.options = elementsOf(element)
      .filter((one) => one.name === "option" && !has(one, "disabled"))
      .slice(0, MAX_OPTIONS)
      .map((one) => {
        const text = textOf(one, MAX_LABEL);
        return { value: one.attribs.value ?? text, label: text, selected: has(one, "selected") };
      });
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
  // A line end right behind the tag is not part of the value (HTML, "The textarea element").
  if (type === "textarea")
    return element.children
      .map((node) => ("data" in node ? node.data : ""))
      .join("")
      .replace(/^\r?\n/, "")
      .slice(0, MAX_VALUE);
  return (element.attribs.value ?? "").slice(0, MAX_VALUE);
}

function labelOf(element: Element, labels: ReadonlyMap<string, string>): string {
  const type = typeOf(element);
  if (type === "submit" || type === "image")
    return (
      (element.name === "button"
        ? textOf(element, MAX_LABEL)
        : (element.attribs.value ?? element.attribs.alt ?? "")) ||
      attribute(element, "aria-label") ||
      attribute(element, "title") ||
      "Submit"
    );
  const id = attribute(element, "id");
  const wrapping = around(element, "label");
  const { attribs } = element;
  return (
    (id === undefined ? undefined : labels.get(id)) ||
    (wrapping === undefined ? "" : textOf(wrapping, MAX_LABEL)) ||
    attribs["aria-label"] ||
    attribs.placeholder ||
    attribs.title ||
    ""
  ).trim();
}

/** What a group of radio buttons or checkboxes is called. */
function groupLabel(element: Element): string | undefined {
  const set = around(element, "fieldset");
  const legend = set === undefined ? undefined : elementsOf(set).find(({ name }) => name === "legend");
  return legend === undefined ? undefined : textOf(legend, MAX_LABEL);
}
