import type { Field } from "@ape/catalog/operations/field";
import { grantOf, isGrant, namesRefresh, refreshInput } from "@ape/catalog/operations/refresh-operation";
import { plain } from "@ape/catalog/words/words";
import type { JsonObject } from "@ape/core/lib/json";
import { namesPassword } from "@ape/core/protocol/sign-in";
import type { PastCall } from "../goal/past-call.ts";
import { type PlannerDecision, type PlanningContext, sentValue } from "../planning-context.ts";

/**
 * The call that renews expired credentials without the user's password: an operation that refreshes, or the login where that takes
 * a token instead of a password, with a fact of an earlier answer for each of its required inputs. Undefined if the API has none,
 * or if it was refused since the last login.
 */
export function refreshToken(target: string, context: PlanningContext): PlannerDecision | undefined {
  const { catalog, progress, view } = context;
  const operation =
    catalog.operations.find((one) => one.refreshes && one.target === target) ??
    catalog.operations.find((one) => one.target === target && refreshInput(one) !== undefined);
  if (operation === undefined) return undefined;
  const refused = progress.calls.findLastIndex(
    (call) => isRefresh(call) && call.operation === operation && !call.ok,
  );
  if (refused > progress.calls.findLastIndex((call) => call.operation?.login === true && call.ok))
    return undefined;
  const own = refreshInput(operation);
  const data: JsonObject = {};
  for (const field of operation.inputs) {
    if (field.in !== "body" || field.name.includes("[]") || field.name.includes(".")) continue;
    if (own !== undefined && isOfLogin(field, own)) continue;
    const given = view.facts.findLast(({ name }) => name === field.leaf);
    const grant = isGrant(field) ? grantOf(field, "refresh_token") : undefined;
    if (grant !== undefined) data[field.name] = grant;
    else if (field === own || (own === undefined && namesRefresh(field.words))) {
      const token =
        given ?? view.facts.findLast(({ name, origin }) => origin !== "data" && namesRefresh(plain(name)));
      if (token === undefined) return undefined;
      data[field.name] = token.value;
    } else if (field.required) {
      if (given === undefined) return undefined;
      data[field.name] = given.value;
    }
  }
  if (Object.keys(data).length === 0) return undefined;
  const { call: method, path } = operation;
  return { kind: "call", request: { target, method, path, data } };
}

/** Whether a call has renewed credentials, or tried to, rather than logged in. */
export function isRefresh(call: PastCall): boolean {
  if (call.operation === undefined) return false;
  if (call.operation.refreshes) return true;
  const own = refreshInput(call.operation);
  return own !== undefined && sentValue(call, own) !== undefined;
}

/** Whether an input of a login is for who logs in, and so not for a token: a password, or one of another form of the body. */
const isOfLogin = (field: Field, own: Field): boolean =>
  namesPassword(field.leaf) ||
  (field.form !== undefined && own.form !== undefined && field.form !== own.form) ||
  (/^(?:user ?name|e ?mail|login|user)$/.test(plain(field.leaf)) && field !== own);
