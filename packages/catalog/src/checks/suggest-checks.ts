import type { ApiDescription } from "@ape/core/protocol/api";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { GoalProof } from "@ape/core/report/summary";
import type { Field } from "../operations/field.ts";
import { graphqlSelection } from "../operations/graphql-selection.ts";
import { withoutItem } from "../operations/made-resource.ts";
import { type Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { plain } from "../words/words.ts";
import { answerPath, entryPath } from "./answer-path.ts";
import { actsOnThing, applyTo, type ChangePart, shownIn, type Thing } from "./changed-thing.ts";
import type { CheckDraft, ExpectedValue } from "./check-draft.ts";
import { type GoalPart, goalParts, makesThing } from "./goal-parts.ts";
import { proofOf } from "./goal-proof.ts";
import { answeredType, readOfThing, type ThingRead, topFields } from "./thing-read.ts";
import { canBeRead, type ToolProbe, toolProbe } from "./tool-probe.ts";

/** A check that could prove a part of a goal. */
export interface SuggestedCheck {
  /** What it shows, for a person who reviews it. */
  why: string;
  check: CheckDraft;
  /** The parts of the goal that it proves, in the goal's words. */
  proves: readonly string[];
}

/** Checks for a goal, and what they leave unproven. */
export interface Suggestion {
  checks: SuggestedCheck[];
  proof: GoalProof;
}

/** Longest list of fields that a comment names. */
const MOST_FIELDS = 6;

/**
 * Proposes checks for a goal in words. A part that changes something is proven by a read of what it changed, where the
 * APIs have one; else by the action itself and what its answer shows. Logging in and looking at things prove nothing of
 * such a goal. A goal that changes nothing is proven by its last read.
 */
export function suggestChecks(goal: string, apis: readonly ApiDescription[]): Suggestion {
  const catalog = new OperationCatalog(apis);
  const parts = goalParts(goal, catalog);
  const draft = new ChecksDraft(parts, catalog, apis);
  const checks = draft.checks();
  return {
    checks,
    proof: proofOf(
      goal,
      apis,
      checks.map(({ check }) => check),
    ),
  };
}

class ChecksDraft {
  readonly #parts: readonly GoalPart[];
  readonly #catalog: OperationCatalog;
  readonly #named: boolean;
  /** Targets whose answers are pages. */
  readonly #web: ReadonlySet<string>;
  readonly #captures = new Set<string>();

  constructor(parts: readonly GoalPart[], catalog: OperationCatalog, apis: readonly ApiDescription[]) {
    this.#parts = parts;
    this.#catalog = catalog;
    this.#named = apis.length > 1;
    this.#web = new Set(apis.flatMap(({ kind, target }) => (kind === "web" ? [target] : [])));
  }

  checks(): SuggestedCheck[] {
    const changes = this.#parts.filter(
      (part): part is ChangePart => part.kind === "change" && part.operation !== undefined,
    );
    if (changes.length === 0) return this.#lastLook();
    const counts = new Map<Operation, number>();
    for (const { operation } of changes) counts.set(operation, (counts.get(operation) ?? 0) + 1);
    const things = new Map<GoalPart, Thing>();
    for (const part of changes) {
      // Of several things made by one operation, it is not known which one an answer is about.
      if ((counts.get(part.operation) ?? 0) > 1) continue;
      const known = part.madeBy === undefined ? undefined : things.get(part.madeBy);
      if (known !== undefined && actsOnThing(part, known)) applyTo(known, part);
      else {
        const thing = this.#thingOf(part);
        if (thing !== undefined) things.set(part, thing);
      }
    }
    const suggested: SuggestedCheck[] = [];
    const done = new Set<Operation>();
    for (const part of changes) {
      const { operation } = part;
      if (done.has(operation)) continue;
      done.add(operation);
      const same = changes.filter((other) => other.operation === operation);
      suggested.push(this.#action(part, same, things.get(part)));
      for (const thing of things.values())
        if ((thing.last ?? thing.part) === part) suggested.push(this.#probe(thing));
      const probe = things.has(part) || same.length > 1 ? undefined : toolProbe(part, this.#catalog);
      if (probe !== undefined) suggested.push(this.#toolRead(part, probe));
    }
    return suggested;
  }

  #toolRead({ operation, text }: ChangePart, { read, given, contains }: ToolProbe): SuggestedCheck {
    return {
      why: `what ${operation.key} was given is found by ${read.key}`,
      check: {
        probe: {
          operation: this.#name(read),
          ...(Object.keys(given).length === 0 ? {} : { arguments: given }),
          after: this.#name(operation),
          expect: { status: 200, text: { contains } },
        },
      },
      proves: [text],
    };
  }

  /** The only proof of a goal that changes nothing. */
  #lastLook(): SuggestedCheck[] {
    const part = this.#parts.findLast(({ kind, operation }) => kind === "look" && operation !== undefined);
    if (part?.operation === undefined) return [];
    return [
      {
        why: `"${part.text}": the goal changes nothing, so only this read shows that it was followed`,
        check: { action: { operation: this.#name(this.#looked(part, part.operation)), status: "2xx" } },
        proves: [part.text],
      },
    ];
  }

  /** Several things are seen in their list, even where the document does not say that it is one. */
  #looked({ clause, madeBy }: GoalPart, operation: Operation): Operation {
    const collection = withoutItem(operation.path);
    if (!clause.plural || madeBy !== undefined || collection === operation.path) return operation;
    const { target, call } = operation;
    return (
      this.#catalog.operations.find(
        (other) => other.target === target && other.call === call && other.path === collection,
      ) ?? operation
    );
  }

  #name({ target, key }: Pick<Operation, "target" | "key">): string {
    return this.#named ? `${target}: ${key}` : key;
  }

  #action({ operation }: ChangePart, same: readonly ChangePart[], thing: Thing | undefined): SuggestedCheck {
    const body: Record<string, ExpectedValue> = {};
    if (same.length === 1)
      for (const [field, value] of shownIn(topFields(operation.answers), same[0] as ChangePart))
        body[answerPath(operation, field)] = value;
    const capture = Object.fromEntries(
      Array.from(thing?.captures ?? [], ([field, name]) => [name, answerPath(operation, field)]),
    );
    const shown =
      same.length === 1 && this.#web.has(operation.target) ? textOnPage(same[0] as ChangePart) : undefined;
    const proves = same.map(({ text }) => text);
    return {
      why: proves.map((text) => `"${text}"`).join(", "),
      check: {
        action: {
          operation: this.#name(operation),
          status: "2xx",
          ...(Object.keys(body).length === 0 ? {} : { body }),
          ...(shown === undefined ? {} : { text: { contains: shown } }),
          ...(same.length === 1 ? {} : { count: same.length }),
          ...(Object.keys(capture).length === 0 ? {} : { capture }),
        },
      },
      proves,
    };
  }

  /** What a part makes or changes, if a read can show it. */
  #thingOf(part: ChangePart): Thing | undefined {
    const { operation } = part;
    if (operation.method === "DELETE") return undefined;
    const read = readOfThing(operation, this.#catalog);
    if (read === undefined) return undefined;
    const expected = shownIn(read.fields, part);
    // What was there before the goal began is read all the same: only a changed value proves something.
    if (expected.size === 0 && !makesThing(operation)) return undefined;
    const captures = new Map<Field, string>();
    for (const [parameter, field] of [...read.parameters, [read.idField.leaf, read.idField] as const])
      if (!captures.has(field)) captures.set(field, this.#captureName(parameter, operation));
    return { part, read, captures, expected, last: undefined, isGone: false, proves: [part.text] };
  }

  #captureName(parameter: string, operation: Operation): string {
    const own = isPlainIdName(parameter) || !CAPTURE.test(parameter) ? `${nounOf(operation)}Id` : parameter;
    let name = own;
    for (let number = 2; this.#captures.has(name); number += 1) name = `${own}${number}`;
    this.#captures.add(name);
    return name;
  }

  #probe({ part, read, captures, expected, last, isGone, proves }: Thing): SuggestedCheck {
    const { operation, idField, parameters, isList, fields } = read;
    const id = captures.get(idField) ?? "";
    const body: Record<string, ExpectedValue> = {};
    if (isList) {
      const place = (leaf: string) => entryPath(operation, idField.leaf, id, leaf);
      if (isGone || expected.size === 0) body[place(idField.leaf)] = { exists: !isGone };
      else for (const [field, value] of expected) body[place(field.leaf)] = value;
    } else if (!isGone) for (const [field, value] of expected) body[answerPath(operation, field)] = value;
    const key = parameters.reduce(
      (path, [name, field]) => path.replace(`{${name}}`, `{${captures.get(field) ?? name}}`),
      operation.key,
    );
    const hasBody = Object.keys(body).length > 0;
    const others = fields.slice(0, MOST_FIELDS).map((field) => `$.${field.leaf}`);
    const made = part.operation?.key ?? "";
    const shows = isGone
      ? `what ${made} made is gone`
      : expected.size > 0
        ? `what ${made} answered about has the values that the goal names`
        : `what ${made} made is there; add to \`expect\` what must be true of it: ${others.join(", ") || "its fields are not documented"}`;
    return {
      why: shows,
      check: {
        probe: {
          operation: this.#name({ target: operation.target, key }),
          ...documentOf(read, id),
          ...(last?.operation === undefined ? {} : { after: this.#name(last.operation) }),
          expect: {
            status: isGone && !isList ? [404, 410] : 200,
            ...(hasBody ? { body } : {}),
          },
        },
      },
      proves,
    };
  }
}

const CAPTURE = /^[A-Za-z][\w-]*$/;

/** A text that the goal names for what a form makes or changes: the page after it usually shows it. */
function textOnPage({ clause, values }: ChangePart): string | undefined {
  const named = [...values.values()].filter(
    (value): value is string => typeof value === "string" && clause.quoted.includes(value),
  );
  return named.find(canBeRead);
}

/** What an operation makes or changes, in one word: `note` of `POST /notes`. */
function nounOf(operation: Operation): string {
  const type = answeredType(operation) ?? "";
  const name = type === "" ? lastPart(subjectOf(operation).collection).replace(/s$/, "") : type;
  const word = plain(name).split(" ").at(-1) ?? "";
  return CAPTURE.test(word) ? word : "thing";
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
  if (isList) return { document: `query { ${operation.path}${selection} }` };
  const type = new RegExp(`\\b${name}:\\s*([\\w!]+)`).exec(operation.signature ?? "")?.[1] ?? "ID!";
  return {
    document: `query($${name}: ${type}) { ${operation.path}(${name}: $${name})${selection} }`,
    arguments: { [name]: `{${id}}` },
  };
}
