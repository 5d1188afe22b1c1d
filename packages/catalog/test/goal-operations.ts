import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { clausesOf } from "../src/goal/clause.ts";
import { type Operation, OperationCatalog } from "../src/operations/operation-catalog.ts";
import { operationFor } from "../src/operations/operation-match.ts";
import { apiField } from "./api-field.ts";

/** A field of an operation, `path roomId`, `body text` or `answer id`: a required text. */
function fieldOfText(text: string): ApiField {
  const [place, name] = text.split(" ") as [ApiField["in"], string];
  return apiField(place, name, { required: place !== "answer" });
}

/** A catalog of operations, given by method, path, summary and fields: `POST /rooms`, `body title`. */
export function catalogWith(
  operations: readonly (readonly [call: string, summary: string, ...fields: string[]])[],
  kind?: ApiDescription["kind"],
): OperationCatalog {
  const read = ([call, summary, ...fields]: (typeof operations)[number]): ApiOperation => {
    const [method, path] = call.split(" ") as [ApiOperation["method"], string];
    return { method, path, summary, secured: false, fields: fields.map(fieldOfText) };
  };
  const api = { target: "api", title: "", documented: true, auth: [], operations: operations.map(read) };
  return new OperationCatalog([kind === undefined ? api : { ...api, kind }]);
}

/** The operations that the clauses of a goal are served by, in order; `-` for none. */
export function keysFor(goal: string, catalog: OperationCatalog): string[] {
  const before: Operation[] = [];
  const clauses = clausesOf(goal, catalog.verbs);
  return clauses.map((clause, index) => {
    const found = operationFor(clause, catalog, before, clauses.slice(0, index));
    if (found === undefined) return "-";
    before.push(found);
    return found.key;
  });
}
