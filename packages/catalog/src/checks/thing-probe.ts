import { graphqlSelection } from "../operations/graphql-selection.ts";
import { answerPath, entryPath } from "./answer-path.ts";
import type { Captures } from "./captures.ts";
import { type CheckDraft, type ExpectedValue, expectedValue, type SingleCheckDraft } from "./check-draft.ts";
import { type Expected, isAnswered, type Thing } from "./thing.ts";
import type { ThingRead } from "./thing-read.ts";

/** Longest list of fields that a comment names. */
const MOST_FIELDS = 6;

type Probe = Extract<SingleCheckDraft, { probe: unknown }>["probe"];

/** The check that reads a thing. `name` writes an operation as checks name it. */
export function thingProbe(
  thing: Thing,
  captures: Captures,
  name: (operation: { target: string; key: string }) => string,
): CheckDraft {
  const { part, read, last } = thing;
  const { operation, idField, parameters } = read;
  let key = operation.key;
  for (const [parameter, field] of parameters)
    key = key.replace(`{${parameter}}`, `{${captures.nameOf(part, field, parameter)}}`);
  const id = idField === undefined ? "" : captures.nameOf(part, idField, idField.leaf);
  const after = last ?? (thing.isRelated === true || read.isElsewhere === true ? part : undefined);
  const probe = (expect: Probe["expect"]): SingleCheckDraft => ({
    probe: {
      operation: name({ target: operation.target, key }),
      ...documentOf(read, id),
      ...(after === undefined ? {} : { after: name(after.operation) }),
      expect,
    },
  });
  const bodied = (body: Record<string, ExpectedValue>): SingleCheckDraft =>
    probe({
      status: 200,
      ...(Object.keys(body).length === 0 ? {} : { body }),
      ...(thing.shows.length === 0 ? {} : { text: { contains: thing.shows[0] ?? "" } }),
    });
  if (thing.removal === undefined) return bodied(bodyOf(thing, captures, id));
  const gone = read.isList
    ? bodied({ [entryPath(operation, idField?.leaf, `{${id}}`, idField?.leaf)]: { exists: false } })
    : probe({ status: [404, 410] });
  const { state } = thing.removal;
  if (state === undefined) return gone;
  const [field, value] = state;
  const place = read.isList
    ? entryPath(operation, idField?.leaf, `{${id}}`, field.leaf)
    : answerPath(operation, field);
  return { anyOf: [gone, bodied({ [place]: value })] };
}

/** What the answer of a read must show, by JSONPath. */
function bodyOf(
  { read, expected, entries }: Thing,
  captures: Captures,
  id: string,
): Record<string, ExpectedValue> {
  const { operation, idField, isList, entryKey = idField?.leaf } = read;
  const body: Record<string, ExpectedValue> = {};
  const wanted = ({ value }: Expected): ExpectedValue => {
    if (!isAnswered(value)) return expectedValue(value);
    const name = `{${captures.nameOf(value.of, value.field, value.field.leaf)}}`;
    return value.differs ? { ne: name } : name;
  };
  if (isList && entryKey !== undefined) {
    const place = (leaf: string): string => entryPath(operation, entryKey, `{${id}}`, leaf);
    if (expected.size === 0) body[place(entryKey)] = { exists: true };
    for (const [field, one] of expected) body[place(field.leaf)] = wanted(one);
  } else for (const [field, one] of expected) body[answerPath(operation, field)] = wanted(one);
  for (const { part, by, leaf, prefix, exists } of entries) {
    const value = typeof by === "string" ? by : `{${captures.nameOf(part, by, by.leaf)}}`;
    body[entryPath(operation, leaf, value, leaf, prefix)] = { exists };
  }
  return body;
}

/** What a read of a thing shows, for a person who reviews the check. */
export function whyThing({ part, read, expected, entries, removal }: Thing): string {
  const made = part.operation.key;
  if (removal !== undefined)
    return removal.state === undefined
      ? `what ${made} made is gone`
      : `what ${made} made is gone, or shows that it was removed`;
  if (expected.size === 0 && entries.length > 0) return entriesText(read.operation.key, entries);
  const values = [...expected.values()].map(({ value }) => value);
  if (values.some((value) => isAnswered(value) && value.differs))
    return `what ${made} answered about is no longer as it was, and has the values that the goal names`;
  if (values.length > 0) return `what ${made} answered about has the values that the goal names`;
  const others = read.fields.slice(0, MOST_FIELDS).map((field) => `$.${field.leaf}`);
  return `what ${made} made is there; add to \`expect\` what must be true of it: ${others.join(", ") || "its fields are not documented"}`;
}

/** The document of a read in GraphQL, and the captured id as its argument or as that of a tool. */
function documentOf(
  { operation, isList, parameters, fields }: ThingRead,
  id: string,
): { document?: string; arguments?: Record<string, string> } {
  const [[name] = [""]] = parameters;
  if (operation.call === "tool") return isList ? {} : { arguments: { [name]: `{${id}}` } };
  if (operation.call !== "query") return {};
  const selection = graphqlSelection(fields);
  if (isList || parameters.length === 0) return { document: `query { ${operation.path}${selection} }` };
  const type = new RegExp(`\\b${name}:\\s*([\\w!]+)`).exec(operation.signature ?? "")?.[1] ?? "ID!";
  return {
    document: `query($${name}: ${type}) { ${operation.path}(${name}: $${name})${selection} }`,
    arguments: { [name]: `{${id}}` },
  };
}

/** `GET /crate has what POST /crate/bottles added`, or no longer has it. */
function entriesText(read: string, entries: Thing["entries"]): string {
  const textOf = (exists: boolean): string[] => {
    const own = entries.filter((entry) => entry.exists === exists).map(({ part }) => part.operation);
    if (own.length === 0) return [];
    const done = own.every(({ method }) => method === "DELETE") ? "removed" : "added";
    return [`${exists ? "has" : "no longer has"} what ${own.map(({ key }) => key).join(", ")} ${done}`];
  };
  return `${read} ${[...textOf(true), ...textOf(false)].join(" and ")}`;
}
