import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ViewFact } from "@ape/core/protocol/view";
import { createPlanner } from "../src/planner.ts";
import type { ViewResult } from "../src/prompt/view-reader.ts";
import { requestFor, requestOf } from "./session.ts";

/** A call of a history: its text, its status, and what was answered. */
export type Past = readonly [call: string, status: number, body?: Json, more?: PastTraits];

interface PastTraits {
  headers?: Record<string, string>;
  note?: string;
}

interface NextOptions {
  facts?: readonly ViewFact[];
  seed?: number;
  persona?: string;
}

/** A history as its answers are read. */
export const pastResults = (target: string, history: readonly Past[]): ViewResult[] =>
  history.map(([call, status, body = null, more = {}], index) => ({
    step: index + 1,
    target,
    call,
    status,
    body,
    ...more,
  }));

/**
 * What the planner decides after a history, in words: `POST /a?b=1 {"c":2}`, with its headers in brackets, `keep name = value` or
 * `finish: reason`; all that it decides together.
 */
export function nextCalls(
  api: ApiDescription,
  goal: string,
  history: readonly Past[],
  { facts = [], seed = 1, persona }: NextOptions = {},
): string[] {
  const past = pastResults(api.target, history);
  const apis = [api];
  const { toolCalls } = createPlanner().plan(
    requestFor({ apis, goal, seed, ...(persona === undefined ? {} : { persona }) }, facts, past),
  );
  return toolCalls.map((call) => inWords(call, apis));
}

/** The first of what the planner decides after a history. */
export const nextCall = (...args: Parameters<typeof nextCalls>): string => nextCalls(...args)[0] ?? "";

function inWords(call: { name: string; arguments: string }, apis: readonly ApiDescription[]): string {
  const { reason, set } = JSON.parse(call.arguments) as JsonObject;
  if (call.name === "finish") return `finish: ${String(reason)}`;
  if (call.name === "state_update" && isJsonObject(set))
    return Object.entries(set)
      .map(([fact, value]) => `keep ${fact} = ${String(value)}`)
      .join(", ");
  const { method, path, query, headers, data } = requestOf(call, apis);
  const pairs = (values: JsonObject, between: string) =>
    Object.entries(values).map(([key, value]) => `${key}${between}${String(value)}`);
  const search = pairs(query, "=").join("&");
  const sent = pairs(headers, ": ").join(", ");
  return [
    `${method} ${path}${search === "" ? "" : `?${search}`}`,
    ...(data === undefined ? [] : [JSON.stringify(data)]),
    ...(sent === "" ? [] : [`[${sent}]`]),
  ].join(" ");
}

/** A column of the data row. */
export const column = (name: string, value: string): ViewFact => ({ name, value, origin: "data" });
