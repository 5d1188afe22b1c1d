import { namesRefresh } from "@ape/catalog/operations/refresh-operation";
import { plain } from "@ape/catalog/words/words";
import type { JsonObject } from "@ape/core/lib/json";
import type { PlannerDecision, PlanningContext } from "../planning-context.ts";

/**
 * The call that renews expired credentials without the user's password: an operation that refreshes, with a fact of an
 * earlier answer for each of its required inputs. Undefined if the API has none, or if it was refused since the last
 * login.
 */
export function refreshToken(
  target: string,
  { catalog, progress, view }: PlanningContext,
): PlannerDecision | undefined {
  const operation = catalog.operations.find((one) => one.refreshes && one.target === target);
  if (operation === undefined) return undefined;
  const refused = progress.calls.findLastIndex((call) => call.operation === operation && !call.ok);
  if (refused > progress.calls.findLastIndex((call) => call.operation?.login === true && call.ok))
    return undefined;
  const data: JsonObject = {};
  for (const field of operation.inputs) {
    if (field.in !== "body" || field.name.includes("[]") || field.name.includes(".")) continue;
    const given = view.facts.findLast(({ name }) => name === field.leaf);
    if (namesRefresh(field.words)) {
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
