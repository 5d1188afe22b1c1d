import { readDecision } from "@ape/agent/policy/decision";
import type { Decision } from "@ape/agent/policy/decision-type";
import { firstCall } from "@ape/agent/policy/first-call";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import { type ProbeReader, REPORT_STATES, REPORT_TOOL } from "@ape/inference/model-probe";

const field = (name: string, type: string, more: Partial<ApiField> = {}): ApiField => ({
  name,
  in: "body",
  type,
  required: true,
  description: "",
  ...more,
});

/** An API whose only operation has the tool that a probe asks for. */
const APIS: readonly ApiDescription[] = [
  {
    target: "probe",
    title: "Orders",
    documented: true,
    auth: [],
    operations: [
      {
        method: "POST",
        path: "/reports",
        id: REPORT_TOOL,
        summary: "Report the state of an order",
        secured: false,
        fields: [field("order", "integer"), field("state", "string", { enum: [...REPORT_STATES] })],
      },
    ],
  },
];

/** Reads the answers of a probe as agents read theirs: what they repair without loss is no fault of a model. */
export const probeReader: ProbeReader = {
  call: (answer) => argumentsOf(firstCall(answer, APIS)),
  json: (text) => {
    const read = argumentsOf(readDecision(REPORT_TOOL, text, APIS));
    return typeof read === "string" ? undefined : read;
  },
};

function argumentsOf(decision: Decision | string | undefined): JsonObject | string | undefined {
  if (decision === undefined || typeof decision === "string") return decision;
  if (decision.tool !== REPORT_TOOL) return `${decision.tool} was called`;
  const { data } = decision.args;
  return isJsonObject(data as Json) ? (data as JsonObject) : decision.args;
}
