import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { isIdName } from "@ape/core/protocol/id-name";
import { effectiveStatus, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { AttributionContext } from "./attribution-context.ts";
import { attributeContradiction } from "./contradicted-request.ts";
import {
  causedByInfrastructure,
  causedBySimulation,
  causedByTarget,
  unclearCause,
  type VerifiableFinding,
} from "./finding.ts";
import { attributeConflict, attributeContent, attributePrecondition } from "./refused-content.ts";
import { attributeForbidden, attributeSignedOut, attributeUnauthorized } from "./refused-credential.ts";
import { attributeMissing, unissued } from "./refused-resource.ts";
import { requestFault } from "./request-fault.ts";
import { requestValues } from "./request-values.ts";
import { refusalText } from "./words/refusal-words.ts";
import { serverFault } from "./words/server-fault.ts";

/**
 * Statuses of the endpoint of a server of tools that are about the message, and not about what the tool was asked for
 * (MCP, "Session Management").
 */
const ENDPOINT_STATUSES = [400, 404, 405, 406, 410, 415];
const OWN_MISTAKES = ["denied", "invalid_call", "unknown_target"];

/** Words about what an account may use: a 507 that says them is about the account (RFC 4918, section 11.5). */
const NAMES_ALLOWANCE =
  /\b(?:quota|allowance|plan|subscription|tier|account|your|user'?s?|mailbox|tenant|workspace|limit|upgrade|exceed(?:s|ed)?)\b/i;

/**
 * Finds who caused a failed action. The target did if its answer proves it; if only a contradiction would prove it, the
 * finding is unclear and names the read that can. The session did if its own choice explains the refusal.
 */
export function attributeFailure(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding {
  const { error } = result;
  const status = effectiveStatus(result);
  // An answer that is too long to be read whole is a failure like any other if its status says so.
  const isCut = error?.code === "body_too_large" && status >= 400;
  if (error !== undefined && error.code !== "failure" && !isCut) return attributeError(error.code, known);
  if (error?.reading === "unproven")
    return unclearCause("it does not show what became of the form", "what was sent is not what it takes");
  if (error?.reading === "signed_out") return attributeSignedOut(known);
  if (status === 507 && NAMES_ALLOWANCE.test(refusalText(result, call)))
    return unclearCause("it has no space left", "the account's own allowance is used up");
  if (result.forwarded === true)
    return unclearCause(
      `it answered ${status}`,
      "the forward proxy on the way did, which had no answer of it",
      "infrastructure",
    );
  if (status === 511)
    return unclearCause(
      "it answered 511",
      "a network on the way asks to sign in first (RFC 6585, section 6)",
      "infrastructure",
    );
  if (status === 426 || status === 505)
    return causedByInfrastructure("the target asks for another protocol than HTTP/1.1");
  if (status >= 500 || status === 0) return causedByTarget("");
  if (status === 429)
    return known.limited
      ? causedBySimulation("the target had announced its rate limit")
      : causedByTarget("the target answered 429 and had announced no limit");
  if (call.tool !== undefined && ENDPOINT_STATUSES.includes(result.status))
    return unclearCause(
      `its endpoint answered ${result.status} to a call of a tool that it lists`,
      "the session at the endpoint had ended",
      "infrastructure",
    );
  if (known.undocumented) return causedBySimulation("the API document does not list this operation");
  if (result.warning !== undefined)
    return causedBySimulation(`the request breaks the API document: ${result.warning}`);
  const fault = known.operation === undefined ? undefined : requestFault(call, known.operation.inputs);
  if (status === 401) return attributeUnauthorized(call, result, known);
  if (fault !== undefined) return causedBySimulation(fault);
  return (
    attributeServerFault(call, result, known) ??
    attributeContradiction(call, result, known) ??
    attributeStatus(call, result, known)
  );
}

/** Statuses by which a server says what is wrong with a request: words of a fault beside them are no proof. */
const SAYS_WHAT = [403, 406, 411, 412, 413, 414, 415, 428, 431];

/** A refusal whose words show a fault within the target, whatever its status says. */
function attributeServerFault(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding | undefined {
  if (SAYS_WHAT.includes(effectiveStatus(result))) return undefined;
  const shown = serverFault(call, result);
  if (shown === "proven") return causedByTarget("its answer shows a fault within the target");
  if (shown === undefined) return undefined;
  const values = requestValues(call, result.operation);
  // Texts that the session wrote are no reason for such words; an id that no answer had issued is.
  const foreign = unissued(
    values.filter(({ in: where, name }) => where !== "body" || isIdName(name, true)),
    call,
    known,
  );
  if (foreign !== undefined) return causedBySimulation(foreign);
  if (known.deleted(call.path)) return causedBySimulation("the session itself had deleted it");
  return unclearCause("its answer speaks of a fault within the target", "the request brought it about");
}

function attributeStatus(call: ToolCall, result: ToolResult, known: AttributionContext): VerifiableFinding {
  const status = effectiveStatus(result);
  switch (status) {
    case 402:
      return causedBySimulation("the target asks for a payment first");
    case 403:
      return attributeForbidden(call, result, known);
    case 404:
    case 410:
      return attributeMissing(call, result, known);
    case 405:
      if (known.operation === undefined || known.api?.documented !== true)
        return causedBySimulation("the target does not offer this method here");
      if (result.operation.includes("{"))
        return unclearCause(
          "it refuses a method that its document lists",
          "the path leads to another resource",
        );
      return speaksOfState(refusalText(result, call))
        ? unclearCause("it refuses a method that its document lists", "it cannot be done in this state")
        : causedByTarget("it refuses a method that its document lists for this very path");
    case 406:
    case 413:
    case 415:
      return attributeForm(call, status, known);
    case 411:
    case 414:
    case 417:
    case 431:
      return attributeHead(call, status, known);
    case 409:
    case 423:
    case 424:
      return attributeConflict(call, result, known);
    case 412:
      return attributePrecondition(call, result, known);
    case 428:
      return causedBySimulation("the target asks for a precondition that the request did not state");
    default:
      return attributeContent(call, result, known);
  }
}

/** Whether the words of a 405 say more than that the method is not allowed: `orders are closed`. */
const speaksOfState = (words: string): boolean =>
  STATE.test(words) || (/[a-z]{2}\s+[a-z]{2}/i.test(words) && !NAMES_METHOD.test(words));
const NAMES_METHOD = /\bmethod|\bverb\b|\b405\b|\ballow(?:ed|s)?\b|\bcannot (?:get|post|put|patch|delete)\b/i;
const STATE =
  /\b(?:while|when|because|until|unless|during|closed|maintenance|currently|temporarily|read-?only|disabled|already|yet)\b/i;

/** Requests below this many characters are small for any target. */
const SMALL = 8_192;

/** A 406, 413 or 415: RFC 9110, sections 15.5.7, 15.5.14 and 15.5.16. */
function attributeForm(call: ToolCall, status: number, known: AttributionContext): VerifiableFinding {
  const header = status === 406 ? "accept" : "content-type";
  const own =
    status === 413
      ? call.data !== undefined && writeJson(call.data).length > SMALL
      : Object.keys(known.ownHeaders).some((name) => name.toLowerCase() === header);
  return own || known.operation === undefined || known.api?.documented !== true
    ? causedBySimulation("the request is written in a form that the target does not take")
    : unclearCause("it refuses a form that its document lists", "another form was wanted");
}

/** Longest path with its query, and longest own headers, that servers take by default: nginx and IIS at least 4 kB. */
const SHORT = 2_048;

/**
 * A 411, 414, 417 or 431 about the head of the request (RFC 9110, sections 15.5.12, 15.5.15 and 15.5.18; RFC 6585,
 * section 5). The length of a body is always sent, and no expectation ever is.
 */
function attributeHead(call: ToolCall, status: number, known: AttributionContext): VerifiableFinding {
  const own = Object.entries(known.ownHeaders);
  const isLong = call.path.length + writeJson((call.query ?? {}) as Json).length > SHORT;
  const chosen =
    status === 414
      ? isLong
      : status === 431
        ? isLong || writeJson(known.ownHeaders).length > SHORT
        : own.some(([name]) => (status === 411 ? /length|transfer/i : /^expect$/i).test(name));
  return chosen
    ? causedBySimulation("the request is written in a form that the target does not take")
    : unclearCause("it refuses the head of a plain request", "something before it asks for another one");
}

function attributeError(code: string, { saturated, hung }: AttributionContext): VerifiableFinding {
  // The error's message says what kept the call from the target: a proxy, file descriptors, a limit of the gateway.
  if (code === "gateway") return causedByInfrastructure("");
  if (code === "body_too_large")
    return causedByInfrastructure("the target's `maxBody` is smaller than the answer");
  if (OWN_MISTAKES.includes(code)) return causedBySimulation("the call was not one that may be made");
  if (code === "cancelled")
    return hung
      ? saturated
        ? causedByInfrastructure("the generator was overloaded")
        : causedByTarget("the call took most of the session's time")
      : unclearCause("the target was too slow", "the session's time was nearly over when it asked");
  if (code === "timeout" && saturated) return causedByInfrastructure("the generator was overloaded");
  // The error's message says the rest.
  return causedByTarget("");
}
