/** A link of a page; `path` is relative to the target's `baseUrl`. */
export interface PageLink {
  text: string;
  path: string;
  /** Text of the item (row, card, list entry) around it, if that says more than the link. */
  near?: string;
}

/** A choice of a select, a radio group or a checkbox. */
export interface PageOption {
  value: string;
  label: string;
  /** Initially selected or checked. */
  selected: boolean;
}

/** What a form sends under one name. Radio buttons of a name are one control, and so are checkboxes. */
export interface PageControl {
  name: string;
  /** `text`, `password`, `email`, `number`, `hidden`, `select`, `radio`, `checkbox`, `textarea`, `file`, `submit` ... */
  type: string;
  label: string;
  /** The value that is sent by default; of a button, the value that it sends. */
  value: string;
  required: boolean;
  options?: readonly PageOption[];
  /** A select that takes several. */
  multiple?: boolean;
  min?: number;
  max?: number;
  /** The page's error message for the submitted value. */
  error?: string;
}

/** A form of a page. */
export interface PageForm {
  /** Its `id` or `name`, else its number on the page, from 1. */
  id: string;
  /** The label of its submit button, else its heading. */
  label: string;
  method: "GET" | "POST";
  /** Where it is sent, relative to the target's `baseUrl`. */
  path: string;
  enctype: "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain";
  controls: readonly PageControl[];
  /** The character encoding of its submission, if that is not UTF-8. */
  charset?: string;
  /** As of {@link PageLink.near}. */
  near?: string;
  /** It stands beside the page's content: in its header, footer, navigation or sidebar. */
  aside?: true;
}

/** A page as an agent sees it: its text, links and forms. The reader bounds it. */
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
  /** What the page says went well, in places that are marked as such. */
  notices?: readonly string[];
}

/** A message of a page. */
export interface PageAlert {
  text: string;
  /** Its mark-up marks it as an error; otherwise it is a message of any kind (`role=alert`). */
  isError: boolean;
}
