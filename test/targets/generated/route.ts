import type { SystemPlan } from "./draw.ts";
import { idName, nameInStyle, plural } from "./naming.ts";
import type { SystemRefusal, SystemState } from "./state.ts";

export type RouteJson = null | boolean | number | string | RouteJson[] | { [key: string]: RouteJson };
export type FieldSchema = Record<string, unknown>;

/** A request as an operation sees it. */
export interface Asked {
  state: SystemState;
  trace: string;
  user: string;
  token: string | undefined;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Readonly<Record<string, RouteJson>>;
}

export interface RouteAnswer {
  status: number;
  body?: RouteJson;
  headers?: Record<string, string>;
}

/** An operation: what the document says of it, and what it does. */
export interface SystemRoute {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  isSecured: boolean;
  isForm?: boolean;
  query?: Record<string, FieldSchema>;
  body?: { schema: FieldSchema };
  answer?: { status: number; schema?: FieldSchema };
  serve(asked: Asked): RouteAnswer | SystemRefusal;
}

/** The schema of a text. */
export const TEXT = { type: "string" };

/** Summaries in a system's style; `none` leaves them to the path. */
export const summed = (plan: SystemPlan, verb: string, plain: string): string =>
  plan.summaries === "none" ? "" : plan.summaries === "verb" ? verb : plain;

/** The schema of an id in the style of the system. */
export const idSchema = (plan: SystemPlan): FieldSchema => ({
  type: plan.idStyle === "number" ? "integer" : "string",
});

/** An id as the system sends it. */
export const idValue = (plan: SystemPlan, id: string): RouteJson =>
  plan.idStyle === "number" ? Number(id) : id;

/** A path segment in the style of the system. */
export const segment = (words: string): string => words.replaceAll(" ", "-");

/** A list in the envelope of the system. */
export function enveloped(plan: SystemPlan, noun: string, list: RouteJson[], cursor?: string): RouteJson {
  if (plan.envelope === "bare") return list;
  const name = plan.envelope === "named" ? nameInStyle(plan, plural(noun)) : plan.envelope;
  return { [name]: list, ...(cursor === undefined ? {} : { [nameInStyle(plan, "next cursor")]: cursor }) };
}

/** The schema of a list in the envelope of the system. */
export function listSchema(plan: SystemPlan, noun: string, items: FieldSchema): FieldSchema {
  const list = { type: "array", items };
  if (plan.envelope === "bare") return list;
  const name = plan.envelope === "named" ? nameInStyle(plan, plural(noun)) : plan.envelope;
  const cursor = plan.paging === "cursor" ? { [nameInStyle(plan, "next cursor")]: TEXT } : {};
  return { type: "object", properties: { [name]: list, ...cursor } };
}

/** The answer to a creation, in the style of the system. */
export function createdAnswer(
  plan: SystemPlan,
  noun: string,
  id: string,
  whole: RouteJson,
  base: string,
): RouteAnswer {
  if (plan.created === "object") return { status: 201, body: whole };
  if (plan.created === "wrapped") return { status: 201, body: { [nameInStyle(plan, noun)]: whole } };
  if (plan.created === "id") return { status: 201, body: { [idName(plan, noun)]: idValue(plan, id) } };
  return { status: 201, headers: { location: `${plan.prefix}${base}/${id}` } };
}

/** What the document says of that answer. */
export function createdSchema(plan: SystemPlan, noun: string, whole: FieldSchema): SystemRoute["answer"] {
  if (plan.created === "object") return { status: 201, schema: whole };
  if (plan.created === "wrapped")
    return { status: 201, schema: { type: "object", properties: { [nameInStyle(plan, noun)]: whole } } };
  if (plan.created === "id")
    return { status: 201, schema: { type: "object", properties: { [idName(plan, noun)]: idSchema(plan) } } };
  return { status: 201 };
}
