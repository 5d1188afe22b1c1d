import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { ToldThing } from "../../goal/things/told-things.ts";
import { type Field, isText } from "../../operations/field.ts";
import { namesItemOf, onlyParameter } from "../../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../../operations/operation-catalog.ts";
import { areKin } from "../../words/thesaurus.ts";
import { stemsOf } from "../../words/words.ts";
import { topFields, unnamed } from "../thing-read.ts";
import { hasOtherNumber, isCodeField } from "./telling-fields.ts";

/** A thing that the path of an operation names: the trip of `/trips/{id}/members/{memberId}`. */
interface PathThing {
  field: Field;
  /** Stems of what it may be called. */
  nouns: readonly string[];
  /** What a read of one such thing shows; empty where no read does. */
  fields: readonly Field[];
}

/** The parameter of an operation's path that is the number or the code of a thing that a goal names: `DELETE /trips/17/members/{id}`. */
export function parameterOf(
  { noun, text, isNumber }: ToldThing,
  operation: Operation,
  catalog: OperationCatalog,
): Field | undefined {
  if (noun === undefined) return undefined;
  const [only, ...others] = thingsInPath(operation, catalog).filter(({ nouns }) =>
    nouns.some((own) => areKin(own, noun)),
  );
  if (only === undefined || others.length > 0) return undefined;
  return (isNumber ? !hasOtherNumber(only.fields) : isCodeOf(only, text)) ? only.field : undefined;
}

function thingsInPath(operation: Operation, { operations }: OperationCatalog): PathThing[] {
  if (!isMethod(operation.call)) return [];
  return Array.from(operation.path.matchAll(/\/\{([^/}]+)\}/g)).flatMap(({ 1: name = "", index }) => {
    const field = operation.inputs.find((input) => input.in === "path" && input.name === name);
    if (field === undefined) return [];
    const before = operation.path.slice(0, index);
    const item = unnamed(`${before}/{${name}}`);
    const reads = operations.filter(
      ({ target, writes, call }) => target === operation.target && !writes && isMethod(call),
    );
    const read =
      reads.find(({ path }) => unnamed(path) === item) ?? reads.find(({ path }) => isItemOf(field, path));
    const [last] = stemsOf(lastPart(before)).slice(-1);
    const nouns = [...(last === undefined ? [] : [last]), ...(isPlainIdName(name) ? [] : stemsOf(name))];
    return [{ field, nouns, fields: read === undefined ? [] : topFields(read.answers) }];
  });
}

/** Whether a parameter is the id of the one thing at another path: `observerId` of `/observers/{id}`. */
function isItemOf(field: Field, path: string): boolean {
  const parameter = onlyParameter(path);
  return parameter !== undefined && !isPlainIdName(field.leaf) && namesItemOf(field, path, parameter);
}

/** Whether a path takes the code of a thing: the only one that it shows, or its id where it shows none. */
function isCodeOf({ field, fields }: PathThing, text: string): boolean {
  if (!isText(field) || field.format !== undefined || /\s/.test(text)) return false;
  const codes = fields.filter(isCodeField);
  if (fields.length === 0) return false;
  return codes.length === 0 ? isPlainIdName(field.name) : codes.every(({ leaf }) => leaf === field.name);
}
