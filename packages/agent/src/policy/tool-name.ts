import type { HttpMethod } from "@ape/core/protocol/operation";
import { TOOL_METHODS } from "@ape/core/protocol/tools";
import { TOOLS, type ToolSet } from "./tools.ts";

/** What a name stands for: a tool, and the path that the name had in it. */
export interface ResolvedName {
  tool: string;
  path?: string;
  /** The kind of repair, where the name is none of a tool's own. */
  repair?: "tool_name" | "operation_name";
}

const GENERIC: ReadonlySet<string> = new Set(TOOLS.map((one) => one.function.name));
/** What clients of other models put before a function's name. */
const PREFIX = /^(?:(?:functions?|tools?|default_api|api)(?:\.|::|:|\/))+/i;
const SUFFIX = /(?:[:#]\d+|\(\))$/;
const HTTP_NAME = /^(GET|POST|PUT|PATCH|DELETE)[\s:_]+(\/\S*)$/i;

/** Letters and digits in lower case: what a name keeps whatever way it is written. */
const essence = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

/**
 * The tool that a name stands for. A name that is none of a tool's own stands for one only where no other comes into
 * question: `functions.http_get`, `http_get:0`, `place_order` for `placeOrder`, the operation's name in the document, `GET
 * /products`.
 * @returns undefined where nothing or more than one thing could be meant
 */
export function resolveToolName(written: string, { operations }: ToolSet): ResolvedName | undefined {
  const isTool = (name: string): boolean => operations.has(name) || GENERIC.has(name);
  if (isTool(written)) return { tool: written };
  const plain = written.trim().replace(PREFIX, "").replace(SUFFIX, "").trim();
  if (isTool(plain)) return { tool: plain, repair: "tool_name" };
  const http = HTTP_NAME.exec(plain);
  if (http !== null)
    return byRoute((http[1] as string).toUpperCase() as HttpMethod, http[2] as string, operations);
  const alike = [...operations.keys(), ...GENERIC].filter((name) => essence(name) === essence(plain));
  if (alike.length === 1) return { tool: alike[0] as string, repair: "tool_name" };
  const named = [...operations.values()].filter(({ target, operation, definition }) => {
    const wanted = [operation.id ?? operation.path, `${target}_${operation.id ?? definition.function.name}`];
    return wanted.some((name) => essence(name) === essence(plain));
  });
  const [only] = named;
  return named.length === 1 && only !== undefined
    ? { tool: only.definition.function.name, repair: "operation_name" }
    : undefined;
}

function byRoute(
  method: HttpMethod,
  path: string,
  operations: ToolSet["operations"],
): ResolvedName | undefined {
  const same = [...operations.values()].filter(
    ({ operation }) => operation.method === method && operation.path === path,
  );
  if (same.length > 1) return undefined;
  const [only] = same;
  if (only !== undefined) return { tool: only.definition.function.name, repair: "operation_name" };
  const tool = Object.keys(TOOL_METHODS).find((name) => TOOL_METHODS[name] === method);
  return tool === undefined ? undefined : { tool, path, repair: "operation_name" };
}
