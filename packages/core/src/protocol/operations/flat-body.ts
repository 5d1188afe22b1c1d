import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import { DATA_ARGUMENT, type OperationTool, RESERVED_ARGUMENTS } from "./operation-tools.ts";

const WITH_BODY: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);
/** What the schema of a body may say so that nothing is lost without it. */
const KEYS: ReadonlySet<string> = new Set(["type", "properties", "required", "additionalProperties"]);
const known = new WeakMap<OperationTool, JsonObject | null>();

/**
 * The fields of a request's body that a prompt shows as arguments of the tool itself, which takes less text than an object
 * `data`: where the body is an object, and none of its fields can be taken for another argument.
 * @returns their schemas by name, or undefined where the body stays under `data`
 */
export function flatBody(tool: OperationTool): JsonObject | undefined {
  let fields = known.get(tool);
  if (fields === undefined) {
    fields = fieldsOf(tool) ?? null;
    known.set(tool, fields);
  }
  return fields ?? undefined;
}

function fieldsOf({ definition, operation, parameters }: OperationTool): JsonObject | undefined {
  if (!WITH_BODY.has(operation.method) || operation.openBody === true) return undefined;
  const schema = definition.function.parameters;
  const body = (schema.properties as JsonObject)[DATA_ARGUMENT];
  if (!isJsonObject(body) || body.type !== "object" || !isJsonObject(body.properties)) return undefined;
  if (Object.keys(body).some((key) => !KEYS.has(key)) || isJsonObject(body.additionalProperties))
    return undefined;
  // An optional body without its required fields has to stay apart from one that lacks them.
  if (!namesIn(schema.required).includes(DATA_ARGUMENT) && namesIn(body.required).length > 0)
    return undefined;
  for (const field of parameters.values()) if (field.in === "query") return undefined;
  const names = Object.keys(body.properties);
  const isFree = (name: string): boolean =>
    !RESERVED_ARGUMENTS.has(name) && !parameters.has(name) && !operation.path.includes(`{${name}}`);
  return names.length > 0 && names.every(isFree) ? body.properties : undefined;
}

/** The schema of a tool's arguments with the fields of its body among them. */
export function withFlatBody(tool: OperationTool, schema: JsonObject): JsonObject {
  if (flatBody(tool) === undefined) return schema;
  const { [DATA_ARGUMENT]: body, ...others } = schema.properties as JsonObject;
  const { properties = {}, required } = body as JsonObject;
  const { required: before, ...rest } = schema;
  const needed = [...namesIn(before).filter((name) => name !== DATA_ARGUMENT), ...namesIn(required)];
  return {
    ...rest,
    properties: { ...others, ...(properties as JsonObject) },
    ...(needed.length === 0 ? {} : { required: needed }),
  };
}

/**
 * Whether a tool's arguments, apart from those in the path, stand in the query although its method has a body: a prompt says
 * so with a `?` behind the path.
 */
export function takesQueryOnly({ definition, operation, parameters }: OperationTool): boolean {
  if (!WITH_BODY.has(operation.method)) return false;
  if (DATA_ARGUMENT in (definition.function.parameters.properties as JsonObject)) return false;
  return [...parameters.values()].some((field) => field.in === "query");
}

/** Whether a tool with these arguments, as a prompt shows it, has the fields of a request's body among them. */
export const hasFlatBody = (method: string, properties: JsonObject): boolean =>
  WITH_BODY.has(method) && !(DATA_ARGUMENT in properties);

/** Moves the arguments that belong to a body which a prompt shows flat under `data`, where the tool itself has them. */
export function gatherBody(tool: OperationTool, args: JsonObject): JsonObject {
  if (flatBody(tool) === undefined || Object.hasOwn(args, DATA_ARGUMENT)) return args;
  const { properties, required } = tool.definition.function.parameters;
  const gathered: JsonObject = {};
  let data: JsonObject | undefined = namesIn(required as Json).includes(DATA_ARGUMENT) ? {} : undefined;
  for (const [name, value] of Object.entries(args))
    if (Object.hasOwn(properties as JsonObject, name) || RESERVED_ARGUMENTS.has(name)) gathered[name] = value;
    else data = { ...data, [name]: value };
  return data === undefined ? gathered : { ...gathered, [DATA_ARGUMENT]: data };
}

const namesIn = (names: Json | undefined): readonly string[] =>
  Array.isArray(names) ? (names as string[]) : [];
