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
import {
  asksForCredential,
  mentions,
  namesExpiry,
  namesPermission,
  refusalText,
  saysNotYet,
} from "./words/refusal-words.ts";

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
  const words = refusalText(result, call);
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
  // What a page in place of an answer says is of whatever stands before the API: a firewall, a proxy.
  const isPage = isForeignPage(result, known);
  const words = isPage ? "" : refusalText(result, call);
  const why = lapsed(words, known);
  if (why !== undefined && known.credential !== "none") return causedBySimulation(why);
  if (why !== undefined && !known.public && (known.operation?.secured === true || asksForCredential(words)))
    return causedBySimulation(why);
  if (isPage)
    return unclearCause(
      "it forbids with a page what its document lists",
      "something before it keeps this client away",
      "infrastructure",
    );
  if (ANTI_FORGERY.test(words)) return causedBySimulation("the answer asks for a token against forgery");
  if (namesPermission(words)) return causedBySimulation("the answer says who may do this");
  const values = requestValues(call, result.operation);
  const foreign = unissued(values, call, known);
  if (foreign !== undefined) return causedBySimulation(foreign);
  const data = values.find(({ value, identifies }) => identifies && known.isData(value));
  if (data !== undefined) return causedBySimulation(`the target refuses ${data.name} of the session's data`);
  if (values.some(({ value }) => known.states(value).some((state) => mentions(words, state))))
    return causedBySimulation("the state that was shown last forbids it");
  const finding =
    known.credential === "none" && !known.public
      ? unclearCause("it forbids what needs no credential", "the request carried none, and one was needed")
      : unclearCause("it forbids what this account may do", "the account has no right to do this");
  return call.method === "GET" ? withSecondRead(finding, call, result) : finding;
}

/** Whether an answer is a page for people, of an API whose document lists the operation. */
const isForeignPage = ({ body, headers }: ToolResult, { api, operation }: AttributionContext): boolean =>
  operation !== undefined &&
  api?.documented === true &&
  api.kind === undefined &&
  (body.kind === "page" || /\bhtml\b/i.test(String(headers["content-type"] ?? "")));

/** A read that is refused once and answered right after contradicts itself. */
function withSecondRead(finding: VerifiableFinding, call: ToolCall, result: ToolResult): VerifiableFinding {
  // What is not ready yet can become ready right after.
  if (result.headers["retry-after"] !== undefined || saysNotYet(refusalText(result, call))) return finding;
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
