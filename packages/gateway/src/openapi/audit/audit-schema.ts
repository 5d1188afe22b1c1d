import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { MAX_ITEMS, MAX_TEXT } from "@ape/core/protocol/fields/value-limits";
import type { OpenApiDocument } from "../document.ts";
import { escapePointer } from "../pointer.ts";
import { followsExcluded } from "../schema/excluded-values.ts";
import type { NamePart } from "../unusable-part.ts";

const TYPES = new Set(["string", "number", "integer", "boolean", "object", "array", "null", "file"]);
/** Keywords whose value is one schema. */
const ONE = ["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"];
/** Keywords whose value is a list of schemas. */
const LISTS = ["allOf", "oneOf", "anyOf", "prefixItems"];
/** Keywords whose value is a map of schemas. */
const MAPS = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];
const COUNTS = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
/** The least that a schema may ask for, as far as values are made that large. */
const LARGEST = [
  ["minLength", MAX_TEXT, "characters"],
  ["minItems", MAX_ITEMS, "items"],
] as const;
const PAIRS = [
  ["minimum", "maximum"],
  ["exclusiveMinimum", "exclusiveMaximum"],
  ["minimum", "exclusiveMaximum"],
  ["exclusiveMinimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
] as const;

/** Reports errors in schemas (JSON Schema 2020-12, validation); each schema of a document is read once. */
export class SchemaAudit {
  readonly #document: OpenApiDocument;
  readonly #name: NamePart;
  readonly #seen = new Set<Json>();

  constructor(document: OpenApiDocument, name: NamePart) {
    this.#document = document;
    this.#name = name;
  }

  /** Reads a schema and everything that it refers to. */
  read(schema: Json | undefined, pointer: string): void {
    // A worklist instead of recursion: chains of references can be longer than the stack.
    const waiting: [Json | undefined, string][] = [[schema, pointer]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [value, at] = next;
      if (value === undefined || typeof value === "boolean") continue;
      if (!isJsonObject(value)) {
        this.#name(at, "the schema is no object");
        continue;
      }
      if (this.#seen.has(value)) continue;
      this.#seen.add(value);
      if (typeof value.$ref === "string") {
        const target = this.#document.at(value.$ref);
        if (target !== undefined) waiting.push([target, value.$ref]);
      } else if (value.$ref !== undefined) this.#name(`${at}/$ref`, "the reference is no text");
      this.#auditKeywords(value, at);
      this.#addInner(value, at, waiting);
    }
  }

  #addInner(schema: JsonObject, at: string, waiting: [Json | undefined, string][]): void {
    for (const key of ONE)
      if (schema[key] !== undefined) {
        const inner = schema[key];
        // Lists of items belong to JSON Schema before 2020-12.
        for (const [index, one] of Array.isArray(inner) && key === "items" ? inner.entries() : [])
          waiting.push([one, `${at}/items/${index}`]);
        if (!(Array.isArray(inner) && key === "items")) waiting.push([inner, `${at}/${key}`]);
      }
    for (const key of LISTS) {
      const inner = schema[key];
      if (inner === undefined) continue;
      if (!Array.isArray(inner) || inner.length === 0)
        this.#name(`${at}/${key}`, `${key} is no list of schemas`);
      else for (const [index, one] of inner.entries()) waiting.push([one, `${at}/${key}/${index}`]);
    }
    for (const key of MAPS) {
      const inner = schema[key];
      if (inner === undefined) continue;
      if (!isJsonObject(inner)) this.#name(`${at}/${key}`, `${key} is no object`);
      else
        for (const name in inner) {
          if (key === "patternProperties" && !isPattern(name))
            this.#name(`${at}/${key}/${escapePointer(name)}`, "the name is no regular expression");
          waiting.push([inner[name], `${at}/${key}/${escapePointer(name)}`]);
        }
    }
  }

  #auditKeywords(schema: JsonObject, at: string): void {
    const { type, pattern, multipleOf, required } = schema;
    if (type !== undefined) this.#auditType(type, `${at}/type`);
    if (schema.enum !== undefined && !(Array.isArray(schema.enum) && schema.enum.length > 0))
      this.#name(
        `${at}/enum`,
        Array.isArray(schema.enum) ? "enum is empty: no value is possible" : "enum is no list",
      );
    if (pattern !== undefined && !(typeof pattern === "string" && isPattern(pattern)))
      this.#name(`${at}/pattern`, `the pattern ${shown(pattern)} is no regular expression`);
    if (multipleOf !== undefined && !(typeof multipleOf === "number" && multipleOf > 0))
      this.#name(`${at}/multipleOf`, `multipleOf is ${shown(multipleOf)}, not a number above 0`);
    if (
      required !== undefined &&
      typeof required !== "boolean" &&
      !(Array.isArray(required) && required.every((name) => typeof name === "string"))
    )
      this.#name(`${at}/required`, "required is no list of names");
    for (const key of COUNTS) {
      const value = schema[key];
      if (value !== undefined && !(Number.isInteger(value) && (value as number) >= 0))
        this.#name(`${at}/${key}`, `${key} is ${shown(value)}, not a whole number from 0`);
    }
    for (const key of ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]) {
      const value = schema[key];
      const boolean = key.startsWith("ex") && typeof value === "boolean";
      if (value !== undefined && typeof value !== "number" && !boolean)
        this.#name(`${at}/${key}`, `${key} is ${shown(value)}, not a number`);
    }
    if (isJsonObject(schema.not) && schema.not.$ref === undefined && !followsExcluded(schema.not))
      this.#name(
        `${at}/not`,
        `not ${shown(schema.not)} is more than the simulated model follows: it may send what is excluded`,
      );
    this.#auditBounds(schema, at);
  }

  #auditBounds(schema: JsonObject, at: string): void {
    for (const [key, most, unit] of LARGEST) {
      const least = schema[key];
      if (typeof least === "number" && least > most)
        this.#name(
          `${at}/${key}`,
          `${key} is ${least}: the simulated model makes at most ${most} ${unit}, and sends what breaks the bound`,
        );
    }
    for (const [low, high] of PAIRS) {
      const least = schema[low];
      const most = schema[high];
      if (typeof least !== "number" || typeof most !== "number") continue;
      const open =
        `${low}${high}`.includes("exclusive") ||
        (low === "minimum" && (schema.exclusiveMinimum === true || schema.exclusiveMaximum === true));
      if (least > most || (open && least === most))
        this.#name(at, `${low} is ${least} and ${high} is ${most}: no value is possible`);
    }
  }

  #auditType(type: Json, at: string): void {
    const types = Array.isArray(type) ? type : [type];
    if (types.length === 0) this.#name(at, "type is an empty list: no value is possible");
    for (const one of types)
      if (typeof one !== "string" || !TYPES.has(one)) this.#name(at, `the type ${shown(one)} is unknown`);
  }
}

const patterns = new Map<string, boolean>();

/** Whether a text is a regular expression of JavaScript, with or without Unicode rules. */
function isPattern(text: string): boolean {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const valid = ["u", ""].some((flags) => {
    try {
      return new RegExp(text, flags) instanceof RegExp;
    } catch {
      return false;
    }
  });
  if (patterns.size < 10_000) patterns.set(text, valid);
  return valid;
}

const shown = (value: Json): string => {
  const written = JSON.stringify(value);
  return written.length > 60 ? `${written.slice(0, 57)}...` : written;
};
