import { isJsonObject, type Json, type JsonObject } from "@ape/core/json";
import type { HttpMethod } from "@ape/core/operation";
import type { Body, QueryValue } from "@ape/core/tool-call";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { OpenApiDocument } from "./document.ts";

const ROOT = "api";

/** What is sent, for {@link Contract.refuses}. */
export interface Sent {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, QueryValue>> | undefined;
  data: Json | undefined;
}

interface Promised {
  /** Media type (lower case, no parameters) to its check; undefined where the type has no schema or no JSON. */
  types: ReadonlyMap<string, ValidateFunction | undefined>;
}

interface Compiled {
  parameters: {
    name: string;
    where: string;
    required: boolean;
    types: readonly string[];
    check: ValidateFunction;
  }[];
  body: { required: boolean; check: ValidateFunction | undefined } | undefined;
  answers: ReadonlyMap<string, Promised>;
}

/** Holds calls and answers against an OpenAPI document; the schemas of an operation are compiled when it is first used. */
export class Contract {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  readonly #compiled = new Map<string, Compiled | undefined>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    const { components = {} } = document.root;
    this.#ajv.addSchema(prepared({ components }) as JsonObject, ROOT);
  }

  /** What is wrong with a call, in one sentence, or undefined. */
  refuses(method: HttpMethod, path: string, { params, query, data }: Sent): string | undefined {
    const compiled = this.#of(method, path);
    if (compiled === undefined) return undefined;
    for (const { name, where, required, types, check } of compiled.parameters) {
      const value = where === "path" ? params[name] : query?.[name];
      if (value === undefined) {
        if (required) return `the ${where} parameter ${name} is missing`;
      } else if (!check(asTyped(value, types))) return `the ${where} parameter ${name} ${said(check)}`;
    }
    const { body } = compiled;
    if (body === undefined) return undefined;
    if (data === undefined) return body.required ? "the body is missing" : undefined;
    return body.check === undefined || body.check(data) ? undefined : `the body ${said(body.check)}`;
  }

  /** How an answer breaks what the document promises, in one sentence, or undefined. Failures of a server are promised by nobody. */
  broken(method: HttpMethod, path: string, status: number, type: string, body: Body): string | undefined {
    const compiled = this.#of(method, path);
    if (compiled === undefined || status >= 500) return undefined;
    const { answers } = compiled;
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
    if (check === undefined || body.kind !== "json" || check(body.json)) return undefined;
    return `the answer ${said(check)}`;
  }

  #of(method: HttpMethod, path: string): Compiled | undefined {
    const key = `${method} ${path}`;
    if (!this.#compiled.has(key)) this.#compiled.set(key, this.#compile(method, path));
    return this.#compiled.get(key);
  }

  /** Undefined where a schema is none: a document is held to nothing that it does not say clearly. */
  #compile(method: HttpMethod, path: string): Compiled | undefined {
    const document = this.#document;
    const item = document.follow((document.root.paths as JsonObject)[path]);
    const operation = document.follow(item[method.toLowerCase()]);
    const schema = (raw: Json | undefined): ValidateFunction =>
      this.#ajv.compile(prepared(raw ?? {}) as JsonObject);
    try {
      const parameters = new Map<string, Compiled["parameters"][number]>();
      for (const raw of [...list(item.parameters), ...list(operation.parameters)]) {
        const parameter = document.follow(raw);
        const { name, in: where } = parameter;
        if (typeof name !== "string" || (where !== "path" && where !== "query")) continue;
        const own = document.follow(parameter.schema);
        parameters.set(`${where} ${name}`, {
          name,
          where,
          required: parameter.required === true || where === "path",
          types: [own.type].flat().filter((type): type is string => typeof type === "string"),
          check: schema(parameter.schema),
        });
      }
      const requestBody = document.follow(operation.requestBody);
      const content = document.follow(requestBody.content);
      const json = Object.keys(content).find((type) => /json/i.test(type));
      const answers = new Map<string, Promised>();
      for (const [status, raw] of Object.entries(document.follow(operation.responses))) {
        const types = new Map<string, ValidateFunction | undefined>();
        for (const [type, media] of Object.entries(document.follow(document.follow(raw).content))) {
          const own = document.follow(media).schema;
          const bare = type.split(";")[0]?.trim().toLowerCase() ?? "";
          types.set(bare, /json/.test(bare) && own !== undefined ? schema(own) : undefined);
        }
        answers.set(status.toLowerCase() === "default" ? "default" : status.toUpperCase(), { types });
      }
      return {
        parameters: [...parameters.values()],
        body:
          operation.requestBody === undefined
            ? undefined
            : {
                required: requestBody.required === true,
                check: json === undefined ? undefined : schema(document.follow(content[json]).schema),
              },
        answers,
      };
    } catch {
      return undefined;
    }
  }
}

/**
 * A schema as JSON Schema 2020-12 with its references made absolute. OpenAPI 3.0 has `nullable` and boolean exclusive
 * bounds instead (OpenAPI 3.1, "Schema Object", and the migration notes of 3.1).
 */
function prepared(value: Json): Json {
  if (Array.isArray(value)) return value.map(prepared);
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) copy[key] = prepared(inner);
  if (typeof copy.$ref === "string" && copy.$ref.startsWith("#/")) copy.$ref = `${ROOT}${copy.$ref}`;
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
  return copy;
}

/** A parameter as the type that its schema asks for; texts are all that a path and a query can say. */
function asTyped(value: QueryValue, types: readonly string[]): Json {
  if (types.includes("array")) return Array.isArray(value) ? [...value] : [value as string];
  if (Array.isArray(value)) return [...value];
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

/** The first complaint of a check that has just failed. */
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

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
