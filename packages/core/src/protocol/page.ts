/** A link of a page; `path` is relative to the target's `baseUrl`. */
export interface PageLink {
  text: string;
  path: string;
  /** Text of the item (row, card, list entry) that it is in, where that says more than the link. */
  near?: string;
}

/** A choice of a select, a radio group or a checkbox. */
export interface PageOption {
  value: string;
  label: string;
  /** Chosen or checked when the page comes. */
  selected: boolean;
}

/** What a form sends under one name. Radio buttons of a name are one control, and so are checkboxes. */
export interface PageControl {
  name: string;
  /** `text`, `password`, `email`, `number`, `hidden`, `select`, `radio`, `checkbox`, `textarea`, `file`, `submit` ... */
  type: string;
  label: string;
  /** What is sent unless something else is filled in; of a button, what it sends. */
  value: string;
  required: boolean;
  options?: readonly PageOption[];
  /** A select that takes several. */
  multiple?: boolean;
  min?: number;
  max?: number;
  /** What the page says is wrong with what was filled in. */
  error?: string;
}

/** A form of a page. */
export interface PageForm {
  /** Its `id` or `name`, else its number on the page, from 1. */
  id: string;
  /** What its submit button says, else its heading. */
  label: string;
  method: "GET" | "POST";
  /** Where it is sent, relative to the target's `baseUrl`. */
  path: string;
  enctype: "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain";
  controls: readonly PageControl[];
  /** The character encoding that it is sent in, where that is not UTF-8. */
  charset?: string;
  /** As of {@link PageLink.near}. */
  near?: string;
}

/** A page as an agent sees it: what it says, and what can be done. Bounded by who reads it. */
export interface Page {
  title: string;
  /** Where the page is, relative to the target's `baseUrl`, redirects followed. */
  path: string;
  text: string;
  links: readonly PageLink[];
  forms: readonly PageForm[];
  /** Its first main heading. */
  heading?: string;
  /** What the page says went wrong, in places that are marked as such. */
  alerts?: readonly PageAlert[];
}

/** A message of a page. */
export interface PageAlert {
  text: string;
  /** Its mark-up says that it is an error; otherwise it is a message of some kind (`role=alert`). */
  isError: boolean;
}
