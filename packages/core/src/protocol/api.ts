import { AnswerWriter } from "./fields/answer-fields.ts";
import type { ApiField } from "./fields/api-field.ts";
import { oneLine, saysNoMore, writeTraits } from "./fields/field-text.ts";
import { isMethod, type Verb } from "./operations/operation.ts";
import { TARGET_KIND_TRAITS, type TargetKind } from "./target-kind.ts";

export type { ApiField, TypeCondition } from "./fields/api-field.ts";
export type { TargetKind } from "./target-kind.ts";

export interface ApiOperation {
  method: Verb;
  /** Route template, relative to the target's `baseUrl`; the name of a root field of GraphQL or of an MCP tool. */
  path: string;
  /** Of GraphQL: arguments and type as in the schema, `(id: ID!): Order!`. */
  signature?: string;
  /** An MCP tool that is declared to change nothing. */
  reads?: boolean;
  summary: string;
  /** What the document itself calls it (`operationId`); names its tool at the MCP endpoint. */
  id?: string;
  fields: readonly ApiField[];
  /** Set if the document describes a body without naming its fields: any JSON. */
  openBody?: true;
  /** Set if the call requires a body. */
  needsBody?: true;
  /** Headers that the document names in successful answers, in small letters. */
  answerHeaders?: readonly string[];
  /** Whether the document asks for credentials here. */
  secured: boolean;
  /** A form that leads to a further form: nothing is done yet when it was taken. */
  leadsOn?: true;
  /** The text of a link that was not opened, as that may change something: that a form is behind it, and its path, are guesses. */
  guessedFrom?: string;
}

/** How a session shows its credentials to a target, from the document's security schemes. */
export type ApiAuth =
  | { type: "bearer" }
  /** User and password of the session's data row in each call (RFC 7617). */
  | { type: "basic" }
  | { type: "cookie"; name: string }
  /** `prefix`: a word that the document wants before the credential, as in `Token abc`. */
  | { type: "header"; name: string; prefix?: string }
  | { type: "query"; name: string };

/** The description of a target for agents: built by the gateway, read by models. */
export interface ApiDescription {
  target: string;
  /** Absent: a REST API. */
  kind?: TargetKind;
  title: string;
  /** False without an API document: then nothing is known but the name, and the operations that `allow` names. */
  documented: boolean;
  auth: readonly ApiAuth[];
  operations: readonly ApiOperation[];
  /** The document says that the number of requests is limited. */
  announcesLimit?: true;
  /** Number of operations that a goal's selection leaves out; absent if there are none. */
  leftOut?: number;
}

const NO_TOOLS: ReadonlyMap<ApiOperation, string> = new Map();

/**
 * The text form of a description, as short as a model can do with, for every prompt has it. An operation that has a tool
 * is one line with the fields of its answer; the tool says the rest. Of others there is one line an operation, one
 * line a field (`!` marks what is required), nothing that a field's name says already, and no list of answer fields
 * twice. The simulated model reads it back, but for what was left out: such descriptions, examples of numbers within
 * bounds, and which fields of an answer always come.
 * @param tools the names of the tools of operations that have one
 */
export function renderApi(api: ApiDescription, tools: ReadonlyMap<ApiOperation, string> = NO_TOOLS): string {
  const lines = [`## API ${api.target}: ${oneLine(api.title)}`];
  const how = TARGET_KIND_TRAITS[api.kind ?? "rest"].instructions;
  if (how !== undefined) lines.push(how);
  else if (!api.documented)
    lines.push(
      api.operations.length === 0
        ? "Not documented: explore with http_get, starting at /."
        : "Not documented: only the paths of these operations are known. Explore the rest with http_get, where it is allowed.",
    );
  for (const auth of api.auth)
    lines.push("name" in auth ? `auth: ${auth.type} ${auth.name}` : `auth: ${auth.type}`);
  if (api.leftOut !== undefined)
    lines.push(
      `${api.leftOut} further operations are not listed: search them with find_operations, call them with ${TARGET_KIND_TRAITS[api.kind ?? "rest"].leftOutTool.function.name}.`,
    );
  const writer = new AnswerWriter(api.operations);
  const seen = new Map<string, string>();
  const told = new Map<string, string>();
  for (const operation of api.operations) {
    const secured = operation.secured ? " (auth)" : "";
    const reads = operation.reads === true ? " (reads)" : "";
    const named = `${operation.method} ${operation.path}`;
    const name = tools.get(operation);
    if (name !== undefined) {
      lines.push(`- ${name}${secured}${reads}${writer.write(name, operation.fields)}`);
      continue;
    }
    lines.push(`- ${named}${secured}${reads} ${oneLine(operation.summary)}`.trimEnd());
    if (operation.signature !== undefined) lines.push(`  signature ${oneLine(operation.signature)}`);
    const http = isMethod(operation.method);
    const answers = operation.fields.filter((field) => field.in === "answer");
    for (const field of operation.fields)
      if (field.in !== "answer")
        lines.push(`  ${!http && field.in === "body" ? "argument" : field.in} ${renderField(field, told)}`);
    const whole = JSON.stringify(answers);
    const same = seen.get(whole);
    if (same !== undefined) lines.push(`  answer as ${same}`);
    else for (const field of answers) lines.push(`  answer ${renderField(field, told)}`);
    if (answers.length > 1 && same === undefined) seen.set(whole, named);
  }
  return lines.join("\n");
}

/** The mark for what was said of the field of that name before. */
export const DITTO = '"';
const leafOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** @param told words that the text has already given for each name */
function renderField(field: ApiField, told: Map<string, string>): string {
  const required = field.required && field.form === undefined && field.in !== "path" && field.in !== "answer";
  const traits = [required ? `${field.type}!` : field.type];
  const bounded = field.minimum !== undefined && field.maximum !== undefined;
  const shown = { ...field };
  if (field.in === "answer" || bounded) delete shown.example;
  traits.push(...writeTraits(shown));
  const description = briefly(field.name, oneLine(field.description), told);
  const plain = traits.length === 1 && traits[0] === "string";
  if (plain && isShort(field.name, description)) return `${field.name} ${description}`.trimEnd();
  return `${field.name} <${traits.join("; ")}> ${description}`.trimEnd();
}

function briefly(name: string, description: string, told: Map<string, string>): string {
  if (saysNoMore(description, name)) return "";
  const leaf = leafOf(name);
  if (told.get(leaf) === description) return DITTO;
  told.set(leaf, description);
  return description;
}

/** Whether name and description of a string can be distinguished without its type between them. */
function isShort(name: string, description: string): boolean {
  return !/\s/.test(name) && name !== "as" && !description.includes("<");
}
