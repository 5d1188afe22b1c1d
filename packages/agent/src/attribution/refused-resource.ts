import { isJsonObject, type Json } from "@ape/core/json";
import { isNumber } from "@ape/core/lossless-number";
import { decodePercent } from "@ape/core/percent";
import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import type { Evidence } from "./evidence.ts";
import { type Finding, type OpenFinding, simulation, target, unclear } from "./finding.ts";
import type { Issue } from "./provenance.ts";
import { mentions, namesExpiry, namesPermission, wordsOf } from "./refusal-words.ts";
import { type RequestValue, requestValues } from "./request-values.ts";
import { isSameKind, kindOf } from "./resource-kind.ts";
import { readOfKind, readOfPath } from "./verification-path.ts";

const OWNER =
  /^(?:owner|author|creator|user|account|customer|member|created_?by|tenant|seller)(?:_?id|_?name|_?email|Id|Name|Email)?$/i;

/** A 404 or 410: RFC 9110, sections 15.5.5 and 15.5.11. */
export function attributeMissing(call: ToolCall, result: ToolResult, known: Evidence): OpenFinding {
  const words = wordsOf(result);
  const all = requestValues(call, result.operation);
  const values = all.filter(({ identifies }) => identifies);
  const foreign = unissued(values, call, known);
  if (foreign !== undefined) return simulation(foreign);
  const data = values.find(({ value }) => known.isData(value) && known.issues(value).length === 0);
  if (data !== undefined) return simulation(`the target does not know ${data.name} of the session's data`);
  if (known.deleted(call.path)) return simulation("the session itself had deleted it");
  const parent = otherParent(values, known);
  if (parent !== undefined) return simulation(parent);
  if (namesExpiry(words)) return simulation("the answer says that it has expired");
  if (namesPermission(words)) return simulation("the answer says who may see it");
  if (values.length === 0) {
    const own = all.find(({ value }) => known.issues(value).length === 0);
    if (own !== undefined) return simulation(`no answer had issued ${own.name}`);
    if (known.api?.documented !== true && !known.offers(call.path))
      return simulation("no answer had offered this path");
    return unclear("what it offers is missing", "the session asked for it too early");
  }
  const finding = unclear("it does not find what it had issued", "another user had removed it");
  const read = readFor(call, result, words, values, known);
  if (read === undefined) return finding;
  return {
    ...finding,
    verify: {
      call: read,
      judge: (answer): Finding => {
        if (answer.error !== undefined || answer.status < 200 || answer.status >= 300) return finding;
        return call.method !== "GET" && isForeign(answer, known)
          ? finding
          : target(`GET ${read.path} right after shows that it exists`);
      },
    },
  };
}

/** Why a value of a request cannot be what its field asks for, or undefined. */
export function unissued(
  values: readonly RequestValue[],
  call: ToolCall,
  known: Evidence,
): string | undefined {
  if (values.length === 0 || known.offers(call.path.split("?", 1)[0] ?? "")) return undefined;
  for (const { value, name, kinds, identifies, in: where } of values) {
    if (!identifies || known.isData(value)) continue;
    const issues = known.issues(value);
    if (issues.length === 0) return `no answer had issued the ${name} of the request`;
    if (kinds.length > 0 && !issues.some((issue) => isFor(issue, kinds))) {
      // The name of a role (`assigneeId`) says nothing of the kind of resource that plays it.
      if (where === "path") return `the ${name} of the request was issued for another kind of resource`;
    }
  }
  return undefined;
}

const isFor = (issue: Issue, kinds: readonly string[]): boolean =>
  issue.kinds.some((one) => kinds.some((kind) => isSameKind(one, kind)));

/** Why a nested resource cannot be below its parent in the path, or undefined. */
function otherParent(values: readonly RequestValue[], known: Evidence): string | undefined {
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
    parent.kinds.some((kind) => isSameKind(kindOf(name.replace(/[_-]?id$/i, "")), kind)),
  );
  return named.length > 0 && named.every(([, value]) => value !== parent.value);
}

/**
 * The one read that shows whether what a refusal misses exists. Undefined where something else could be missing: then the
 * read would prove nothing.
 */
function readFor(
  call: ToolCall,
  result: ToolResult,
  words: string,
  values: readonly RequestValue[],
  known: Evidence,
): ToolCall | undefined {
  const path = readOfPath(call, result.operation, known.api);
  if (call.method === "GET") return path;
  const isNamed = ({ name, value, kinds }: RequestValue): boolean =>
    (!/^(?:id|name|value|code|key)$/i.test(name) && mentions(words, name)) ||
    mentions(words, value) ||
    kinds.some((kind) => mentions(words, kind));
  const inBody = values.filter((value) => value.in !== "path");
  const named = inBody.filter(isNamed);
  const [first] = named;
  if (first !== undefined)
    return named.every(({ value }) => value === first.value)
      ? readOfKind(call.target, first.kinds, first.value, known.api)
      : undefined;
  if (path === undefined || inBody.length > 0) return undefined;
  const last = values.at(-1);
  // What a POST makes, or what is below the resource, can be missing while the resource itself exists.
  const itself = call.method !== "POST" && path.path === call.path.split("?", 1)[0];
  return itself || (last !== undefined && isNamed(last)) ? path : undefined;
}

/** Whether an object shows an owner that the session is not known to be. */
function isForeign({ body }: ToolResult, known: Evidence): boolean {
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
