import {
  type ApiAuth,
  type ApiDescription,
  type ApiField,
  type ApiOperation,
  DITTO,
} from "@ape/core/protocol/api";
import { AnswerReader } from "@ape/core/protocol/fields/answer-fields";
import { readTrait, splitTraits } from "@ape/core/protocol/fields/field-text";
import { OPERATION_VERBS, type Verb } from "@ape/core/protocol/operations/operation";
import { TARGET_KIND_TRAITS, TARGET_KINDS } from "@ape/core/protocol/target-kind";
import { fieldsOfChosenForms } from "./chosen-form.ts";
import { type OfferedTool, operationOfTool } from "./tool-reader.ts";

const KINDS = new Map(
  TARGET_KINDS.flatMap((kind) => {
    const { instructions } = TARGET_KIND_TRAITS[kind];
    return instructions === undefined ? [] : [[instructions, kind] as const];
  }),
);
const leafOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

const HEAD = /^## API ([\w-]+): ?(.*)$/;
const AUTH = /^auth: (bearer|basic|cookie|header|query)(?: (\S+))?$/;
const OPERATION = new RegExp(
  `^- (${OPERATION_VERBS.join("|")}) (\\S+)( \\(auth\\))?( \\(reads\\))?(?: (.*))?$`,
);
const SIGNATURE = /^ {2}signature (.+)$/;
const FIELD = /^ {2}(path|query|header|cookie|body|argument|answer) (.+?) <(.*?)>(?= |$)(?: (.*))?$/;
const TEXT_FIELD = /^ {2}(path|query|header|cookie|body|argument|answer) (\S+)(?: ([^<]*))?$/;
const TOOL = /^- ([\w-]+)( \(auth\))?( \(reads\))?(?: -> (.+))?$/;
const SAME_ANSWER = /^as ([\w-]+)$/;
const SAME = /^ {2}answer as (\S+ \S+)$/;

/** A parsed description: operations with the names of their tools. */
export interface SeenApi extends ApiDescription {
  auth: ApiAuth[];
  operations: (ApiOperation & { fields: ApiField[]; tool?: string })[];
}

const NO_TOOLS: ReadonlyMap<string, OfferedTool> = new Map();

/** The parts of a description that were read so far. */
interface DescribedField {
  /** Words of each name, in operations without a tool. */
  words: Map<string, string>;
  answers: AnswerReader;
  /** The fields of the answers of operations with a tool, by its name. */
  shown: Map<string, readonly ApiField[]>;
}

const nothingSaid = (): DescribedField => ({
  words: new Map(),
  answers: new AnswerReader(),
  shown: new Map(),
});

/**
 * Parses every description of a prompt (`renderApi` of `@ape/core/api`); skips other lines.
 * @param tools the tools of operations that the request offers
 * @param goal what chooses between the forms of a body
 */
export function parseApi(
  text: string,
  tools: ReadonlyMap<string, OfferedTool> = NO_TOOLS,
  goal = "",
): SeenApi[] {
  const found: SeenApi[] = [];
  let said = nothingSaid();
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line);
    const api = found.at(-1);
    if (head !== null) {
      said = nothingSaid();
      found.push({ target: head[1] ?? "", title: head[2] ?? "", documented: true, auth: [], operations: [] });
    } else if (api !== undefined) readLine(api, line, said, tools);
  }
  for (const { operations } of found)
    for (const operation of operations) operation.fields = fieldsOfChosenForms(operation.fields, goal);
  return found;
}

/** Parses the line of an operation that has a tool; false if it is none. */
function readTool(
  api: SeenApi,
  line: string,
  said: DescribedField,
  tools: ReadonlyMap<string, OfferedTool>,
): boolean {
  const match = TOOL.exec(line);
  const tool = match === null ? undefined : tools.get(match[1] as string);
  if (match === null || tool === undefined) return false;
  const same = SAME_ANSWER.exec(match[4] ?? "");
  const answers =
    same === null ? said.answers.read(match[4] ?? "") : (said.shown.get(same[1] as string) ?? []);
  said.shown.set(tool.name, answers);
  const traits = { secured: match[2] !== undefined, reads: match[3] !== undefined };
  const operation = operationOfTool(tool, answers, traits);
  api.operations.push({ ...operation, fields: [...operation.fields] });
  return true;
}

function readLine(
  api: SeenApi,
  line: string,
  said: DescribedField,
  tools: ReadonlyMap<string, OfferedTool>,
): void {
  if (readTool(api, line, said, tools)) return;
  if (line.startsWith("Not documented:")) api.documented = false;
  const kind = KINDS.get(line);
  if (kind !== undefined) {
    api.kind = kind;
    if (TARGET_KIND_TRAITS[kind].described === "explored") api.documented = false;
  }
  const auth = AUTH.exec(line);
  if (auth !== null) {
    const type = auth[1] as ApiAuth["type"];
    api.auth.push(type === "bearer" || type === "basic" ? { type } : { type, name: auth[2] ?? "" });
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
  const same = SAME.exec(line);
  if (same !== null) {
    const like = api.operations.find(({ method, path }) => `${method} ${path}` === same[1]);
    last?.fields.push(...(like?.fields.filter((field) => field.in === "answer") ?? []));
    return;
  }
  const field = FIELD.exec(line);
  const textField = field === null ? TEXT_FIELD.exec(line) : null;
  const [, where, name, traits, words] = field ?? [];
  const [, textWhere, textName, textWords] = textField ?? [];
  if (field === null && textField === null) return;
  const read =
    field === null
      ? readField(textWhere, textName, "string", textWords, said.words)
      : readField(where, name, traits, words, said.words);
  last?.fields.push(read);
}

function readField(where = "", name = "", kind = "", words = "", told: Map<string, string>): ApiField {
  const leaf = leafOf(name);
  const description = words === DITTO ? (told.get(leaf) ?? "") : words;
  if (description !== "") told.set(leaf, description);
  const [sort = "string", ...traits] = splitTraits(kind);
  const needed = sort.endsWith("!");
  const field: ApiField = {
    in: where === "argument" ? "body" : (where as ApiField["in"]),
    name,
    type: needed ? sort.slice(0, -1) : sort,
    required: needed || where === "path",
    description,
  };
  for (const trait of traits) readTrait(field, trait);
  if (field.neededInForm === true) field.required = true;
  return field;
}
