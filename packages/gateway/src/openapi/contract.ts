import { BoundedRegExp, SlowRegExpError } from "@ape/core/lib/bounded-regexp";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { withDoubles } from "@ape/core/lib/lossless-number";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import type { Body, QueryValue } from "@ape/core/protocol/tool-call";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ParameterStyle } from "../parameter-style.ts";
import type { OpenApiDocument } from "./document.ts";
import { FILES_KEY } from "./external-references.ts";
import { parametersOf } from "./parameter.ts";
import { scanReferences } from "./reference-scan.ts";
import { SchemaFields } from "./schema-fields.ts";

const ROOT = "api";

/** Which properties a direction leaves out: those that only the server writes, or only the client. */
type Hidden = "readOnly" | "writeOnly";

/** Also accepts patterns that are invalid with Unicode rules; an invalid pattern matches everything. */
const regExp = Object.assign(
  (pattern: string): BoundedRegExp => {
    for (const flags of ["u", ""]) {
      try {
        return new BoundedRegExp(pattern, flags);
      } catch {
        // Another form may be valid.
      }
    }
    return new BoundedRegExp("");
  },
  { code: "new BoundedRegExp" },
);

/** The request for {@link OpenApiContract.refuses}. */
export interface ContractRequest {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, QueryValue>> | undefined;
  data: Json | undefined;
}

interface DocumentedAnswer {
  /** Media type (lower case, no parameters) to its check; undefined if the type has no schema or is no JSON. */
  types: ReadonlyMap<string, ValidateFunction | undefined>;
}

interface Compiled {
  parameters: {
    name: string;
    where: string;
    required: boolean;
    types: readonly string[];
    style: ParameterStyle | undefined;
    check: ValidateFunction;
  }[];
  body: { required: boolean; check: ValidateFunction | undefined } | undefined;
  answers: ReadonlyMap<string, DocumentedAnswer>;
}

/**
 * Validates calls and answers against an OpenAPI document; the schemas of an operation are compiled at its first use.
 */
export class OpenApiContract {
  readonly #document: OpenApiDocument;
  readonly #fields: SchemaFields;
  readonly #endless = new WeakSet<ValidateFunction>();
  readonly #ajv: Partial<Record<Hidden, Ajv2020>> = {};
  readonly #compiled = new Map<string, Compiled | undefined>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#fields = new SchemaFields(document);
  }

  /** What is wrong with a call, in one sentence, or undefined. */
  refuses(method: HttpMethod, path: string, { params, query, data }: ContractRequest): string | undefined {
    const compiled = this.#of(method, path);
    if (compiled === undefined) return undefined;
    for (const { name, where, required, types, style, check } of compiled.parameters) {
      // Other styles cannot be read back from the path, and an exploded object has no name of its own.
      if (style !== undefined && (where === "path" || (style.name === "form" && style.explode))) continue;
      const value = where === "path" ? params[name] : (query?.[name] ?? bracketed(query, name));
      if (value === undefined) {
        if (required) return `the ${where} parameter ${name} is missing`;
      } else if (!this.#holds(check, asTyped(value, types)))
        return `the ${where} parameter ${name} ${said(check)}`;
    }
    const { body } = compiled;
    if (body === undefined) return undefined;
    if (data === undefined) return body.required ? "the body is missing" : undefined;
    return body.check === undefined || this.#holds(body.check, data)
      ? undefined
      : `the body ${said(body.check)}`;
  }

  /** How an answer breaks the document, in one sentence, or undefined. Server errors break no document. */
  broken(method: HttpMethod, path: string, status: number, type: string, body: Body): string | undefined {
    const compiled = this.#of(method, path);
    if (compiled === undefined || status >= 500) return undefined;
    const { answers } = compiled;
    // A document may leave out what an operation answers (OpenAPI 3.1, "Operation Object").
    if (answers.size === 0) return undefined;
    const promised =
      answers.get(String(status)) ?? answers.get(`${Math.floor(status / 100)}XX`) ?? answers.get("default");
    if (promised === undefined) return `the document has no answer ${status} here`;
    if (body.kind === "empty" || promised.types.size === 0)
      return body.kind === "empty" && promised.types.size > 0 && status !== 304
        ? `answered ${status} without a body where one was promised`
        : undefined;
    const bare = type.split(";")[0]?.trim().toLowerCase() ?? "";
    if (![...promised.types.keys()].some((range) => covers(range, bare)))
      return `answered ${bare === "" ? "no content type" : bare}, promised is ${[...promised.types.keys()].join(" or ")}`;
    const check = promised.types.get(bare);
    if (check === undefined || body.kind !== "json" || this.#holds(check, body.json)) return undefined;
    return `the answer ${said(check)}`;
  }

  /**
   * Whether a value matches a schema; true for a schema that contains itself at the same place, or whose patterns take
   * too long, because its validation would not end.
   */
  #holds(check: ValidateFunction, value: Json): boolean {
    if (this.#endless.has(check)) return true;
    try {
      return check(withDoubles(value)) as boolean;
    } catch (thrown) {
      if (!(thrown instanceof RangeError || thrown instanceof SlowRegExpError)) throw thrown;
      this.#endless.add(check);
      return true;
    }
  }

  /** Schemas of one direction; created on first use, because that copies the whole document. */
  #checker(hidden: Hidden): Ajv2020 {
    let ajv = this.#ajv[hidden];
    if (ajv === undefined) {
      ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false, code: { regExp } });
      const { components = {}, paths = {}, [FILES_KEY]: files = {} } = this.#document.root;
      const shared: JsonObject = { components, [FILES_KEY]: files };
      if (
        scanReferences(this.#document.root).references.some(({ reference }) =>
          reference.startsWith("#/paths/"),
        )
      )
        shared.paths = paths;
      ajv.addSchema(this.#prepared(shared, hidden, NOTHING) as JsonObject, ROOT);
      this.#ajv[hidden] = ajv;
    }
    return ajv;
  }

  /**
   * A schema as JSON Schema 2020-12 with its references made absolute (OpenAPI 3.1, "Schema Object", and the migration
   * notes of 3.1). Properties that the other side writes are not required.
   * @param outer names of such properties of the schema that this one is a part of
   */
  #prepared(value: Json, hidden: Hidden, outer: ReadonlySet<string>): Json {
    if (Array.isArray(value)) return value.map((item) => this.#prepared(item, hidden, outer));
    if (!isJsonObject(value)) return value;
    const copy: JsonObject = {};
    const composed = value.allOf !== undefined || value.oneOf !== undefined || value.anyOf !== undefined;
    const names = Array.isArray(value.required) || composed ? this.#hiddenIn(value, hidden, outer) : NOTHING;
    for (const [key, inner] of Object.entries(value))
      copy[key] = this.#prepared(inner, hidden, COMPOSITION.has(key) ? names : NOTHING);
    if (Array.isArray(copy.required))
      copy.required = copy.required.filter((name) => typeof name !== "string" || !names.has(name));
    if (typeof copy.$ref === "string" && copy.$ref.startsWith("#")) copy.$ref = `${ROOT}${copy.$ref}`;
    modernize(copy);
    return copy;
  }

  #hiddenIn(schema: JsonObject, hidden: Hidden, outer: ReadonlySet<string>): ReadonlySet<string> {
    const { properties } = this.#fields.flat(schema);
    if (!isJsonObject(properties)) return outer;
    const own = Object.keys(properties).filter(
      (name) => this.#fields.flat(properties[name])[hidden] === true,
    );
    return own.length === 0 ? outer : new Set([...outer, ...own]);
  }

  #of(method: HttpMethod, path: string): Compiled | undefined {
    const key = `${method} ${path}`;
    if (!this.#compiled.has(key)) this.#compiled.set(key, this.#compile(method, path));
    return this.#compiled.get(key);
  }

  /** Undefined for an invalid schema and for an operation that the document does not list: it is enforced only where it is clear. */
  #compile(method: HttpMethod, path: string): Compiled | undefined {
    const document = this.#document;
    const item = document.follow((document.root.paths as JsonObject)[path]);
    const raw = item[method.toLowerCase()];
    // What only a security scheme names promises nothing.
    if (!isJsonObject(raw)) return undefined;
    const operation = document.follow(raw);
    const schema = (raw: Json | undefined, hidden: Hidden): ValidateFunction =>
      this.#checker(hidden).compile(this.#prepared(raw ?? {}, hidden, NOTHING) as JsonObject);
    try {
      const parameters = parametersOf(document, this.#fields, item, operation)
        .filter(({ in: where }) => where === "path" || where === "query")
        .map(({ in: where, name, required, style, schema: own }) => ({
          name,
          where,
          required,
          style,
          types: [this.#fields.flat(own).type]
            .flat()
            .filter((type): type is string => typeof type === "string"),
          check: schema(own, "readOnly"),
        }));
      const requestBody = document.follow(operation.requestBody);
      const content = document.follow(requestBody.content);
      const json = Object.keys(content).find((type) => /json/i.test(type));
      const answers = new Map<string, DocumentedAnswer>();
      for (const [status, raw] of Object.entries(document.follow(operation.responses))) {
        const types = new Map<string, ValidateFunction | undefined>();
        for (const [type, media] of Object.entries(document.follow(document.follow(raw).content))) {
          const own = document.follow(media).schema;
          const bare = type.split(";")[0]?.trim().toLowerCase() ?? "";
          types.set(bare, /json/.test(bare) && own !== undefined ? schema(own, "writeOnly") : undefined);
        }
        answers.set(status.toLowerCase() === "default" ? "default" : status.toUpperCase(), { types });
      }
      return {
        parameters,
        body:
          operation.requestBody === undefined
            ? undefined
            : {
                required: requestBody.required === true,
                check:
                  json === undefined ? undefined : schema(document.follow(content[json]).schema, "readOnly"),
              },
        answers,
      };
    } catch {
      return undefined;
    }
  }
}

const NOTHING: ReadonlySet<string> = new Set();
const COMPOSITION = new Set(["allOf", "oneOf", "anyOf"]);

/** Converts OpenAPI 3.0's own keywords to JSON Schema 2020-12: `nullable` and boolean exclusive bounds. */
function modernize(copy: JsonObject): void {
  for (const [bound, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    if (typeof copy[exclusive] !== "boolean") continue;
    const limit = copy[bound];
    if (copy[exclusive] === true && limit !== undefined) {
      copy[exclusive] = limit;
      delete copy[bound];
    } else delete copy[exclusive];
  }
  if (copy.nullable === true) {
    delete copy.nullable;
    if (typeof copy.type === "string") copy.type = [copy.type, "null"];
    if (Array.isArray(copy.enum) && !copy.enum.includes(null)) copy.enum = [...copy.enum, null];
  }
}

/** An object of the query whose properties were sent separately, `filter[colour]`; undefined if none was. */
function bracketed(
  query: Readonly<Record<string, QueryValue>> | undefined,
  name: string,
): JsonObject | undefined {
  let found: JsonObject | undefined;
  for (const [key, value] of Object.entries(query ?? {})) {
    const inner =
      key.startsWith(`${name}[`) && key.endsWith("]") ? key.slice(name.length + 1, -1) : undefined;
    if (inner === undefined || inner.includes("[")) continue;
    found ??= {};
    found[inner] = value as Json;
  }
  return found;
}

/** Converts a parameter, which is text in a path or a query, to the type of its schema. */
function asTyped(value: QueryValue, types: readonly string[]): Json {
  if (isJsonObject(value)) return value;
  if (typeof value === "string" && types.includes("object") && value.startsWith("{")) {
    try {
      return JSON.parse(value) as Json;
    } catch {
      return value;
    }
  }
  if (types.includes("array")) return Array.isArray(value) ? ([...value] as Json[]) : [value as string];
  if (Array.isArray(value)) return [...value] as Json[];
  const text = String(value);
  if (
    (types.includes("integer") || types.includes("number")) &&
    text.trim() !== "" &&
    !Number.isNaN(Number(text))
  )
    return Number(text);
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  return types.length === 0 || types.includes("string") ? text : (value as Json);
}

const covers = (range: string, type: string): boolean =>
  range === type || range === "*/*" || (range.endsWith("/*") && type.startsWith(range.slice(0, -1)));

/** The first error of a validation that has just failed. */
function said({ errors }: ValidateFunction): string {
  const [error] = errors ?? [];
  const at = error?.instancePath ?? "";
  const extra: unknown = error?.params.additionalProperty;
  const allowed: unknown = error?.params.allowedValues;
  return `${at === "" ? "" : `at ${at} `}${error?.message ?? "does not fit"}${
    typeof extra === "string"
      ? ` (${extra.slice(0, 60)})`
      : Array.isArray(allowed)
        ? `: ${allowed.join(", ").slice(0, 120)}`
        : ""
  }`;
}
