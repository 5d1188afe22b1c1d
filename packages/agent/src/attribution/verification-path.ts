import { encodeSegment } from "@ape/core/lib/percent";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { isSameKind, pathParameters } from "./resource-kind.ts";

/** The read of the very resource that a call's path names: itself, or the path without a last action word. */
export function readOfPath(
  call: ToolCall,
  operation: string,
  api: ApiDescription | undefined,
): ToolCall | undefined {
  if (call.graphql !== undefined || call.tool !== undefined) return undefined;
  if (call.method === "GET") return { target: call.target, method: "GET", path: call.path, ...queryOf(call) };
  const template = operation.slice(operation.indexOf(" ") + 1).split("/");
  const segments = (call.path.split("?", 1)[0] ?? "").split("/");
  // Without a parameter in it a path names no single resource.
  for (let length = segments.length; length > 1; length -= 1) {
    if (template[length - 1]?.includes("{") !== true && length < segments.length) continue;
    if (!template.slice(0, length).some((segment) => segment.includes("{"))) return undefined;
    const path = segments.slice(0, length).join("/");
    const wanted = template.slice(0, length).join("/");
    if (isReadable(api, wanted)) return { target: call.target, method: "GET", path };
    if (template[length - 1]?.includes("{") === true) return undefined;
  }
  return undefined;
}

/** The documented read of one resource of a kind; undefined where none or several could be it. */
export function readOfKind(
  target: string,
  kinds: readonly string[],
  value: string,
  api: ApiDescription | undefined,
): ToolCall | undefined {
  if (api?.documented !== true || api.kind !== undefined) return undefined;
  const found: string[] = [];
  for (const { method, path } of api.operations) {
    if (method !== "GET" || !path.endsWith("}")) continue;
    const parameters = pathParameters(path, `GET ${path}`);
    const [only] = parameters;
    if (parameters.length !== 1 || only === undefined) continue;
    if (only.kinds.some((kind) => kinds.some((wanted) => isSameKind(kind, wanted)))) found.push(path);
  }
  const [path] = found;
  if (found.length !== 1 || path === undefined) return undefined;
  return { target, method: "GET", path: path.replace(/\{[^}]+\}/, encodeSegment(value)) };
}

function isReadable(api: ApiDescription | undefined, template: string): boolean {
  if (api === undefined || !api.documented) return true;
  const shape = template.replaceAll(/\{[^}]*\}/g, "{}");
  return api.operations.some(
    ({ method, path }) => method === "GET" && path.replaceAll(/\{[^}]*\}/g, "{}") === shape,
  );
}

const queryOf = ({ query }: ToolCall): Pick<ToolCall, "query"> =>
  query === undefined ? {} : { query: { ...query } };
