import { isMethod } from "@ape/core/protocol/operations/operation";
import type { Field } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";

const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/** A member of a JSONPath (RFC 9535): `.name`, or `['a name']`. */
const member = (name: string): string =>
  PLAIN_NAME.test(name) ? `.${name}` : `['${name.replaceAll(/[\\']/g, "\\$&")}']`;

const members = (name: string): string =>
  name
    .split(".")
    .filter((part) => part !== "")
    .map(member)
    .join("");

/** JSONPath of the whole answer of an operation; GraphQL wraps it into `data` and the field's name. */
const rootOf = ({ call, path }: Operation): string =>
  isMethod(call) || call === "tool" ? "$" : `$.data${member(path)}`;

/** JSONPath of a field of an operation's answer. */
export const answerPath = (operation: Operation, { name }: Pick<Field, "name">): string =>
  `${rootOf(operation)}${members(name)}`;

/** JSONPath of a value to capture: of a list's entries that of the last one. */
export const capturePath = (operation: Operation, { name }: Pick<Field, "name">): string =>
  `${rootOf(operation)}${name.split("[]").map(members).join("[-1:]")}`;

/**
 * JSONPath of a field of the one entry of a list that has a value in its field `key`, or of the entry itself in a list of plain
 * values.
 */
export function entryPath(
  read: Operation,
  key: string | undefined,
  value: string,
  field: string | undefined,
  prefix = read.list?.prefix ?? "",
): string {
  const own = (name: string | undefined): string => (name === undefined ? "" : member(name));
  const text = value.replaceAll(/[\\']/g, "\\$&");
  return `${rootOf(read)}${members(prefix)}[?@${own(key)}=='${text}']${own(field)}`;
}
