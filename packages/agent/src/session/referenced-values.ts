import type { Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import { isIdName } from "@ape/core/protocol/id-name";
import { templateValues } from "@ape/core/protocol/operations/route-table";
import type { ToolCall } from "@ape/core/protocol/tool-call";

const MAX_VALUES = 40;
const MAX_DEPTH = 3;
const namesObject = (name: string): boolean => isIdName(name, true) || /tokens?$/i.test(name);
/** Smaller numbers are amounts unless their name says otherwise: nearly every answer contains a `1`. */
const SMALLEST_ID = 1_000;

/**
 * Returns the values of a call that can identify something at the target: the parameters of its route, and the texts,
 * ids and larger numbers of its query and data. At most 40.
 * @param operation `METHOD /template`, which separates path parameters from fixed segments
 */
export function referencedValues(call: ToolCall, operation: string): string[] {
  const values: string[] = [];
  const mark = call.path.indexOf("?");
  if (operation.includes("{")) {
    const template = operation.slice(operation.indexOf(" ") + 1);
    const path = mark < 0 ? call.path : call.path.slice(0, mark);
    values.push(...Object.values(templateValues(template, path)).slice(0, MAX_VALUES));
  }
  if (mark >= 0)
    for (const [name, value] of new URLSearchParams(call.path.slice(mark + 1))) take(values, name, value, 0);
  for (const name in call.query) take(values, name, call.query[name] as Json, 0);
  if (call.data !== undefined) take(values, "", call.data, 0);
  if (call.graphql?.variables !== undefined) take(values, "", call.graphql.variables, 0);
  if (call.tool !== undefined) take(values, "", call.tool.arguments, 0);
  return values;
}

function take(values: string[], name: string, value: Json, depth: number): void {
  if (values.length >= MAX_VALUES) return;
  if (typeof value === "string") {
    if (value.length >= 3 || namesObject(name)) values.push(value);
  } else if (isNumber(value)) {
    if (namesObject(name) || (Number.isInteger(Number(value)) && Number(value) >= SMALLEST_ID))
      values.push(String(value));
  } else if (typeof value === "object" && value !== null && depth < MAX_DEPTH) {
    if (Array.isArray(value))
      for (const item of value.slice(0, MAX_VALUES)) take(values, name, item, depth + 1);
    else for (const key in value) take(values, key, value[key] ?? null, depth + 1);
  }
}

/** Whether a call sends a value: an answer that only repeats it did not issue it. */
export const sendsValue = ({ data, query }: ToolCall, value: string): boolean =>
  JSON.stringify([data, query]).includes(JSON.stringify(value).slice(1, -1));
