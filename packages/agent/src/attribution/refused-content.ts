import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import type { AttributionContext } from "./attribution-context.ts";
import {
  type AttributionFinding,
  causedBySimulation,
  causedByTarget,
  unclearCause,
  type VerifiableFinding,
} from "./finding.ts";
import { readOfMissing, showsUsable, unissued } from "./refused-resource.ts";
import { type RequestValue, requestValues } from "./request-values.ts";
import { statesOf } from "./shown-state.ts";
import { readOfKind, readOfPath } from "./verification-path.ts";
import {
  asksForState,
  demandsValue,
  mentions,
  namedFields,
  namesExpiry,
  namesPermission,
  namesRule,
  namesState,
  namesTaken,
  namesUnknown,
  refusalText,
  sentBy,
} from "./words/refusal-words.ts";

/** A 409, 423 or 424: a conflict with the state of a resource (RFC 9110, section 15.5.10). */
export function attributeConflict(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding {
  const words = refusalText(result, call);
  const values = requestValues(call, result.operation);
  const own = ownChoice(call, words, values, known);
  if (own !== undefined) return own;
  const written = values.filter(
    ({ value, in: where }) => where === "body" && known.issues(value).length === 0,
  );
  if (written.length > 0) return causedBySimulation(choiceOf(written, words, call, result));
  // A request that names nothing, such as a checkout, is another one once something was written since.
  if (known.repeated && (values.length > 0 || !known.prepared))
    return causedBySimulation("the target had already accepted the same request");
  if (call.headers?.["idempotency-key"] !== undefined && /idempoten/i.test(words))
    return causedBySimulation("the session used its idempotency key again");
  if (namesRule(words) && !namesTaken(words) && statedState(result, values, known) === undefined)
    return causedBySimulation("the answer names the rule that the request breaks");
  if (values.length === 0 && !known.prepared)
    return causedBySimulation("nothing was accepted that the operation could build on");
  return withStateRead(
    unclearCause("it refuses what its state allows", "the state had changed or did not allow it"),
    call,
    result,
    { words, values, known },
  );
}

/** What a refusal names of what the session chose itself, else the first such value. */
function choiceOf(
  written: readonly RequestValue[],
  words: string,
  call: ToolCall,
  result: ToolResult,
): string {
  const fields = namedFields(sentBy(call), result.body);
  const own = written.filter(({ name, value }) => fields.includes(name) || mentions(words, value));
  const names = [...new Set(own.map(({ name }) => name))];
  const [only, ...others] = names;
  if (only !== undefined)
    return others.length === 0
      ? `${only} is the session's own choice`
      : `${names.join(", ")} are the session's own choice`;
  if (fields.length > 0) return `the answer names ${fields.join(", ")}`;
  return `${written[0]?.name ?? ""} is the session's own choice`;
}

/** A 400, 422 or another 4xx on what was sent. */
export function attributeContent(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding {
  const words = refusalText(result, call);
  const values = requestValues(call, result.operation);
  const own = ownChoice(call, words, values, known);
  if (own !== undefined) return own;
  const named = namedFields(sentBy(call), result.body);
  const about = named.length === 0 ? values : values.filter(({ name }) => named.includes(name));
  const identified = about.find(({ identifies }) => identifies);
  const ids =
    identified !== undefined &&
    about.every(({ identifies, value }) => identifies || known.issues(value).length > 0);
  if (ids && namesUnknown(words)) return withExistenceRead(call, result, identified, known);
  if (named.length > 0) return causedBySimulation(`the answer names ${named.join(", ")}`);
  if (values.some((one) => known.issues(one.value).length === 0 && !isFreeText(one, result.operation, known)))
    return causedBySimulation("the request holds values that no answer had issued");
  if ((namesRule(words) || demandsValue(words)) && statedState(result, values, known) === undefined)
    return causedBySimulation("the answer names the rule that the request breaks");
  return withStateRead(
    unclearCause(
      `it refuses a request that its document allows${result.status >= 400 ? ` with ${result.status}` : ""}`,
      "the request breaks a rule that is not named",
    ),
    call,
    result,
    { words, values, known },
  );
}

/**
 * Whether a value is a text that anybody may write as he likes: its field identifies nothing, and its document has no list,
 * form or bounds for it.
 */
function isFreeText(
  { name, value, identifies, in: where }: RequestValue,
  operation: string,
  { api }: AttributionContext,
): boolean {
  if (identifies || where === "path" || /^-?\d+(?:\.\d+)?$/.test(value)) return false;
  const described = api?.operations.find(({ method, path }) => `${method} ${path}` === operation);
  const field = described?.fields.find(
    (one) => one.in === where && one.name.split(/\.|\[\]/).findLast((part) => part !== "") === name,
  );
  if (field === undefined) return described === undefined || described.fields.length === 0;
  return (
    field.type === "string" &&
    [field.enum, field.pattern, field.format, field.minLength, field.maxLength].every(
      (one) => one === undefined,
    )
  );
}

/** A 412: RFC 9110, section 15.5.13. */
export function attributePrecondition(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding {
  const tag = call.headers?.["if-match"] ?? call.headers?.["if-unmodified-since"];
  if (tag === undefined) return attributeConflict(call, result, known);
  if (tag.startsWith("W/")) return causedBySimulation("a weak version never fulfils If-Match");
  const issues = known.issues(tag);
  if (issues.length === 0) return causedBySimulation("no answer had issued the precondition of the request");
  const resource = call.path.split("?", 1)[0] ?? "";
  if (!issues.some(({ path }) => resource.startsWith(path.split("?", 1)[0] ?? "\n")))
    return causedBySimulation("the precondition was issued for another resource");
  const finding = unclearCause(
    "it refuses a version that still holds",
    "the resource had changed since it was read",
  );
  const read = readOfPath(call, result.operation, known.api);
  if (read === undefined) return finding;
  return {
    ...finding,
    verify: {
      call: read,
      judge: ({ status, headers }): AttributionFinding => {
        if (status < 200 || status >= 300 || headers.etag === undefined) return finding;
        return headers.etag === tag
          ? causedByTarget("the version that the request named still holds")
          : causedBySimulation("the resource had another version by then");
      },
    },
  };
}

/** Explains a refusal by the session's own choice, whatever the status. */
function ownChoice(
  call: ToolCall,
  words: string,
  values: readonly RequestValue[],
  known: AttributionContext,
): VerifiableFinding | undefined {
  const foreign = unissued(values, call, known);
  if (foreign !== undefined) return causedBySimulation(foreign);
  const rows = values.filter(({ value }) => known.isData(value));
  const isNamed = ({ name }: RequestValue): boolean => mentions(words, name);
  const other = values.some((one) => isNamed(one) && !rows.includes(one));
  const data = rows.find(isNamed) ?? (namesTaken(words) && !other ? rows[0] : undefined);
  if (data !== undefined) return causedBySimulation(`the target refuses ${data.name} of the session's data`);
  for (const name in known.ownHeaders)
    if (mentions(words, name) && known.issues(known.ownHeaders[name] ?? "").length === 0)
      return causedBySimulation(`no answer had issued the header ${name}`);
  if (namesExpiry(words)) return causedBySimulation("the answer says that it has expired");
  const states = lastState(values, known);
  const last = states.at(-1);
  if (last !== undefined && asksForState(words, last))
    return unclearCause(`it asks for the state ${last}, which it showed last`, "the state had changed since");
  if (states.some((state) => mentions(words, state)))
    return causedBySimulation("the state that was shown last forbids it");
  return namesPermission(words) ? causedBySimulation("the answer says who may do this") : undefined;
}

const lastState = (values: readonly RequestValue[], known: AttributionContext): readonly string[] =>
  values.filter(({ identifies }) => identifies).flatMap(({ value }) => known.states(value));

/**
 * The state that a refusal names in a field of its own, if the document lists it, answers had shown another one last, and
 * the request is about nothing else: whatever rule it breaks, that state can be read.
 */
function statedState(
  result: ToolResult,
  values: readonly RequestValue[],
  known: AttributionContext,
): string | undefined {
  const shown = lastState(values, known);
  if (shown.length === 0 || result.body.kind !== "json") return undefined;
  const [key = "", named] = statesOf(result.body.json)[0] ?? [];
  return named !== undefined &&
    shown.at(-1) !== named &&
    isDocumentedState(known, key, named) &&
    isAboutOnly(refusalText(result), values, isDocumentedState(known, key, named, result.operation))
    ? named
    : undefined;
}

/** Builds a read that shows whether the state that a refusal names is the resource's. */
function withStateRead(
  finding: VerifiableFinding,
  call: ToolCall,
  result: ToolResult,
  { words, values, known }: { words: string; values: readonly RequestValue[]; known: AttributionContext },
): VerifiableFinding {
  const shown = lastState(values, known).at(-1);
  const [key = "", named] = (result.body.kind === "json" ? statesOf(result.body.json)[0] : undefined) ?? [];
  if (named === undefined && !namesState(words)) return finding;
  const [only] = values.filter(({ identifies, in: where }) => identifies && where === "body");
  const read =
    readOfPath(call, result.operation, known.api) ??
    (only === undefined ? undefined : readOfKind(call.target, only.kinds, only.value, known.api));
  if (read === undefined) return finding;
  return {
    ...finding,
    verify: {
      call: read,
      judge: ({ status, body }): AttributionFinding => {
        if (status < 200 || status >= 300 || body.kind !== "json") return finding;
        const states = statesOf(body.json).map(([, value]) => value);
        if (states.some((state) => mentions(words, state)))
          return shown === undefined || states.includes(shown)
            ? causedBySimulation("the state of the resource forbids it")
            : finding;
        if (named === undefined)
          return shown !== undefined && states.includes(shown)
            ? causedBySimulation("the state that was shown last forbids it")
            : finding;
        return shown !== undefined &&
          states.includes(shown) &&
          isDocumentedState(known, key, named) &&
          isAboutOnly(words, values, isDocumentedState(known, key, named, result.operation))
          ? causedByTarget(`it says ${named}, and the resource was ${shown} before and after`)
          : finding;
      },
    },
  };
}

/**
 * Whether a refusal names only the resource that the request names: then a state in it is that resource's.
 * @param isOwnState the state is one of what the operation itself answers
 */
function isAboutOnly(words: string, values: readonly RequestValue[], isOwnState: boolean): boolean {
  const [only, other] = values.filter(({ identifies }) => identifies);
  return (
    only !== undefined &&
    other === undefined &&
    (isOwnState || mentions(words, only.value) || only.kinds.some((kind) => mentions(words, kind)))
  );
}

/**
 * Whether the API document lists a value for a state: an error's `status: "error"` is no state of a resource.
 * @param operation looks only at what this operation answers
 */
const isDocumentedState = (
  { api }: AttributionContext,
  key: string,
  value: string,
  operation?: string,
): boolean =>
  api?.operations.some(
    ({ method, path, fields }) =>
      (operation === undefined || operation === `${method} ${path}`) &&
      fields.some(
        ({ in: where, name, enum: known }) =>
          where === "answer" && (name === key || name.endsWith(`.${key}`)) && known?.includes(value) === true,
      ),
  ) === true;

/** Builds a read that shows whether an id exists that a refusal does not know. */
function withExistenceRead(
  call: ToolCall,
  result: ToolResult,
  { name }: RequestValue,
  known: AttributionContext,
): VerifiableFinding {
  const finding = unclearCause(`it does not know the ${name} that it had issued`, "it had been removed");
  const proof = readOfMissing(call, result, known);
  if (proof === undefined) return finding;
  const { read, subject } = proof;
  return {
    ...finding,
    verify: {
      call: read,
      judge: (answer): AttributionFinding =>
        showsUsable(answer, subject, call.method, known)
          ? causedByTarget(`GET ${read.path} right after shows that it exists`)
          : finding,
    },
  };
}
