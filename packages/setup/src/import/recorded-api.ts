import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { METHODS } from "@ape/core/protocol/operations/operation";

/** A call of a recording as an operation: in its words, with the names of what was sent and answered. */
export interface RecordedOperation {
  /** `POST /orders/{id}`. */
  operation: string;
  words: string;
  sent: readonly string[];
  /** The answer, where the recording has it. */
  answer: Json | undefined;
}

/** What a recording shows of an API. */
export function describeRecording(calls: readonly RecordedOperation[]): ApiDescription {
  const operations = new Map<string, ApiOperation>();
  for (const { operation, words, sent, answer } of calls) {
    const [verb = "", path = ""] = operation.split(" ");
    const method = METHODS.find((one) => one === verb);
    if (method === undefined) continue;
    const before = operations.get(operation);
    const fields = [
      ...Array.from(path.matchAll(/\{([^{}]+)\}/g), ([, name = ""]) => field("path", name, "string")),
      ...sent.map((name) => field("body", name, "string")),
      ...(answer === undefined ? [] : answerFields(answer)),
    ];
    if (before === undefined || before.fields.length < fields.length)
      operations.set(operation, { method, path, summary: words, secured: false, fields });
  }
  return {
    target: "app",
    title: "",
    documented: true,
    auth: [],
    operations: [...operations.values()],
  };
}

const field = (place: ApiField["in"], name: string, type: string): ApiField => ({
  in: place,
  name,
  type,
  required: place === "path",
  description: "",
});

/** The plain fields of an answer, of its lists those of the first entry. */
function answerFields(answer: Json, before = "", depth = 0): ApiField[] {
  if (depth > 2) return [];
  if (Array.isArray(answer)) {
    const [first] = answer;
    return first === undefined ? [] : answerFields(first, `${before}[]`, depth + 1);
  }
  if (isJsonObject(answer))
    return Object.entries(answer).flatMap(([name, inner]) =>
      answerFields(inner, before === "" ? name : `${before}.${name}`, depth + 1),
    );
  if (before === "") return [];
  const type = isNumber(answer) ? "number" : typeof answer === "boolean" ? "boolean" : "string";
  return [field("answer", before, type)];
}
