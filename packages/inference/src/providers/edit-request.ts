import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import type { ChatMessage, ChatRequest, ToolDefinition } from "@ape/core/protocol/chat";
import { membersOf } from "../server/request-peeker.ts";
import { defaultsFor, type RequestEdits } from "./dialect.ts";
import { editTools, mayEditTools } from "./edit-tools.ts";

/**
 * A request with another model and changed fields. Messages and tools stay the same objects, so that cached encodings
 * of them are found.
 */
export function editRequest(
  request: ChatRequest,
  model: string | undefined,
  edits: RequestEdits | undefined,
): ChatRequest {
  if (edits === undefined) return model === undefined ? request : { ...request, model };
  const edited: Record<string, unknown> = {};
  const given = request as unknown as Readonly<Record<string, unknown>>;
  for (const name in request) {
    const renamed = edits.names.get(name);
    if (renamed === null || (renamed !== undefined && renamed in request)) continue;
    edited[renamed ?? name] = editedValue(name, given[name], edits);
  }
  if (model !== undefined) edited.model = model;
  for (const [name, value] of defaultsFor(edits, (one) => one in request)) edited[name] = value;
  Object.assign(edited, edits.add);
  return edited as unknown as ChatRequest;
}

function editedValue(name: string, value: unknown, edits: RequestEdits): unknown {
  const { toolChoice, jsonObject, mergedSystem } = edits;
  if (name === "messages" && mergedSystem && Array.isArray(value)) return merged(value as ChatMessage[]);
  if (name === "tool_choice" && toolChoice !== undefined && value === "required") return toolChoice;
  if (name === "tools" && Array.isArray(value)) return editTools(value as ToolDefinition[], edits);
  if (name === "response_format" && jsonObject && isJsonObject(value) && value.type === "json_schema")
    return { type: "json_object" };
  return value;
}

/** The messages with the text of a leading system message before that of the user's message. */
function merged(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const [system, user, ...others] = messages;
  if (system?.role !== "system" || user?.role !== "user") return messages;
  return [{ role: "user", content: `${system.content ?? ""}\n\n${user.content ?? ""}` }, ...others];
}

/**
 * Applies the changes to a request's bytes. Bytes and order of everything else stay; without a change it returns the
 * same body.
 */
export function editBody(body: Buffer, model: string | undefined, edits: RequestEdits | undefined): Buffer {
  if (edits === undefined && model === undefined) return body;
  const members = membersOf(body);
  if (members === undefined) return editParsed(body, model, edits);
  const keys = new Set(members.map(({ key }) => key));
  const pending = new Map<string, unknown>(
    edits === undefined ? [] : defaultsFor(edits, (name) => keys.has(name)),
  );
  for (const [name, value] of Object.entries(edits?.add ?? {})) pending.set(name, value);
  if (model !== undefined) pending.set("model", model);
  const pieces: Buffer[] = [];
  let changed = false;
  for (const { start, key, keyStart, keyEnd, valueStart, valueEnd, end } of members) {
    const renamed = edits?.names.get(key);
    if (renamed === null || (renamed !== undefined && keys.has(renamed))) {
      changed = true;
      continue;
    }
    let value: Buffer | undefined;
    if (pending.has(key)) {
      value = Buffer.from(JSON.stringify(pending.get(key)));
      pending.delete(key);
    } else if (edits !== undefined) value = editedBytes(key, body.subarray(valueStart, valueEnd), edits);
    if (renamed === undefined && value === undefined) {
      pieces.push(body.subarray(start, end));
      continue;
    }
    changed = true;
    pieces.push(
      Buffer.concat([
        body.subarray(start, keyStart),
        renamed === undefined ? body.subarray(keyStart, keyEnd) : Buffer.from(JSON.stringify(renamed)),
        body.subarray(keyEnd, valueStart),
        value ?? body.subarray(valueStart, valueEnd),
        body.subarray(valueEnd, end),
      ]),
    );
  }
  if (!changed && pending.size === 0) return body;
  for (const [name, value] of pending)
    pieces.push(Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(value)}`));
  return joined(body, members[0]?.start ?? 1, pieces, members.at(-1)?.end ?? body.length - 1);
}

const SEPARATOR = Buffer.from(",");

function joined(body: Buffer, from: number, pieces: readonly Buffer[], end: number): Buffer {
  const parts = [body.subarray(0, from)];
  for (const [index, piece] of pieces.entries()) parts.push(...(index === 0 ? [piece] : [SEPARATOR, piece]));
  return Buffer.concat([...parts, body.subarray(end)]);
}

function editedBytes(key: string, value: Buffer, edits: RequestEdits): Buffer | undefined {
  const isEdited =
    key === "tool_choice" ||
    (key === "messages" && edits.mergedSystem) ||
    (key === "response_format" && edits.jsonObject) ||
    (key === "tools" && mayEditTools(value, edits));
  if (!isEdited) return undefined;
  const parsed: unknown = JSON.parse(value.toString("utf8"));
  const edited = editedValue(key, parsed, edits);
  return edited === parsed ? undefined : Buffer.from(JSON.stringify(edited));
}

/** A body that writes its keys in an unusual way is serialized again. */
function editParsed(body: Buffer, model: string | undefined, edits: RequestEdits | undefined): Buffer {
  const json = JSON.parse(body.toString("utf8")) as JsonObject;
  return Buffer.from(JSON.stringify(editRequest(json as unknown as ChatRequest, model, edits)));
}
