import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { createPlanner } from "../src/planner.ts";
import { runPlannerSession } from "./session.ts";

/** A text of a body that is needed, where `more` says nothing else. */
export const bodyInput = (more: Partial<ApiField>): ApiField => ({
  in: "body",
  name: "",
  type: "string",
  required: true,
  description: "",
  ...more,
});

/** What the planner calls of an API that has one operation; each call is answered with `status`. */
export async function callsOfOnly(
  operation: Pick<ApiOperation, "path" | "summary"> & Partial<ApiOperation>,
  goal: string,
  status = 200,
): Promise<string[]> {
  const { calls } = await runPlannerSession({
    planner: createPlanner(),
    apis: [
      {
        target: "api",
        title: "t",
        documented: true,
        auth: [],
        operations: [{ method: "POST", fields: [], secured: false, ...operation }],
      },
    ],
    goal,
    row: {},
    secret: [],
    answer: () => ({ status, body: "{}" }),
  });
  return calls;
}
