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
 * An API in which lists whose answers no document describes have what most lists have: things with ids and names. Without that no
 * id would be taken from such an answer.
 */
export function withAssumedAnswers(api: SeenApi): SeenApi {
  const { operations, documented, kind = "rest" } = api;
  if (!documented || kind !== "rest") return api;
  return {
    ...api,
    operations: operations.map((operation) =>
      isUndescribedList(operation)
        ? { ...operation, fields: [...operation.fields, assumed("[].id"), assumed("[].name")] }
        : operation,
    ),
  };
}

const isUndescribedList = ({ method, path, fields }: ApiOperation): boolean =>
  method === "GET" &&
  !path.endsWith("}") &&
  isPlural(lastPart(path)) &&
  !fields.some((field) => field.in === "answer");
