import type { JsonObject } from "@ape/core/lib/json";
import { applyForm, findForm, sentLabel, submitForm } from "@ape/core/protocol/form";
import type { PageForm } from "@ape/core/protocol/page";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import type { ActionDecision } from "./call-rendering.ts";
import { fillPath, fillPlaceholders, type PlaceholderValues } from "./placeholder.ts";

/**
 * Builds the call of a decision: placeholders filled in, header names in lower case.
 * @param origin the target's base URL: a link that begins with it is a path of the target
 * @param values of placeholders in calls to this target
 * @param forms of the page that the target showed last
 * @returns the call, or one sentence that tells the model what is wrong
 */
export function makeCall(
  decision: ActionDecision,
  origin: string | undefined,
  values: PlaceholderValues,
  forms: readonly PageForm[] = [],
): ToolCall | string {
  const { read } = values;
  if (decision.form !== undefined || decision.graphql !== undefined || decision.call !== undefined)
    return makeOther(decision, values, forms);
  const path = fillPath(decision.path, read);
  const unknown = path.unknown;
  const call: ToolCall = { target: decision.target, method: decision.method, path: path.value, headers: {} };
  if (decision.headers !== undefined) {
    const headers = fillPlaceholders(decision.headers as JsonObject, read);
    unknown.push(...headers.unknown);
    const lower: Record<string, string> = {};
    for (const name in headers.value) lower[name.toLowerCase()] = headers.value[name] as string;
    call.headers = lower;
  }
  if (decision.query !== undefined) {
    const query = fillPlaceholders(decision.query as JsonObject, read);
    unknown.push(...query.unknown);
    call.query = query.value as NonNullable<ToolCall["query"]>;
  }
  if (decision.data !== undefined) {
    const data = fillPlaceholders(decision.data, read);
    unknown.push(...data.unknown);
    call.data = data.value;
  }
  if (unknown[0] !== undefined) return values.explain(unknown[0]);
  if (!call.path.startsWith("/")) {
    const base = origin?.replace(/\/$/, "");
    const rest = base === undefined ? undefined : withinBase(call.path, base);
    if (rest === undefined)
      return `${decision.path.slice(0, 80)} is not within the API; write the path from /, such as /products`;
    call.path = rest;
    if (/^https?:/i.test(decision.path))
      decision.repairs = [...new Set([...(decision.repairs ?? []), "path" as const])];
  }
  return call;
}

/** The path of a URL that is a base URL or below it. */
function withinBase(url: string, base: string): string | undefined {
  if (!url.startsWith(base)) return undefined;
  const rest = url.slice(base.length);
  return rest.startsWith("/") ? rest : /^(?:$|[?#])/.test(rest) ? `/${rest}` : undefined;
}

/** Builds the call of a decision other than plain HTTP. For a form, sets the decision's method and path. */
function makeOther(
  decision: ActionDecision,
  { read, explain }: PlaceholderValues,
  forms: readonly PageForm[],
): ToolCall | string {
  const { graphql, call: tool, form, target } = decision;
  const call: ToolCall = { target, method: "POST", path: "", headers: {} };
  const unknown: string[] = [];
  const filled = (values: JsonObject): JsonObject => {
    const result = fillPlaceholders(values, read);
    unknown.push(...result.unknown);
    return result.value;
  };
  let problem: string | undefined;
  if (graphql !== undefined)
    call.graphql =
      graphql.variables === undefined ? graphql : { ...graphql, variables: filled(graphql.variables) };
  else if (tool !== undefined) call.tool = { name: tool.name, arguments: filled(tool.arguments) };
  else if (form !== undefined) {
    const found = findForm(forms, form.named);
    if (typeof found === "string") return found;
    const sent = submitForm(found, { fields: filled(form.fields), submit: form.submit });
    if (typeof sent === "string") problem = sent;
    else {
      applyForm(call, sent);
      decision.method = sent.method;
      decision.path = sent.path;
      decision.label = sentLabel(found, form.submit);
      form.named = found.id;
    }
  }
  return unknown[0] !== undefined ? explain(unknown[0]) : (problem ?? call);
}
