import { isComposite, isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { ApiField } from "@ape/core/protocol/api";
import { effectiveStatus, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { AttributionContext } from "./attribution-context.ts";
import { causedByTarget, unclearCause, type VerifiableFinding } from "./finding.ts";
import {
  claimsNoBody,
  claimsNoRoute,
  claimsNoTool,
  claimsOf,
  type FieldClaim,
} from "./words/request-claims.ts";

const ABOUT_CONTENT = [400, 404, 409, 422];

/**
 * A refusal that says of the request what the request itself, valid by the API document, disproves: that a field is
 * missing that it holds, that a field or a value is unknown that the document lists, that a value breaks a bound that it keeps, that it has no body or none of JSON,
 * or that there is no such route or tool. Undefined if the refusal also says something that can be true.
 */
export function attributeContradiction(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding | undefined {
  const status = effectiveStatus(result);
  if (call.tool !== undefined && known.operation !== undefined && claimsNoTool(result, call.tool.name))
    return causedByTarget("it does not know a tool that it lists");
  if (!ABOUT_CONTENT.includes(status) || known.operation === undefined || known.api?.documented !== true)
    return undefined;
  if (status === 404) {
    if (result.operation.includes("{") || !claimsNoRoute(result.body)) return undefined;
    return unclearCause(
      "it has no route for an operation that its document lists",
      "it was asked at another base path",
    );
  }
  if (!isJsonObject(call.data) || Object.keys(call.data).length === 0) return undefined;
  // Another form of the body than the document's is the session's own choice.
  if (Object.keys(known.ownHeaders).some((name) => /^content-/i.test(name))) return undefined;
  const documented = known.operation.inputs.filter(({ in: where }) => where === "body");
  if (documented.length === 0) return undefined;
  if (claimsNoBody(result.body, Object.keys(call.data)))
    return causedByTarget("it does not read the body that the request has");
  return attributeClaims(call.data, documented, result);
}

function attributeClaims(
  data: Record<string, Json>,
  documented: readonly ApiField[],
  result: ToolResult,
): VerifiableFinding | undefined {
  const claims = claimsOf(result.body, Object.keys(data));
  let found: VerifiableFinding | undefined;
  for (const { field, claim, placed, bound } of claims) {
    const input = documented.find(({ name }) => name === field);
    const value = data[field];
    // What a refusal says of a field within another is not disproved by one of the same name.
    if (input === undefined || value === undefined) return undefined;
    if (!placed && claim !== "value" && canBeWithin(data, field, claim)) return undefined;
    if (claim === "missing") {
      if (!hasContent(value)) return undefined;
      found ??= causedByTarget(`it says that ${field} is missing, which the request holds`);
    } else if (claim === "bound") {
      if (bound?.holds(value) !== true) return undefined;
      found ??= bound.isType
        ? causedByTarget(`it demands a type of ${field} that the request's value has`)
        : unclearCause(
            `it demands of ${field} what the request's value fulfils`,
            "the bound is of more than this value",
          );
    } else if (claim === "unknown")
      found ??= causedByTarget(`it does not know the field ${field}, which its document lists`);
    else {
      if (input.enum === undefined || isComposite(value)) return undefined;
      found ??= unclearCause(
        `it refuses a value of ${field} that its document lists`,
        "the value is not possible here",
      );
    }
  }
  return found;
}

/** Whether a claim about a field can be about one of that name within the request's objects: missing there, or unknown there. */
function canBeWithin(data: Record<string, Json>, field: string, claim: FieldClaim["claim"]): boolean {
  const within = (value: Json): boolean => {
    if (Array.isArray(value)) return value.some(within);
    if (!isJsonObject(value)) return false;
    return Object.hasOwn(value, field) === (claim !== "missing") || Object.values(value).some(within);
  };
  return Object.values(data).some(within);
}

/** Whether a value holds something under every reading of "empty": many servers take `false`, `0` and blanks for it. */
function hasContent(value: Json): boolean {
  if (typeof value === "string")
    return /[\p{L}\p{N}]/u.test(value) && !/[<>]|^(?:null|undefined|0)$/i.test(value);
  if (isNumber(value)) return Number(value) !== 0;
  if (isComposite(value)) return Object.keys(value).length > 0;
  return value === true;
}
