import { isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber, writeJson } from "@ape/core/lib/lossless-number";
import { decodePercent } from "@ape/core/lib/percent";
import { isIdName, withoutIdSuffix } from "@ape/core/protocol/id-name";
import { hasFailed, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { AttributionContext } from "./attribution-context.ts";
import {
  type AttributionFinding,
  causedBySimulation,
  causedByTarget,
  unclearCause,
  type VerifiableFinding,
} from "./finding.ts";
import { type Issue, placesOf } from "./provenance.ts";
import { type RequestValue, requestValues } from "./request-values.ts";
import { isKeyName, isSameKind, kindOf, kindsOfOperation } from "./resource-kind.ts";
import { isPending, isShownBefore, showsEnded, showsRestriction, showsUnready } from "./resource-state.ts";
import { readOfKind, readOfPath } from "./verification-path.ts";
import { missingWords } from "./words/missing-resource-words.ts";
import { namesExpiry, namesPermission, refusalText, saysNotYet } from "./words/refusal-words.ts";

const OWNER =
  /^(?:owner|author|creator|user|account|customer|member|created_?by|tenant|seller)(?:_?id|_?name|_?email|Id|Name|Email)?$/i;

/** A 404 or 410: RFC 9110, sections 15.5.5 and 15.5.11. */
export function attributeMissing(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): VerifiableFinding {
  const words = refusalText(result, call);
  const all = requestValues(call, result.operation);
  const values = all.filter(({ identifies }) => identifies);
  const foreign = unissued(values, call, known);
  if (foreign !== undefined) return causedBySimulation(foreign);
  const data = values.find(({ value }) => known.isData(value) && known.issues(value).length === 0);
  if (data !== undefined)
    return causedBySimulation(`the target does not know ${data.name} of the session's data`);
  if (known.deleted(call.path)) return causedBySimulation("the session itself had deleted it");
  const parent = otherParent(values, known);
  if (parent !== undefined) return causedBySimulation(parent);
  if (namesExpiry(words)) return causedBySimulation("the answer says that it has expired");
  if (namesPermission(words)) return causedBySimulation("the answer says who may see it");
  if (values.length === 0) {
    const own = all.find(({ value }) => known.issues(value).length === 0);
    if (own !== undefined) return causedBySimulation(`no answer had issued ${own.name}`);
    if (known.api?.documented !== true && !known.offers(call.path))
      return causedBySimulation("no answer had offered this path");
    return unclearCause("what it offers is missing", "the session asked for it too early");
  }
  const finding = unclearCause("it does not find what it had issued", "another user had removed it");
  const proof =
    call.method === "GET" ? secondRead(call, result, values, known) : readOfMissing(call, result, known);
  if (proof === undefined) return finding;
  const { read, subject, own } = proof;
  return {
    ...finding,
    verify: {
      call: read,
      judge: (answer): AttributionFinding => {
        const exists =
          call.method === "GET"
            ? showsExisting(answer, subject) && isSameForm(answer, result)
            : showsUsable(answer, subject, call.method, known) &&
              !isFromCache(answer) &&
              (own !== true || isAsCreated(answer, subject, known));
        return exists ? causedByTarget(`GET ${read.path} right after shows that it exists`) : finding;
      },
    },
  };
}

/** Headers of a cache that answered from what it kept (RFC 9111, sections 5.1 and 5.5; common proxies). */
export function isFromCache({ headers }: ToolResult): boolean {
  return (
    Number(headers.age ?? 0) > 0 ||
    headers.warning !== undefined ||
    ["x-cache", "x-cache-status", "cf-cache-status", "cache-status", "x-proxy-cache"].some((name) =>
      /\b(?:hit|stale|updating)\b/i.test(String(headers[name] ?? "")),
    )
  );
}

/** Whether the second read of a resource that a first one did not find shows it, from the server itself and ready. */
function showsExisting(answer: ToolResult, { value }: RequestValue): boolean {
  const { body, status } = answer;
  if (hasFailed(answer) || status !== 200 || isFromCache(answer)) return false;
  if (body.kind !== "json") return body.kind === "page" || (body.kind === "text" && body.text.trim() !== "");
  return !showsUnready(body.json) && !showsEnded(body.json) && writeJson(body.json).includes(value);
}

/** A page in place of an answer in another form can be that of another application, as of one for browsers. */
function isSameForm({ headers, body }: ToolResult, refused: ToolResult): boolean {
  if (body.kind === "json" || refused.body.kind === "empty" || refused.body.kind === body.kind) return true;
  return body.kind !== "page" && !/\bhtml\b/i.test(String(headers["content-type"] ?? ""));
}

/**
 * Whether a read shows nothing beyond what the creating request and its answer had shown: anything else may forbid what
 * was refused.
 */
function isAsCreated(answer: ToolResult, { value }: RequestValue, known: AttributionContext): boolean {
  const { body } = answer;
  return body.kind === "json" && isShownBefore(body.json, known.shown(value));
}

/** A read and the value that it is about. */
interface Proof {
  read: ToolCall;
  subject: RequestValue;
  /** The session itself created the resource: then the read is compared with what its creation showed. */
  own?: true;
}

/**
 * Builds the same read again, for a resource that is missing once and found right after. Not if the target may still be
 * creating it: if the answer says so, or one that accepted the work did (RFC 9110, sections 10.2.3 and 15.3.3), or its
 * state says so, or the path is below the resource.
 */
function secondRead(
  call: ToolCall,
  result: ToolResult,
  values: readonly RequestValue[],
  known: AttributionContext,
): Proof | undefined {
  const path = call.path.split("?", 1)[0] ?? "";
  const subject = values.findLast(({ in: where }) => where === "path") ?? values.at(-1);
  if (subject === undefined || known.queued || known.states(subject.value).some(isPending)) return undefined;
  if (result.headers["retry-after"] !== undefined || saysNotYet(refusalText(result, call))) return undefined;
  if (subject.in === "path" && !decodePercent(path).endsWith(subject.value)) return undefined;
  const read = readOfPath(call, "", known.api);
  return read === undefined ? undefined : { read, subject };
}

/**
 * Builds the read that shows whether a resource exists that the refusal of a write did not find. Undefined if something
 * else could be missing, or if the write could be refused rightly although the resource exists: then the read proves
 * nothing.
 */
export function readOfMissing(
  call: ToolCall,
  result: ToolResult,
  known: AttributionContext,
): Proof | undefined {
  if (known.queued || call.path.includes("?") || call.query !== undefined) return undefined;
  for (const name in known.ownHeaders)
    if (known.issues(known.ownHeaders[name] ?? "").length === 0) return undefined;
  const values = requestValues(call, result.operation).filter(({ identifies }) => identifies);
  const inBody = values.filter(({ in: where }) => where !== "path");
  const subjects = inBody.length > 0 ? inBody : values.slice(-1);
  const named = subjects.filter((one) => wordsOfMissing(one, call, result) === "named");
  const [subject] = named;
  if (subject !== undefined && inBody.length > 0) {
    if (named.some(({ value }) => value !== subject.value) || known.hasWritten(subject.value))
      return undefined;
    const read = readOfKind(call.target, subject.kinds, subject.value, known.api);
    return read === undefined ? undefined : { read, subject };
  }
  return inBody.length > 0 ? undefined : readOfOwn(call, result, values.at(-1), known);
}

/**
 * Builds the read of the resource that a write's path names, if the session itself created it and has not changed it
 * since.
 */
function readOfOwn(
  call: ToolCall,
  result: ToolResult,
  subject: RequestValue | undefined,
  known: AttributionContext,
): Proof | undefined {
  if (subject === undefined || known.hasWritten(subject.value) || !known.isShownFree(subject.value))
    return undefined;
  const words = wordsOfMissing(subject, call, result);
  const hasData =
    call.data !== undefined && !(isJsonObject(call.data) && Object.keys(call.data).length === 0);
  if (words === "other" || (words === "silent" && hasData)) return undefined;
  const read = readOfPath(call, result.operation, known.api);
  // A POST can create something, and something below the resource can be missing, while the resource itself exists.
  const itself = read !== undefined && call.method !== "POST" && read.path === call.path;
  if (read === undefined || (!itself && words !== "named")) return undefined;
  // Any write that was accepted since can have changed it, if only through what it belongs to.
  if (known.lastWrite !== `${call.target} ${parentOf(read.path).slice(0, -1)}`) return undefined;
  const created = known
    .issues(subject.value)
    .some(
      ({ operation, path }) =>
        operation.startsWith("POST ") && `${path.split("?", 1)[0]}/` === parentOf(read.path),
    );
  return created ? { read, subject, own: true } : undefined;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

const wordsOfMissing = ({ value, kinds, name }: RequestValue, { path }: ToolCall, { body }: ToolResult) =>
  missingWords(body, { value, names: [...kinds, name], path });

/**
 * Whether an answer shows a resource (the session's own, as far as the answer says) in a state that forbids nothing.
 */
export function showsUsable(
  answer: ToolResult,
  { value }: RequestValue,
  method: string,
  known: AttributionContext,
): boolean {
  const { body, status, headers } = answer;
  if (offersOtherMethods(headers, method)) return false;
  if (hasFailed(answer) || status >= 300 || body.kind !== "json") return false;
  const [place] = placesOf(writeJson(body.json), value);
  return (
    place !== undefined &&
    !showsRestriction(body.json) &&
    !idsOf(body.json).some((id) => id !== value && known.hasWritten(id)) &&
    !isForeign(answer, known)
  );
}

const METHODS_HEADER = /allow|methods?$|^public$/;
const METHOD_LIST = /^\s*(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE)(?:\s*,\s*[A-Z]+)*\s*$/i;

/**
 * Whether a header lists methods without a wanted one: those that the resource allows at this moment (RFC 9110, section
 * 10.2.1), or those that it allows to pages of other origins (Fetch standard, `Access-Control-Allow-Methods`).
 */
function offersOtherMethods(headers: ToolResult["headers"], method: string): boolean {
  for (const name in headers) {
    if (!METHODS_HEADER.test(name)) continue;
    const list = String(headers[name]);
    if (METHOD_LIST.test(list) && !list.toUpperCase().includes(method)) return true;
  }
  return false;
}

/** Returns why a value of a request does not fit its field, or undefined. */
export function unissued(
  values: readonly RequestValue[],
  call: ToolCall,
  known: AttributionContext,
): string | undefined {
  if (values.length === 0 || known.offers(call.path.split("?", 1)[0] ?? "")) return undefined;
  for (const { value, name, kinds, identifies, in: where } of values) {
    if (!identifies || known.isData(value)) continue;
    const issues = known.issues(value);
    if (issues.length === 0)
      return where === "body" && !isIdName(name, true)
        ? `the ${name} of the request is the session's own choice`
        : `no answer had issued the ${name} of the request`;
    if (kinds.length > 0 && !issues.some((issue) => isFor(issue, kinds))) {
      // The name of a role (`assigneeId`) does not say which kind of resource has it; that of a resource (`tankId`) does.
      if (where === "path" || kinds.some((kind) => isResource(kind, known)))
        return `the ${name} of the request was issued for another kind of resource`;
    }
  }
  return undefined;
}

/** Whether the document has operations on a kind of resource. */
const isResource = (kind: string, { api }: AttributionContext): boolean =>
  api?.documented === true &&
  api.operations.some(({ method, path }) => kindsOfOperation(`${method} ${path}`).includes(kind));

const isFor = (issue: Issue, kinds: readonly string[]): boolean =>
  issue.kinds.some((one) => kinds.some((kind) => isSameKind(one, kind)));

/** Returns why a nested resource cannot be below its parent in the path, or undefined. */
function otherParent(values: readonly RequestValue[], known: AttributionContext): string | undefined {
  const inPath = values.filter((value) => value.in === "path");
  for (const [at, child] of inPath.entries()) {
    const parent = inPath[at - 1];
    if (parent === undefined) continue;
    const issues = known.issues(child.value).filter((issue) => isFor(issue, child.kinds));
    if (issues.length > 0 && issues.every((issue) => isBelowOther(issue, parent)))
      return `the ${child.name} of the request was issued below another ${kindOf(parent.collection)}`;
  }
  return undefined;
}

function isBelowOther({ path, siblings }: Issue, parent: RequestValue): boolean {
  const segments = (path.split("?", 1)[0] ?? "").split("/");
  const at = segments.indexOf(parent.collection);
  const below = at < 0 ? undefined : segments[at + 1];
  if (below !== undefined && below !== "") return decodePercent(below) !== parent.value;
  const named = siblings.filter(([name]) =>
    parent.kinds.some((kind) => isSameKind(kindOf(withoutIdSuffix(name)), kind)),
  );
  return named.length > 0 && named.every(([, value]) => value !== parent.value);
}

/** Returns the ids that an answer belongs to or refers to, from its objects; lists are not read. */
function idsOf(json: Json, depth = 0): string[] {
  if (!isJsonObject(json) || depth > 2) return [];
  return Object.entries(json).flatMap(([key, one]) => {
    if (isJsonObject(one)) return idsOf(one, depth + 1);
    return isKeyName(key) && (typeof one === "string" || isNumber(one)) ? [String(one)] : [];
  });
}

/** Whether an object shows an owner that the session is not known to be. */
function isForeign({ body }: ToolResult, known: AttributionContext): boolean {
  return body.kind === "json" && ownersOf(body.json).some((owner) => !known.isOwn(owner));
}

function ownersOf(json: Json): string[] {
  if (!isJsonObject(json)) return [];
  const owners: string[] = [];
  for (const key in json) {
    const value = json[key] ?? null;
    if (!OWNER.test(key)) continue;
    if (typeof value === "string" || isNumber(value)) owners.push(String(value));
    else if (isJsonObject(value) && (typeof value.id === "string" || isNumber(value.id)))
      owners.push(String(value.id));
  }
  return owners;
}
