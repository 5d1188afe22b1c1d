import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Field } from "@ape/catalog/operations/field";
import { plain } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import { isNumber, writeJson } from "@ape/core/lib/lossless-number";
import { textsIn } from "../choice/response-values.ts";
import type { PastCall } from "../goal/past-call.ts";
import type { Step } from "../goal/plan.ts";
import { sentValue } from "../planning-context.ts";
import { errorMessageFor } from "./error-message.ts";
import { numberLimitIn } from "./number-limit.ts";

/** The values that the goal itself gives for the inputs of a write. */
export function statedInputs(step: Step): ReadonlyMap<Field, Json> {
  const { operation, clause } = step;
  return !operation.writes || operation.login || clause === undefined
    ? new Map()
    : choiceConstraints(step, []);
}

/** Whether two values say the same in another form: `High` and `high`, `14:00` and `14:00:00`, `7` and `"7"`. */
export function saysTheSame(one: Json | undefined, other: Json | undefined): boolean {
  const [a, b] = [textOf(one), textOf(other)];
  return a === b || (/\d$/.test(a) && b.startsWith(a) && /^[ 0tz]*$/.test(b.slice(a.length)));
}

const textOf = (value: Json | undefined): string =>
  value === undefined ? "" : plain(typeof value === "string" ? value : writeJson(value));

/** The inputs of a refused call that the goal states and that the refusal is about: it names them, or a bound that they break. */
export function refusedOfStated(step: Step, call: PastCall): Field[] {
  const { low, high } = numberLimitIn(textsIn(call.answer?.body));
  return [...statedInputs(step).keys()].filter((field) => {
    const sent = sentValue(call, field);
    if (sent === undefined) return false;
    if (errorMessageFor(call.answer?.body, field) !== undefined) return true;
    return isNumber(sent) && (Number(sent) < (low ?? -Infinity) || Number(sent) > (high ?? Infinity));
  });
}
