import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";

const TYPES: Record<string, string> = { "#": "integer", "?": "boolean" };

/**
 * `name!` is required, `name=a,b` is one of these, `name#` is a number, `name?` is true or false, `name@date` has a format; else it
 * is a text. `name~full_name` has a description.
 */
function field(place: ApiField["in"], written: string): ApiField {
  const [text = "", description = ""] = written.split("~");
  const [named = "", options] = text.split("=");
  const [marked = "", format] = named.split("@");
  const type = TYPES[marked.at(-1) ?? ""] ?? TYPES[marked.at(-2) ?? ""] ?? "string";
  return {
    in: place,
    name: marked.replaceAll(/[!#?]/g, ""),
    type,
    required: marked.includes("!") || place === "path",
    description: description.replaceAll("_", " "),
    ...(format === undefined ? {} : { format }),
    ...(options === undefined ? {} : { enum: options.split(",") }),
  };
}

/** An input: `&name` is in the query, `^name` is a header, others are in the body. */
function input(text: string): ApiField {
  if (text.startsWith("&")) return field("query", text.slice(1));
  return text.startsWith("^") ? field("header", text.slice(1)) : field("body", text);
}

const words = (text: string): string[] => text.split(" ").filter((part) => part !== "");

/** `METHOD /path | summary | inputs | fields of the answer | signature`. */
function operation(line: string): ApiOperation {
  const [key = "", summary = "", inputs = "", answers = "", signature = ""] = line
    .split("|")
    .map((part) => part.trim());
  const [method = "", path = ""] = key.split(" ");
  return {
    method: method as ApiOperation["method"],
    path,
    summary,
    secured: false,
    ...(signature === "" ? {} : { signature }),
    fields: [
      ...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => field("path", name)),
      ...words(inputs).map(input),
      ...words(answers).map((text) => field("answer", text)),
    ],
  };
}

/** An API by lines, one for each operation. */
export const apiOf = (kind: ApiDescription["kind"], ...lines: readonly string[]): ApiDescription => ({
  target: "app",
  title: "",
  documented: true,
  auth: [],
  ...(kind === undefined ? {} : { kind }),
  operations: lines.map(operation),
});
