import type { Json } from "./json.ts";
import { isMethod, VERBS, type Verb } from "./operation.ts";

/** A parameter, body field or answer field. Nested fields have dotted names, list items `[]`: `items[].price`. */
export interface ApiField {
  in: "path" | "query" | "header" | "body" | "answer";
  name: string;
  /** JSON type, with `[]` behind it for a list. */
  type: string;
  required: boolean;
  description: string;
  format?: string;
  enum?: readonly Json[];
  /** The default where there is one, else the example. */
  example?: Json;
  minimum?: number;
  maximum?: number;
}

/** The kinds of systems under test. */
export const TARGET_KINDS = ["rest", "graphql", "web", "mcp"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export interface ApiOperation {
  method: Verb;
  /** Route template, relative to the target's `baseUrl`; the name of a root field of GraphQL or of an MCP tool. */
  path: string;
  /** Of GraphQL: arguments and type as in the schema, `(id: ID!): Order!`. */
  signature?: string;
  /** Of an MCP tool that says that it changes nothing. */
  reads?: boolean;
  summary: string;
  fields: readonly ApiField[];
  /** Whether the document asks for credentials here. */
  secured: boolean;
}

/** How a session shows its credentials to a target, from the document's security schemes. */
export type ApiAuth =
  | { type: "bearer" }
  | { type: "cookie"; name: string }
  | { type: "header"; name: string }
  | { type: "query"; name: string };

/** What an agent is told of a target: made by the gateway, read by models. */
export interface ApiDescription {
  target: string;
  /** Absent: a REST API. */
  kind?: TargetKind;
  title: string;
  /** False without an API document: then nothing is known but the name. */
  documented: boolean;
  auth: readonly ApiAuth[];
  operations: readonly ApiOperation[];
}

/** What a model has to know of the kinds beside REST; the line tells {@link parseApi} the kind, too. */
const HOW: Partial<Record<TargetKind, string>> = {
  graphql: "GraphQL: use the tool graphql. Each query and mutation below is a field of the schema's root.",
  web: "Web pages: open a page with http_get, starting at /; send its forms with submit_form.",
  mcp: "MCP server: use call_tool with one of the tools below.",
};
const KINDS = new Map(Object.entries(HOW).map(([kind, line]) => [line, kind as TargetKind]));

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** The text form of a description: one line an operation, one line a field. {@link parseApi} reads it back. */
export function renderApi(api: ApiDescription): string {
  const lines = [`## API ${api.target}: ${oneLine(api.title)}`];
  const how = api.kind === undefined ? undefined : HOW[api.kind];
  if (how !== undefined) lines.push(how);
  else if (!api.documented) lines.push("Not documented: explore with http_get, starting at /.");
  for (const auth of api.auth)
    lines.push(auth.type === "bearer" ? "auth: bearer" : `auth: ${auth.type} ${auth.name}`);
  for (const operation of api.operations) {
    const secured = operation.secured ? " (auth)" : "";
    const reads = operation.reads === true ? " (reads)" : "";
    lines.push(
      `- ${operation.method} ${operation.path}${secured}${reads} ${oneLine(operation.summary)}`.trimEnd(),
    );
    if (operation.signature !== undefined) lines.push(`  signature ${oneLine(operation.signature)}`);
    const http = isMethod(operation.method);
    for (const field of operation.fields)
      lines.push(`  ${!http && field.in === "body" ? "argument" : field.in} ${renderField(field)}`);
  }
  return lines.join("\n");
}

function renderField(field: ApiField): string {
  const traits = [field.type];
  if (field.required) traits.push("required");
  if (field.format !== undefined) traits.push(`format ${JSON.stringify(field.format)}`);
  if (field.minimum !== undefined) traits.push(`min ${field.minimum}`);
  if (field.maximum !== undefined) traits.push(`max ${field.maximum}`);
  if (field.enum !== undefined) traits.push(`one of ${JSON.stringify(field.enum)}`);
  if (field.example !== undefined) traits.push(`e.g. ${JSON.stringify(field.example)}`);
  return `${field.name} <${traits.join("; ")}> ${oneLine(field.description)}`.trimEnd();
}

const HEAD = /^## API ([\w-]+): ?(.*)$/;
const AUTH = /^auth: (bearer|cookie|header|query)(?: (\S+))?$/;
const OPERATION = new RegExp(`^- (${VERBS.join("|")}) (\\S+)( \\(auth\\))?( \\(reads\\))?(?: (.*))?$`);
const SIGNATURE = /^ {2}signature (.+)$/;
const FIELD = /^ {2}(path|query|header|body|argument|answer) (.+?) <(.*?)>(?= |$)(?: (.*))?$/;

interface Draft extends ApiDescription {
  auth: ApiAuth[];
  operations: (ApiOperation & { fields: ApiField[] })[];
}

/** Reads every description in a text that {@link renderApi} wrote, other lines passed over. */
export function parseApi(text: string): ApiDescription[] {
  const found: Draft[] = [];
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line);
    const api = found.at(-1);
    if (head !== null) {
      found.push({ target: head[1] ?? "", title: head[2] ?? "", documented: true, auth: [], operations: [] });
    } else if (api !== undefined) readLine(api, line);
  }
  return found;
}

function readLine(api: Draft, line: string): void {
  if (line.startsWith("Not documented:")) api.documented = false;
  const kind = KINDS.get(line);
  if (kind !== undefined) {
    api.kind = kind;
    if (kind === "web") api.documented = false;
  }
  const auth = AUTH.exec(line);
  if (auth !== null) {
    const type = auth[1] as ApiAuth["type"];
    api.auth.push(type === "bearer" ? { type } : { type, name: auth[2] ?? "" });
    return;
  }
  const operation = OPERATION.exec(line);
  if (operation !== null) {
    api.operations.push({
      method: operation[1] as Verb,
      path: operation[2] ?? "/",
      secured: operation[3] !== undefined,
      ...(operation[4] === undefined ? {} : { reads: true }),
      summary: operation[5] ?? "",
      fields: [],
    });
    return;
  }
  const signature = SIGNATURE.exec(line);
  const last = api.operations.at(-1);
  if (signature !== null && last !== undefined) last.signature = signature[1] ?? "";
  const field = FIELD.exec(line);
  if (field !== null) api.operations.at(-1)?.fields.push(readField(field));
}

function readField(match: RegExpExecArray): ApiField {
  const [type = "string", ...traits] = splitTraits(match[3] ?? "");
  const field: ApiField = {
    in: match[1] === "argument" ? "body" : (match[1] as ApiField["in"]),
    name: match[2] ?? "",
    type,
    required: false,
    description: match[4] ?? "",
  };
  for (const trait of traits) {
    if (trait === "required") field.required = true;
    else if (trait.startsWith("format ")) field.format = JSON.parse(trait.slice(7)) as string;
    else if (trait.startsWith("min ")) field.minimum = Number(trait.slice(4));
    else if (trait.startsWith("max ")) field.maximum = Number(trait.slice(4));
    else if (trait.startsWith("one of ")) field.enum = JSON.parse(trait.slice(7)) as Json[];
    else if (trait.startsWith("e.g. ")) field.example = JSON.parse(trait.slice(5)) as Json;
  }
  return field;
}

/** Splits at `; ` outside of JSON strings. */
function splitTraits(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === "\\" && quoted) i += 1;
    else if (text[i] === '"') quoted = !quoted;
    else if (text[i] === ";" && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 2;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
