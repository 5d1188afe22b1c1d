import { type ApiDescription, renderApi } from "@ape/core/protocol/api";
import { ANSWER_NOTATION } from "@ape/core/protocol/fields/answer-fields";
import type { DecisionMode } from "./decision-mode.ts";
import { describeTools } from "./decision-schema.ts";
import { toolSet } from "./tools.ts";

const ROLE = "You are one user of these APIs. Reach your goal, choosing each call by the last answers.";
const ANSWER_FORM: Readonly<Record<DecisionMode, string>> = {
  tools: "Calls of one answer are made in order until one fails; none may need another's answer.",
  json: 'Answer with one JSON object and nothing else: {"tool": its name, "arguments": an object}.',
};
const RULES = `Credentials and cookies are sent for you; write a value shown as {{name}} as {{name}}.
On 401 log in again, on 404 or 409 choose another, on 400 or 422 correct the fields, on 429 or 503 repeat.`;

const TOOL_NOTATION = `(auth) needs a login. ${ANSWER_NOTATION}`;

/** How operations without a tool are written, as {@link renderApi} does it. */
const FIELD_NOTATION = `Of fields, <type!> is required, a lone " means as said of that name before, "answer as X" the answer's fields of X.`;

/** Whether operations are listed, or found by a search, that have no tool. */
const hasUntooled = (apis: readonly ApiDescription[], tools: ReadonlyMap<unknown, string>): boolean =>
  apis.some(
    ({ operations, leftOut = 0 }) =>
      leftOut > 0 || operations.some((one) => one.fields.length > 0 && !tools.has(one)),
  );

/**
 * The part of every prompt that all agents of a run share. For a model that answers with JSON it includes the tools.
 * @param own the user's instructions; they are set off, because headings in them could be taken for an API
 */
export function systemPrompt(
  apis: readonly ApiDescription[],
  own = "",
  mode: DecisionMode = "tools",
): string {
  const further = own.trim().replaceAll(/^## API /gm, "API ");
  const { offered, operations } = toolSet(apis);
  const tools = new Map([...operations.values()].map((one) => [one.operation, one.definition.function.name]));
  return [
    `${ROLE} ${ANSWER_FORM[mode]}`,
    RULES,
    ...(further === "" ? [] : [further]),
    ...(mode === "json" ? [`# Tools\n${describeTools(offered)}`] : []),
    ...(tools.size === 0 ? [] : [TOOL_NOTATION]),
    ...(hasUntooled(apis, tools) ? [FIELD_NOTATION] : []),
    ...apis.map((api) => renderApi(api, tools)),
  ].join("\n\n");
}
