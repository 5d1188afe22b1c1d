import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { jsonIn } from "./argument-types.ts";

/** Names of the member that holds a call's name, and of the one that holds its arguments. */
const NAMES = ["name", "tool", "tool_name", "function", "function_name", "recipient_name"] as const;
const ARGUMENTS = ["arguments", "parameters", "args", "input", "params"] as const;
/** Names of the member that holds a whole call. */
const CALL = /^(?:function|function_call|tool_call|call)$/;
const OTHERS: ReadonlySet<string> = new Set(["type", "id"]);

/**
 * The arguments of a call that a model wrote into its own arguments: `{name: .., arguments: {..}}`, or `{tool: {..}}` by
 * the tool's name.
 * @param isSame whether a name is that of the tool
 * @param known whether the tool has an argument of a name: then it is meant
 * @returns undefined where the arguments are no such call
 */
export function wrappedArguments(
  args: JsonObject,
  isSame: (name: string) => boolean,
  known: (name: string) => boolean,
): JsonObject | undefined {
  const keys = Object.keys(args);
  const [only] = keys;
  if (keys.length === 1 && only !== undefined && !known(only)) {
    if (isSame(only)) return objectIn(args[only]);
    const inner = CALL.test(only) ? args[only] : undefined;
    if (isJsonObject(inner)) return wrappedArguments(inner, isSame, known);
  }
  const name = NAMES.find((key) => typeof args[key] === "string");
  const holder = ARGUMENTS.find((key) => Object.hasOwn(args, key));
  if (name === undefined || holder === undefined || known(holder) || !isSame(args[name] as string))
    return undefined;
  return keys.every((key) => key === name || key === holder || OTHERS.has(key))
    ? objectIn(args[holder])
    : undefined;
}

function objectIn(value: Json | undefined): JsonObject | undefined {
  const inner = typeof value === "string" ? jsonIn(value) : value;
  return isJsonObject(inner as Json) ? (inner as JsonObject) : undefined;
}
