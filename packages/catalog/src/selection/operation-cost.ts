import { type ApiDescription, type ApiOperation, renderApi } from "@ape/core/protocol/api";
import { operationTools } from "@ape/core/protocol/operations/operation-tools";

/** Bytes that count as one token. */
const BYTES_PER_TOKEN = 4;

/** Tokens of a text or of a value's JSON, as an estimate that needs no tokenizer: bytes divided by four. */
export function tokensOf(value: unknown): number {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** Tokens that an operation uses in a request: its typed tool, if it has one, and its lines of the prompt's text. */
export function operationCost(operation: ApiOperation, api: ApiDescription): number {
  const only = { ...api, auth: [], operations: [operation] };
  const [tool] = operationTools([only]);
  const names = new Map(tool === undefined ? [] : [[operation, tool.definition.function.name] as const]);
  const text = renderApi(only, names);
  const lines = text.slice(text.indexOf("\n- ") + 1);
  return tokensOf(lines) + (tool === undefined ? 0 : tokensOf(tool.definition));
}
