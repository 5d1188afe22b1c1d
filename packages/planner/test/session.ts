import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { seedOf } from "@ape/core/lib/random";
import { type ApiDescription, renderApi } from "@ape/core/protocol/api";
import type { ChatRequest, ToolDefinition } from "@ape/core/protocol/chat";
import { tableLists } from "@ape/core/protocol/list-table";
import { gatherBody } from "@ape/core/protocol/operations/flat-body";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import {
  keepingPlaceholders,
  readOperationArguments,
} from "@ape/core/protocol/operations/operation-arguments";
import { type OperationTool, operationTools } from "@ape/core/protocol/operations/operation-tools";
import { promptTools } from "@ape/core/protocol/operations/prompt-tools";
import { renderView, type ShownBody, type ViewDone, type ViewFact } from "@ape/core/protocol/view";
import type { Planner } from "../src/planner.ts";
import type { ViewResult } from "../src/prompt/view-reader.ts";

/** A call as it reaches a fake API. */
export interface FakeCall {
  target: string;
  method: HttpMethod;
  path: string;
  query: Record<string, string>;
  data: Json | undefined;
}

export interface FakeAnswer {
  status: number;
  body?: Json;
  headers?: Record<string, string>;
  note?: string;
}

export interface PlannerSessionOptions {
  planner: Planner;
  apis: readonly ApiDescription[];
  goal: string;
  /** The data row; the names in `secret` are shown as placeholders. */
  row?: Record<string, string>;
  secret?: readonly string[];
  answer(call: FakeCall): FakeAnswer | Promise<FakeAnswer>;
  seed?: number;
  steps?: number;
  /** How many items of a list the digest shows; 12 in a real session. */
  shown?: number;
  problem?: string;
  persona?: string;
}

export interface SessionResult {
  /** `METHOD /path?query {data}` and status of every call, in order. */
  calls: string[];
  /** The last reason, or undefined where the steps ran out. */
  finished: string | undefined;
  /** How many steps it took, `finish` included. */
  steps: number;
  /** How often the planner was asked. */
  asked: number;
}

const TOOLS: ToolDefinition[] = [
  "http_get",
  "http_post",
  "http_put",
  "http_patch",
  "http_delete",
  "state_update",
  "wait",
  "finish",
].map((name) => ({ type: "function", function: { name, description: name, parameters: {} } }));

function digest(body: Json, shown: number): Json {
  if (Array.isArray(body)) {
    const kept = body.slice(0, shown).map((item) => digest(item, shown));
    return body.length > shown ? [...kept, `... ${body.length - shown} more`] : kept;
  }
  if (!isJsonObject(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, digest(value, shown)]));
}

function filled(value: Json, row: Record<string, string>): Json {
  if (typeof value === "string")
    return value.replaceAll(/\{\{(\w+)\}\}/g, (all, name: string) => row[name] ?? all);
  if (Array.isArray(value)) return value.map((item) => filled(item, row));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner, row)]));
}

const known = new WeakMap<readonly ApiDescription[], readonly OperationTool[]>();

function toolsOf(apis: readonly ApiDescription[]): readonly OperationTool[] {
  const tools = known.get(apis) ?? operationTools(apis);
  known.set(apis, tools);
  return tools;
}

/** The parts of a call, whichever tool makes it. */
export function requestOf(
  { name, arguments: text }: { name: string; arguments: string },
  apis: readonly ApiDescription[],
): {
  target: string;
  method: HttpMethod;
  path: string;
  query: JsonObject;
  headers: Record<string, string>;
  data: Json | undefined;
} {
  const args = JSON.parse(text) as JsonObject;
  const own = toolsOf(apis).find(({ definition }) => definition.function.name === name);
  if (own === undefined) {
    const { api_name: target, path, query, data } = args;
    const method = name.slice(5).toUpperCase() as HttpMethod;
    return {
      target: String(target),
      method,
      path: String(path),
      query: (query ?? {}) as JsonObject,
      headers: (args.headers ?? {}) as Record<string, string>,
      data,
    };
  }
  const read = readOperationArguments(own, gatherBody(own, args), keepingPlaceholders);
  if (typeof read === "string") throw new Error(read);
  const { path, query = {}, headers = {}, data } = read;
  return {
    target: own.target,
    method: own.operation.method as HttpMethod,
    path,
    query: query as JsonObject,
    headers,
    data,
  };
}

/** How often operations succeeded in calls that have left the history. */
function doneIn(past: readonly ViewResult[], tools: readonly OperationTool[]): ViewDone[] {
  const done: ViewDone[] = [];
  for (const { target, call, status } of past) {
    const tool = tools.find(({ operation: { method, path }, ...own }) => {
      const place = path.replaceAll(/\{[^}]*\}/g, "[^/?{ ]+");
      return own.target === target && new RegExp(`^${method} ${place}(?:[?{ ]|$)`).test(call);
    });
    if (tool === undefined || status >= 400) continue;
    const operation = `${tool.operation.method} ${tool.operation.path}`;
    const known = done.find((one) => one.target === target && one.operation === operation);
    if (known === undefined) done.push({ target, operation, times: 1 });
    else known.times += 1;
  }
  return done;
}

/** An answer as a view has it. */
function shownBody(json: Json): ShownBody {
  const table = tableLists(json);
  return { body: JSON.stringify(json), ...(table === undefined ? {} : { table: JSON.stringify(table) }) };
}

/** Makes the request that an agent would: instructions with the APIs, the view, the tools. */
export function requestFor(
  {
    apis,
    goal,
    seed = 1,
    problem,
    persona,
  }: Pick<PlannerSessionOptions, "apis" | "goal" | "seed" | "problem" | "persona">,
  facts: readonly ViewFact[],
  past: readonly ViewResult[],
): ChatRequest {
  const own = toolsOf(apis);
  const names = new Map(own.map((one) => [one.operation, one.definition.function.name]));
  const trail = past.map(({ body: _body, headers: _headers, ...call }) => call).slice(-20);
  const view = {
    goal,
    facts,
    trail,
    dropped: Math.max(0, past.length - 20),
    done: doneIn(past.slice(0, -20), own),
    results: past.slice(-3),
    ...(persona === undefined ? {} : { persona }),
    ...(problem === undefined ? {} : { problem }),
  };
  return {
    model: "simulated",
    messages: [
      {
        role: "system",
        content: `You are an agent that uses APIs.\n\n${apis.map((api) => renderApi(api, names)).join("\n\n")}`,
      },
      {
        role: "user",
        content: renderView({
          ...view,
          results: view.results.map((result) => ({ ...result, ...shownBody(result.body) })),
        }),
      },
    ],
    tools: [...promptTools(own), ...TOOLS],
    tool_choice: "required",
    seed: seedOf(seed, past.length),
  };
}

/** Runs a planner against a fake API, with the memory that a real session has, and its way with several calls at once. */
export async function runPlannerSession(options: PlannerSessionOptions): Promise<SessionResult> {
  const { planner, row = {}, secret = [], answer, steps = 40, shown = 5 } = options;
  const facts: ViewFact[] = Object.entries(row).map(([name, value]) => ({
    name,
    value: secret.includes(name) ? `{{${name}}}` : value,
    origin: "data",
  }));
  const past: ViewResult[] = [];
  const calls: string[] = [];
  let asked = 0;
  let queue: { name: string; arguments: string }[] = [];
  for (let step = 1; step <= steps; step += 1) {
    if (queue.length === 0) {
      asked += 1;
      queue = planner.plan(requestFor(options, facts, past)).toolCalls;
    }
    const planned = queue.shift();
    if (planned === undefined) throw new Error("no tool was called");
    const args = JSON.parse(planned.arguments) as Record<string, Json>;
    if (planned.name === "finish") return { calls, finished: String(args.reason), steps: step, asked };
    if (planned.name === "state_update") {
      const origin = `step ${step}`;
      for (const [name, value] of Object.entries(args.set as Record<string, Json>))
        facts.push({ name, value: String(value), origin });
      continue;
    }
    const { target, method, path, query: given, data } = requestOf(planned, options.apis);
    const query = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
    const search = new URLSearchParams(query).toString();
    const body = data === undefined ? "" : ` ${JSON.stringify(data)}`;
    const text = `${method} ${path}${search === "" ? "" : `?${search}`}${body}`;
    const got = await answer({
      target,
      method,
      path,
      query,
      data: data === undefined ? undefined : filled(data, row),
    });
    if (got.status < 200 || got.status >= 300) queue = [];
    calls.push(`${text} -> ${got.status}`);
    past.push({
      step,
      target,
      call: text.slice(0, 200),
      status: got.status,
      ...(got.note === undefined ? {} : { note: got.note }),
      ...(got.headers === undefined ? {} : { headers: got.headers }),
      body: digest(got.body ?? null, shown),
    });
  }
  return { calls, finished: undefined, steps, asked };
}
