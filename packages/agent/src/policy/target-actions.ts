import type { Json, JsonObject } from "@ape/core/lib/json";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import type { QueryValue } from "@ape/core/protocol/tool-call";
import { calledToolOf, graphqlOf, HTTP_REQUEST_TOOL, TOOL_METHODS } from "@ape/core/protocol/tools";
import { graphqlOperation } from "../session/graphql-text.ts";
import type { Decision } from "./decision-type.ts";

type ActionDecision = Decision & { kind: "action" };

/** The arguments of a generic tool, after its schema has accepted them, and the target that it is called for. */
interface GenericCall {
  tool: string;
  args: JsonObject;
  target: string;
}

/** A parameter that was not filled in: `{id}`, but not a placeholder `{{id}}`. */
const UNFILLED = /(?:^|[^{])\{([^{}]*)\}(?!\})/;

/**
 * What each generic tool of a target does, by the tool's name: an action, or one sentence that tells the model what is
 * wrong. `TARGET_KIND_TRAITS` says which kinds of targets have which tools.
 */
export const TARGET_ACTIONS: Readonly<Record<string, (call: GenericCall) => Decision | string>> = {
  ...Object.fromEntries(
    Object.entries(TOOL_METHODS).map(([tool, method]) => [tool, (call) => httpAction(call, method)]),
  ),
  [HTTP_REQUEST_TOOL.function.name]: (call) => httpAction(call, call.args.method as HttpMethod),
  graphql: (call) => {
    const graphql = graphqlOf(call.args);
    const { kind, root } = graphqlOperation(graphql.query, graphql.operationName);
    return { ...otherAction(call, `${kind} ${root}`), graphql };
  },
  call_tool: (call) => ({
    ...otherAction(call, `tool ${call.args.name as string}`),
    call: calledToolOf(call.args),
  }),
  submit_form: (call) => {
    const { fields, form, submit } = call.args;
    return {
      ...otherAction(call, ""),
      form: {
        fields: fields as JsonObject,
        ...(form === undefined ? {} : { named: form as string }),
        ...(submit === undefined ? {} : { submit: submit as string }),
      },
    };
  },
};

/** @param path shown as the path in events */
function otherAction({ tool, args, target }: GenericCall, path: string): ActionDecision {
  return { kind: "action", tool, args, target, method: "POST", path };
}

function httpAction({ tool, args, target }: GenericCall, method: HttpMethod): Decision | string {
  const path = args.path as string;
  const unfilled = UNFILLED.exec(path);
  if (unfilled !== null)
    return `the path has {${unfilled[1]}} in it; write the real value there, taken from what you know`;
  const decision: ActionDecision = { kind: "action", tool, args, target, method, path };
  if (args.query !== undefined) decision.query = args.query as Record<string, QueryValue>;
  if (args.data !== undefined) decision.data = args.data as Json;
  return withHeaders(decision, args.headers as JsonObject | undefined);
}

/** A decision with the headers that a model wrote. */
export function withHeaders(decision: ActionDecision, headers: JsonObject | undefined): Decision {
  if (headers === undefined) return decision;
  decision.headers = headers as Record<string, string>;
  return decision;
}
