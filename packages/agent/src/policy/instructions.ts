import { type ApiDescription, renderApi } from "@ape/core/protocol/api";
import { ANSWER_NOTATION } from "@ape/core/protocol/fields/answer-fields";
import type { DecisionMode } from "./decision-mode.ts";
import { describeTools } from "./decision-schema.ts";
import { toolSet } from "./tools.ts";

const ROLE =
  "You are one user of the APIs below. Work towards your goal, choosing each call from what the last answers said.";
const ANSWER_FORM: Readonly<Record<DecisionMode, string>> = {
  tools: "Several calls in one answer are made in order until one fails; none may need another's answer.",
  json: 'Answer with one JSON object and nothing else: {"tool": its name, "arguments": an object}.',
};
const RULES = `Credentials and cookies are sent for you; write a value that shows as {{name}} as {{name}}.
On 401 log in again, on 404 or 409 choose another thing, on 400 or 422 correct the fields, on 429 or 503 repeat.`;

const TOOL_NOTATION = `Each operation is a tool; (auth) needs a login. ${ANSWER_NOTATION}`;

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
    ...apis.map((api) => renderApi(api, tools)),
  ].join("\n\n");
}
