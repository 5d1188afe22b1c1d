import type { ApiField } from "./api-field.ts";

/** Whether a control is ticked or not: a checkbox, and no choice of several. */
export const isBox = (type: string, options: number | undefined): boolean =>
  type === "checkbox" && (options ?? 1) === 1;

/**
 * The JSON type and the format of what a control of a page takes. Source: HTML, "The input element".
 * @param type the control's type, `text`, `number`, `select` ...
 */
export function valueOfControl(type: string, box: boolean): Pick<ApiField, "type" | "format"> {
  const format = FORMATS[type];
  return {
    type: box ? "boolean" : type === "number" || type === "range" ? "number" : "string",
    ...(format === undefined ? {} : { format }),
  };
}

const FORMATS: Readonly<Record<string, string>> = {
  email: "email",
  password: "password",
  date: "date",
  url: "uri",
  "datetime-local": "date-time",
};
