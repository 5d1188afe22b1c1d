import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import type { AttributionContext } from "./attribution-context.ts";
import {
  type AttributionFinding,
  causedBySimulation,
  causedByTarget,
  unclearCause,
  type VerifiableFinding,
} from "./finding.ts";
import { unissued } from "./refused-resource.ts";
import { requestValues } from "./request-values.ts";
import { readOfPath } from "./verification-path.ts";
import { mentions, namesExpiry, namesPermission, refusalText, saysNotYet } from "./words/refusal-words.ts";

const ANTI_FORGERY = /\b(?:csrf|xsrf|forgery)\b/i;

/** Returns why the credential of a call cannot be valid, or undefined if nothing speaks against it. */
function lapsed(words: string, known: AttributionContext): string | undefined {
  if (known.credential === "none") return "the request carried no credential";
  if (known.credential === "lapsed") return "the stated lifetime of the credential had passed";
  if (known.credential === "revoked") return "the session itself had ended the credential";
  return namesExpiry(words) ? "the answer says that the credential has expired or was revoked" : undefined;
}

/** A 401: RFC 9110, section 15.5.2. */
export function attributeUnauthorized(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding {
  if (known.operation?.login === true || (known.public && call.method !== "GET"))
    return causedBySimulation("the target refuses values that the session signed in with");
  const signsIn =
    call.method !== "GET" && requestValues(call, result.operation).some(({ value }) => known.isData(value));
  if (signsIn) return causedBySimulation("the target refuses values of the session's data");
  if (known.public && known.credential === "none")
    return unclearCause("it asks for a credential where its document asks for none", "one was needed here");
  const words = refusalText(result);
  const why = lapsed(words, known);
  if (why !== undefined) return causedBySimulation(why);
  if (namesPermission(words)) return causedBySimulation("the answer says who may do this");
  const finding = unclearCause(
    "it refuses a credential that it issued and that should still hold",
    "the credential was ended elsewhere",
  );
  return call.method === "GET" ? withSecondRead(finding, call, result) : finding;
}

/** A page that asks to sign in where a form was sent. */
export function attributeSignedOut(known: AttributionContext): VerifiableFinding {
  const why = lapsed("", known);
  return why === undefined
    ? unclearCause("it ended a session that should still hold", "the session had not signed in for this")
    : causedBySimulation(why);
}

/** A 403: RFC 9110, section 15.5.4. */
export function attributeForbidden(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding {
  const words = refusalText(result);
  const why = lapsed(words, known);
  if (why !== undefined && (known.credential !== "none" || !known.public)) return causedBySimulation(why);
  if (ANTI_FORGERY.test(words)) return causedBySimulation("the answer asks for a token against forgery");
  if (namesPermission(words)) return causedBySimulation("the answer says who may do this");
  const values = requestValues(call, result.operation);
  const foreign = unissued(values, call, known);
  if (foreign !== undefined) return causedBySimulation(foreign);
  const data = values.find(({ value, identifies }) => identifies && known.isData(value));
  if (data !== undefined) return causedBySimulation(`the target refuses ${data.name} of the session's data`);
  if (values.some(({ value }) => known.states(value).some((state) => mentions(words, state))))
    return causedBySimulation("the state that was shown last forbids it");
  const finding = unclearCause("it forbids what this account may do", "the account has no right to do this");
  return call.method === "GET" ? withSecondRead(finding, call, result) : finding;
}

/** A read that is refused once and answered right after contradicts itself. */
function withSecondRead(finding: VerifiableFinding, call: ToolCall, result: ToolResult): VerifiableFinding {
  // What is not ready yet can become ready right after.
  if (result.headers["retry-after"] !== undefined || saysNotYet(refusalText(result))) return finding;
  const read = readOfPath(call, result.operation, undefined);
  if (read === undefined) return finding;
  // The credential that was refused: the session may have dropped it since.
  read.headers = { ...call.headers };
  return {
    ...finding,
    verify: {
      call: read,
      judge: ({ status, error }): AttributionFinding =>
        error === undefined && status >= 200 && status < 300
          ? causedByTarget("the same read with the same credential was answered right after")
          : finding,
    },
  };
}
