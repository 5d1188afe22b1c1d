import { type Field, isText } from "@ape/catalog/operations/field";
import { ownCollection } from "@ape/catalog/operations/made-resource";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import { plain } from "@ape/catalog/words/words";
import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { encodeSegment } from "@ape/core/lib/percent";
import { isIdName } from "@ape/core/protocol/id-name";
import { namesPassword } from "@ape/core/protocol/sign-in";
import { itemsOf, valueAt } from "../choice/response-values.ts";
import { type PlanningContext, type Request, sentValue } from "../planning-context.ts";
import type { PastCall } from "./past-call.ts";
import type { Step } from "./plan.ts";

/** What a call that replaces a whole thing (PUT, RFC 9110, section 9.3.4) knows of it. */
export interface ReplacedThing {
  /** The value that the thing has for an input of the replacement, as an answer showed it or a call sent it. */
  valueOf(field: Field): Json | undefined;
  /** The read that shows the thing, where no answer in sight does and the goal took it from an answer. */
  read: Request | undefined;
}

/**
 * The very thing that a step replaces, by the values of its path; undefined where a step replaces none.
 * @param changes whether the step changes a value of the thing by an amount: then that of an update is meant as well
 */
export function replacedThing(
  step: Step,
  values: ReadonlyMap<Field, Json>,
  context: PlanningContext,
  changes = false,
): ReplacedThing | undefined {
  const { operation } = step;
  const { target, method, inputs } = operation;
  if (!(method === "PUT" || (changes && method === "PATCH")) || subjectOf(operation).verbClass !== "update")
    return undefined;
  const part = partOfThing(operation);
  let path = operation.path;
  for (const field of inputs) {
    const value = field.in === "path" ? values.get(field) : undefined;
    if (value !== undefined && !isComposite(value))
      path = path.replace(`{${field.name}}`, encodeSegment(String(value)));
  }
  if (path.includes("{")) return undefined;
  const calls = context.progress.calls.filter((call) => call.target === target).toReversed();
  const own = inputs.findLast((field) => field.in === "path");
  const id = own === undefined ? undefined : String(values.get(own));
  const known = calls.flatMap((call) => about(call, path, id, own, operation));
  const body = inputs.filter((field) => field.in === "body");
  const read = context.catalog.operations.find(
    (other) =>
      other.target === target &&
      other.method === "GET" &&
      other.call === "GET" &&
      other.path === operation.path &&
      !other.inputs.some((field) => field.required && field.in !== "path"),
  );
  const isRead = calls.some((call) => call.path === path && (!call.ok || call.answer !== undefined));
  const isChosen = inputs.every(
    (field) => field.in !== "path" || ["answer", "choice"].includes(step.bindings.get(field)?.kind ?? ""),
  );
  return {
    valueOf: (field) =>
      namesPassword(field.leaf) || (part !== undefined && !isMeasured(field))
        ? undefined
        : firstOf(known, field, body, part),
    read:
      read === undefined || isRead || !isChosen || part !== undefined
        ? undefined
        : { target, method: "GET", path },
  };
}

/** How the part of a thing is called that a path goes on with after its id: `alert level` of `/dams/{code}/alert-level`. */
const partOfThing = ({ path }: Operation): string | undefined => {
  const last = path.includes("{") ? /\/([^/{}]+)\/?$/.exec(path)?.[1] : undefined;
  return last === undefined ? undefined : plain(last);
};

/** Whether a part of a thing keeps what it has in a field: a text that says why it was changed is a new one each time. */
const isMeasured = (field: Field): boolean => field.enum !== undefined || !isText(field);

/** The names under which a thing shows a field of its part: the `level` of its `alert-level` as `alertLevel`. */
function namesOfPart(field: Field, part: string): string[] {
  const own = plain(field.leaf);
  return [own, part.endsWith(own) ? part : `${part} ${own}`];
}

/** The value that a thing has under one of some names, in any spelling of them. */
const valueCalled = (thing: JsonObject, names: readonly string[]): Json | undefined =>
  Object.entries(thing).find(([name]) => names.includes(plain(name)))?.[1];

/** One look at a thing: what a call sent for an input, or what an answer shows under a name. */
type Look = (field: Field, name: string, part?: string) => Json | undefined;

/** What a call tells of a thing. */
function about(
  call: PastCall,
  path: string,
  id: string | undefined,
  own: Field | undefined,
  operation: Operation,
): Look[] {
  const { operation: made, answer, ok } = call;
  if (!ok || made === undefined) return [];
  // What is made inside another thing may have a collection of its own.
  const { collection } = subjectOf(made);
  if (![collection, ownCollection(collection)].includes(subjectOf(operation).collection)) return [];
  const isSame = call.path === path;
  const shown = (answer === undefined ? [] : thingsIn(answer.body, made)).find(
    (thing) => (isSame && made.list === undefined) || (id !== undefined && hasId(thing, id, own)),
  );
  const sent: Look = (field) => {
    const input = made.inputs.find((other) => other.in === "body" && other.name === field.name);
    return input === undefined ? undefined : sentValue(call, input);
  };
  const looks: Look[] = [];
  if (shown !== undefined)
    looks.push((field, name, part) =>
      part === undefined ? valueAt(shown, name) : valueCalled(shown, namesOfPart(field, part)),
    );
  if (made.writes && (isSame || (shown !== undefined && made.method === "POST"))) looks.push(sent);
  return looks;
}

function thingsIn(body: Json, made: Operation): JsonObject[] {
  if (made.list !== undefined) return itemsOf(body, made).filter(isJsonObject);
  if (!isJsonObject(body)) return [];
  const inner = Object.values(body).filter(isJsonObject);
  // An answer may wrap the thing: `{"note": {"id": 1}}`.
  return Object.keys(body).length === 1 ? inner : [body, ...inner];
}

const hasId = (thing: JsonObject, id: string, own: Field | undefined): boolean =>
  Object.entries(thing).some(
    ([name, value]) => (name === own?.leaf || isIdName(name)) && !isComposite(value) && String(value) === id,
  );

function firstOf(
  looks: readonly Look[],
  field: Field,
  body: readonly Field[],
  part: string | undefined,
): Json | undefined {
  if (field.name.includes("[]")) return undefined;
  const head = `${field.name.split(".")[0]}.`;
  const isWrapped = body.every(({ name }) => name.startsWith(head) || `${name}.` === head);
  const name = isWrapped && field.name.startsWith(head) ? field.name.slice(head.length) : field.name;
  for (const look of looks) {
    const found = look(field, name, part) ?? undefined;
    if (found !== undefined && isWhole(found)) return found;
  }
  return undefined;
}

/** Whether a value is shown as a whole: no text of which only the beginning is, no list of which some items are left out. */
function isWhole(value: Json): boolean {
  if (Array.isArray(value))
    return value.every(
      (item) => !isComposite(item) && isWhole(item) && !/^\.\.\. \d+ more/.test(String(item)),
    );
  return !isComposite(value) && !(typeof value === "string" && value.endsWith("…"));
}
