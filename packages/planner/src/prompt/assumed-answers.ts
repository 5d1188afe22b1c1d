import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { isPlural, lastPart } from "@ape/core/protocol/operations/path-words";
import type { SeenApi } from "./api-reader.ts";

const assumed = (name: string): ApiField => ({
  in: "answer",
  name,
  type: "string",
  required: false,
  description: "",
  assumed: true,
});

/**
 * An API whose document describes no answer at all, with what most lists have: things with ids and names. Without that no id would
 * be taken from an answer. Where any answer is described, the document says it all.
 */
export function withAssumedAnswers(api: SeenApi): SeenApi {
  const { operations, documented, kind = "rest" } = api;
  const describes = operations.some(({ fields }) => fields.some((field) => field.in === "answer"));
  if (!documented || kind !== "rest" || describes) return api;
  return {
    ...api,
    operations: operations.map((operation) => ({
      ...operation,
      fields: [...operation.fields, ...answersOf(operation).map(assumed)],
    })),
  };
}

const answersOf = ({ method, path }: ApiOperation): string[] =>
  method === "GET" && !path.endsWith("}") && isPlural(lastPart(path)) ? ["[].id", "[].name"] : [];
