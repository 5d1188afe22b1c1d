import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import { decodePercent, encodeSegment } from "@ape/core/lib/percent";
import type { ToolCall } from "@ape/core/protocol/tool-call";

/** How a parameter that is a list or an object is written (OpenAPI 3.1, "Style Values"). */
export interface ParameterStyle {
  /** `json` for a parameter with a media type. */
  name: "form" | "spaceDelimited" | "pipeDelimited" | "deepObject" | "simple" | "label" | "matrix" | "json";
  explode: boolean;
}

/** Styles by the name of the parameter. */
export type ParameterStyles = ReadonlyMap<string, ParameterStyle>;

const DEFAULT_OBJECT: ParameterStyle = { name: "deepObject", explode: true };
const SEPARATORS: Partial<Record<ParameterStyle["name"], string>> = {
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
};

/** A text as `application/x-www-form-urlencoded` has it. */
const formText = (value: Json | undefined): string =>
  new URLSearchParams([["", parameterText(value)]]).toString().slice(1);
/** A value as text for a query, a path or a header. */
export const parameterText = (value: Json | undefined): string =>
  // A number out of range (1e999) is no JSON, but a text.
  typeof value === "string" || typeof value === "number"
    ? String(value)
    : value === undefined
      ? ""
      : writeJson(value);

/**
 * A list or an object of the query as encoded `name=value` pairs.
 * @param style undefined: a list repeats its name, an object has its keys in brackets
 */
export function queryPairs(name: string, given: Json, style: ParameterStyle | undefined): string[] {
  const key = formText(name);
  // Models also write lists and objects as JSON text.
  const value = (typeof given === "string" ? jsonIn(given) : undefined) ?? given;
  if (style?.name === "json") return [`${key}=${formText(writeJson(value))}`];
  if (Array.isArray(value)) {
    if (style === undefined || (style.name === "form" && style.explode) || style.name === "deepObject")
      return value.map((item) => `${key}=${formText(item)}`);
    return [`${key}=${value.map(formText).join(SEPARATORS[style.name] ?? ",")}`];
  }
  if (!isJsonObject(value)) return [`${key}=${formText(value)}`];
  const { name: kind, explode } = style ?? DEFAULT_OBJECT;
  if (kind === "deepObject") return bracketPairs(name, value);
  if (explode) return Object.entries(value).map(([inner, one]) => `${formText(inner)}=${formText(one)}`);
  const parts = Object.entries(value).flatMap(([inner, one]) => [formText(inner), formText(one)]);
  return [`${key}=${parts.join(SEPARATORS[kind] ?? ",")}`];
}

/** `name[key]=value`; deeper objects have more brackets, lists repeat their name, as most servers read them. */
function bracketPairs(name: string, value: JsonObject): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = `${name}[${key}]`;
    if (isJsonObject(inner)) return bracketPairs(path, inner);
    return (Array.isArray(inner) ? inner : [inner]).map((item) => `${formText(path)}=${formText(item)}`);
  });
}

/**
 * A segment of a path in its parameter's style. A value already in that style stays; a list or an object comes as JSON,
 * a list also with commas.
 * @param segment as on the wire, percent-encoded
 */
export function pathSegment(segment: string, name: string, { name: kind, explode }: ParameterStyle): string {
  if (kind === "label" && segment.startsWith(".")) return segment;
  if (kind === "matrix" && segment.startsWith(";")) return segment;
  const value = jsonIn(decodePercent(segment));
  if (kind === "json") return segment;
  const key = encodeSegment(name);
  if (value === undefined) {
    const items = segment.split(",");
    if (kind === "label") return `.${explode ? items.join(".") : segment}`;
    if (kind === "matrix")
      return explode ? items.map((item) => `;${key}=${item}`).join("") : `;${key}=${segment}`;
    return segment;
  }
  const encode = (one: Json): string => encodeSegment(parameterText(one));
  if (Array.isArray(value)) {
    const items = value.map(encode);
    if (kind === "label") return `.${items.join(explode ? "." : ",")}`;
    if (kind === "matrix")
      return explode ? items.map((item) => `;${key}=${item}`).join("") : `;${key}=${items.join(",")}`;
    return items.join(",");
  }
  const entries = Object.entries(value).map(([inner, one]) => [encode(inner), encode(one)] as const);
  const pairs = entries.map(([inner, one]) => `${inner}=${one}`);
  if (kind === "label") return `.${explode ? pairs.join(".") : entries.flat().join(",")}`;
  if (kind === "matrix")
    return explode ? pairs.map((pair) => `;${pair}`).join("") : `;${key}=${entries.flat().join(",")}`;
  return explode ? pairs.join(",") : entries.flat().join(",");
}

/**
 * A segment whose template may have literal text besides its parameters, as `l{s}` or `{a}:{b}`, with each parameter in
 * its style. A segment that does not match its template stays unchanged.
 */
function styledSegment(segment: string, template: string, styles: ParameterStyles): string {
  const parts = template.split(/\{([^{}]+)\}/);
  const values = segmentValues(segment, parts);
  if (values === undefined) return segment;
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const value = values[(index - 1) / 2] as string;
      const style = styles.get(part);
      return style === undefined ? value : pathSegment(value, part, style);
    })
    .join("");
}

/**
 * The values of a template's parameters in a segment, percent-encoded as they are there, each as short as the literal
 * text after it allows.
 */
function segmentValues(segment: string, parts: readonly string[]): string[] | undefined {
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  const end = segment.length - last.length;
  if (!segment.startsWith(first) || !segment.endsWith(last)) return undefined;
  const values: string[] = [];
  let at = first.length;
  for (let index = 2; index < parts.length - 1; index += 2) {
    const literal = parts[index] as string;
    const next = segment.indexOf(literal, at + 1);
    if (next < 0) return undefined;
    values.push(segment.slice(at, next));
    at = next + literal.length;
  }
  if (at >= end) return undefined;
  values.push(segment.slice(at, end));
  return values;
}

/**
 * The text of a header or a cookie in the style `simple` or `form`: a list or an object in JSON is joined by commas.
 */
export function headerText(written: string, { name, explode }: ParameterStyle): string {
  const value = name === "json" ? undefined : jsonIn(written);
  if (value === undefined) return written;
  if (Array.isArray(value)) return value.map(parameterText).join(",");
  const entries = Object.entries(value);
  return explode
    ? entries.map(([key, one]) => `${key}=${parameterText(one)}`).join(",")
    : entries.map(([key, one]) => `${key},${parameterText(one)}`).join(",");
}

/** The list or object that a text holds as JSON, or undefined. */
function jsonIn(written: string): Json[] | JsonObject | undefined {
  if (!/^[[{]/.test(written)) return undefined;
  try {
    const value = parseJson(written) as Json;
    return Array.isArray(value) || isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A call with its path and headers in its parameters' styles; the same object if nothing changes. */
export function styledCall(
  call: ToolCall,
  template: string,
  {
    path: paths,
    header: headers,
    cookie: cookies,
  }: { path: ParameterStyles; header: ParameterStyles; cookie: ParameterStyles },
): ToolCall {
  if (paths.size === 0 && headers.size === 0 && cookies.size === 0) return call;
  const styled = { ...call };
  if (paths.size > 0) {
    const mark = call.path.search(/[?#]/);
    const [path, rest] = mark < 0 ? [call.path, ""] : [call.path.slice(0, mark), call.path.slice(mark)];
    const segments = path.split("/");
    for (const [index, part] of template.split("/").entries()) {
      const segment = segments[index];
      if (segment !== undefined && part.includes("{")) segments[index] = styledSegment(segment, part, paths);
    }
    styled.path = segments.join("/") + rest;
  }
  if ((headers.size > 0 || cookies.size > 0) && call.headers !== undefined)
    styled.headers = Object.fromEntries(
      Object.entries(call.headers).map(([name, value]) => {
        if (cookies.size > 0 && name.toLowerCase() === "cookie") return [name, styledCookies(value, cookies)];
        const style = headers.get(name.toLowerCase());
        return [name, style === undefined ? value : headerText(value, style)];
      }),
    );
  return styled;
}

/** The cookies of a header in their styles; the commas between the values of a list stay as they are. */
function styledCookies(header: string, styles: ParameterStyles): string {
  const pairs = header.split("; ").map((pair) => {
    const at = pair.indexOf("=");
    const style = at < 1 ? undefined : styles.get(pair.slice(0, at));
    if (style === undefined) return pair;
    const written = decodePercent(pair.slice(at + 1));
    const text = headerText(written, style);
    return text === written ? pair : `${pair.slice(0, at)}=${text.split(",").map(encodeSegment).join(",")}`;
  });
  return pairs.join("; ");
}
