import { isMethod } from "@ape/core/protocol/operations/operation";
import type { OperationTool } from "@ape/core/protocol/operations/operation-tools";
import { TOOL_METHODS } from "@ape/core/protocol/tools";

/** The tool that a model meant, and what else its name said of the call. */
export interface NamedTool {
  name: string;
  /** The path that was written instead of a name, if it is no template. */
  path?: string;
  repaired: boolean;
}

/** Prefixes that models put before names: `functions.http_get`, `default_api.http_get`, `tools/http_get`. */
const PREFIX = /^(?:functions?|tools?|default_api|api|multi_tool_use|mcp)(?:[.:/]|__|::)+/i;
/** Numbers of a call after its name: `http_get:0`, `functions.http_get:12`. */
const NUMBER = /[:#]\d+$/;
const METHOD_AND_PATH = /^(get|post|put|patch|delete)[\s:]+((?:\/|https?:\/\/)\S*)$/i;
const MAX_NAME = 2_000;

/**
 * Finds the tool that a name means: unchanged, without a prefix, number, blanks or marks of a chat template, in another
 * case, or as an operation's method and path.
 * @param names of the tools that are accepted
 * @returns undefined if no tool, or more than one, is meant
 */
export function findTool(
  written: string,
  names: ReadonlySet<string>,
  operations: ReadonlyMap<string, OperationTool>,
): NamedTool | undefined {
  if (names.has(written)) return { name: written, repaired: false };
  if (written.length > MAX_NAME) return undefined;
  const text = written.trim().replaceAll(/^["'`]|["'`]$|\(\)$/g, "");
  for (const name of [text, text.replace(PREFIX, ""), text.replace(PREFIX, "").replace(NUMBER, "").trim()])
    if (names.has(name)) return { name, repaired: true };
  const marked = withoutMarks(text).filter((name) => names.has(name));
  if (new Set(marked).size === 1) return { name: marked[0] as string, repaired: true };
  const operation = METHOD_AND_PATH.exec(text);
  if (operation !== null) return byPath(operation[1] as string, operation[2] as string, operations);
  const alike = likeOf(text.replace(PREFIX, "").replace(NUMBER, ""));
  const found = [...names].filter((name) => likeOf(name) === alike);
  if (found.length === 1 && alike !== "") return { name: found[0] as string, repaired: true };
  return found.length === 0 ? byDocument(alike, operations) : undefined;
}

/** Marks of chat templates that servers leave in names: `listProducts<|channel|>commentary`, `<tool_call>listProducts`. */
const MARK = /<[|｜]?[^<>|｜]*[|｜]?>|<[|｜].*$/g;
/** The recipient in the header of a gpt-oss message: `assistant<|channel|>commentary to=functions.listProducts`. */
const RECIPIENT = /\bto=([\w.:/-]+)/;

/** The parts of a name between the marks of a chat template; only the recipient where one is named. */
function withoutMarks(text: string): string[] {
  const recipient = RECIPIENT.exec(text)?.[1];
  if (recipient === undefined && !text.includes("<")) return [];
  const parts = recipient === undefined ? text.split(MARK) : [recipient];
  return parts.map((part) => part.trim().replace(PREFIX, "").replace(NUMBER, ""));
}

/** A name without what clients write in another way: capitals, blanks, and marks between its words. */
const likeOf = (name: string): string => name.toLowerCase().replaceAll(/[\s_./-]+/g, "");

/** Finds the tool of an operation by its name in the document, with or without the target's name before it. */
function byDocument(alike: string, operations: ReadonlyMap<string, OperationTool>): NamedTool | undefined {
  const found = [...operations].filter(([name, { target, operation }]) =>
    [
      operation.id ?? operation.path,
      `${target}_${operation.id ?? operation.path}`,
      `${target}_${operation.id ?? name}`,
    ].some((one) => likeOf(one) === alike),
  );
  const [only] = found;
  return found.length === 1 && only !== undefined ? { name: only[0], repaired: true } : undefined;
}

function byPath(
  written: string,
  path: string,
  operations: ReadonlyMap<string, OperationTool>,
): NamedTool | undefined {
  const method = written.toUpperCase();
  const found = [...operations].filter(
    ([, { operation }]) => operation.method === method && operation.path === path,
  );
  if (found.length > 1) return undefined;
  const [only] = found;
  if (only !== undefined) return { name: only[0], repaired: true };
  if (path.includes("{") && !path.includes("{{")) return undefined;
  const generic = Object.entries(TOOL_METHODS).find(([, own]) => own === method && isMethod(method))?.[0];
  return generic === undefined ? undefined : { name: generic, path, repaired: true };
}
