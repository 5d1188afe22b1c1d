import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { isMethod, type OperationRef, parseOperation } from "@ape/core/protocol/operations/operation";
import { matchesTemplate } from "@ape/core/protocol/operations/operation-template";
import type { GoalProof } from "@ape/core/report/summary";
import { statedTexts } from "../goal/phrases/stated-texts.ts";
import { toldThings } from "../goal/things/told-things.ts";
import { ownCollection } from "../operations/made-resource.ts";
import type { Operation, OperationCatalog } from "../operations/operation-catalog.ts";
import { isRemoval, subjectOf } from "../operations/operation-subject.ts";
import { catalogOf } from "../operations/shared-catalog.ts";
import { plain, tokens } from "../words/words.ts";
import { makesAssertion } from "./assertions/asserted-value.ts";
import { alternativesOfDraft, type CheckDraft, isStandIn, type SingleCheckDraft } from "./check-draft.ts";
import { type GoalPart, goalParts } from "./goal-parts.ts";
import { uncheckedTexts } from "./identity/unchecked-texts.ts";
import { answersSame } from "./thing-read.ts";

/** What a check says that bears on a proof. */
export interface ProvingCheck {
  kind: "action" | "probe";
  operation: string;
  target?: string | undefined;
  /** It compares more than the status: a probe without that shows only that something is there. */
  compares: boolean;
  /** Of a probe: JSONPaths of what it compares, where they are known. */
  compared?: readonly string[];
  /** Of a probe: the text that it demands, where it demands nothing else. */
  onlyText?: string;
  /** What it demands of an answer, as text. */
  demands?: string;
  /** Of an action: it is the last of several forms. */
  completes?: boolean;
  /** Of a probe: the operation after which it is made. */
  after?: string;
  /** Of an action: how often it must have been done, and so how many parts it can prove. */
  count?: number;
  /** It holds where the thing is not found. */
  expectsAbsence: boolean;
}

/** Whether an operation only logs in or out, by its words. */
const SESSION = new Set(["~login", "~logout"]);

/**
 * Which parts of a goal its checks prove. A part without which a later proven one could not be done counts as proven: a
 * thing whose id that one takes, or what was put into a cart before it was bought. Checks of operations that fit no part
 * count for the last parts that nothing else proves, so that a part is named only where checks are too few.
 */
export function proofOf(
  goal: string,
  apis: readonly ApiDescription[],
  checks: readonly (CheckDraft | ProvingCheck)[],
): GoalProof {
  const proving = checks.flatMap((check) =>
    "kind" in check ? [check] : alternativesOfDraft(check).flatMap(provingOf),
  );
  const catalog = catalogOf(apis.map((api) => withChecked(api, proving, apis.length === 1)));
  const pages = new Set(apis.flatMap(({ kind, target }) => (kind === "web" ? [target] : [])));
  const parts = goalParts(goal, catalog);
  const changes = parts.filter(({ kind }) => kind === "change");
  const used = new Set<ProvingCheck>();
  const proven = new Set<GoalPart>();
  const isProven = (part: GoalPart): boolean => proven.has(part);
  const readBack = new Set<GoalPart>();
  for (const check of proving) {
    // What is read after one part shows nothing of what a later one does.
    const last = lastPartOf(check, parts);
    const fitting = parts.filter((part, at) => at <= last && provesPart(check, part, catalog));
    let left = check.kind === "probe" ? Number.POSITIVE_INFINITY : (check.count ?? 1);
    if (fitting.length > 0) used.add(check);
    if (check.kind === "probe") for (const part of fitting) readBack.add(part);
    for (const part of fitting.filter((part) => !proven.has(part))) {
      if (left < part.times) break;
      left -= part.times;
      proven.add(part);
      // The page after a form is where a target shows what it did, if it shows the values that were sent.
      if (check.compares && pages.has(part.operation?.target ?? "") && showsStated(check, part))
        readBack.add(part);
    }
  }
  for (const part of changes.toReversed()) {
    if (impliedBy(part, parts, isProven)) proven.add(part);
    // That a thing is gone does not show that it ever was there.
    const isShown = (later: GoalPart): boolean => readBack.has(later) && !isRemoval(later.operation);
    if (impliedBy(part, parts, isShown)) readBack.add(part);
  }
  // What is about a part that an operation serves proves nothing of another one, which none does.
  const left = proving.filter(
    (check) =>
      !used.has(check) &&
      isChange(check, catalog) &&
      !isOfServed(check, changes, catalog) &&
      !changes.some((part) => part.operation !== undefined && demandsName(check, part)),
  );
  for (const check of left) {
    const open = changes.filter((part) => !proven.has(part));
    const part = open.findLast((one) => sharesWord(one, check)) ?? open.at(-1);
    if (part === undefined) continue;
    proven.add(part);
    if (check.kind === "probe" || (check.compares && pages.size > 0 && showsStated(check, part)))
      readBack.add(part);
  }
  for (const part of changes.toReversed()) if (impliedBy(part, parts, isProven)) proven.add(part);
  const accepted = changes.filter((part) => proven.has(part) && !readBack.has(part));
  const demanded = ` ${proving.map(demandsOf).join(" ")} `;
  const unproven = changes.flatMap((part) => (proven.has(part) ? [] : part.text));
  const told = [
    ...changes.filter((part) => proven.has(part)),
    // What nothing changed has to be so all the same.
    ...parts.filter((part) => isAssertion(part) && !changes.some(isAssertedOf(part))),
  ];
  const unchecked = told
    .flatMap((part) => uncheckedTexts(part, demanded, accepted.includes(part)))
    .filter((text) => !unproven.some((one) => one.includes(text)));
  return {
    parts: changes.map(({ text }) => text),
    unproven,
    ...(accepted.length === 0 ? {} : { accepted: accepted.map(({ text }) => text) }),
    ...(unchecked.length === 0 ? {} : { unchecked: [...new Set(unchecked)] }),
  };
}

const isAssertion = ({ kind, clause }: GoalPart): boolean => kind === "look" && makesAssertion(clause);

/** Whether a part changes what another one asserts something of. */
const isAssertedOf =
  ({ clause }: GoalPart) =>
  ({ asserted }: GoalPart): boolean =>
    asserted.includes(clause);

/** What a check demands of answers, and of the path that it names. */
const demandsOf = ({ operation, demands = "" }: ProvingCheck): string =>
  plain(`${operation.replaceAll(/\{[^}]*\}/g, " ")} ${demands}`);

/** Whether a check demands one of the values that a part gives, if it gives any: `saved` is said of any change. */
function showsStated({ demands = "" }: ProvingCheck, { clause }: GoalPart): boolean {
  const stated = [...statedTexts(clause), ...clause.dates.map(({ text }) => text)];
  return stated.length === 0 || stated.some((text) => plain(demands).includes(plain(text)));
}

function provingOf(check: SingleCheckDraft): ProvingCheck[] {
  if ("action" in check) {
    const { operation, count = 1, body, text, completes = false } = check.action;
    const compares = (body ?? text) !== undefined;
    const demands = JSON.stringify([body, text]);
    return [{ kind: "action", operation, count, compares, demands, completes, expectsAbsence: false }];
  }
  const { operation, after, arguments: given, expect } = check.probe;
  const probe: ProvingCheck = {
    kind: "probe",
    operation,
    compares: (expect.body ?? expect.text) !== undefined,
    ...(expect.body === undefined || expect.text !== undefined ? {} : { compared: Object.keys(expect.body) }),
    ...(expect.body === undefined && expect.text !== undefined ? { onlyText: expect.text.contains } : {}),
    ...(after === undefined ? {} : { after }),
    demands: JSON.stringify([expect.body, expect.text, given]),
    expectsAbsence: [expect.status].flat().some((status) => String(status).startsWith("4")),
  };
  return after === undefined
    ? [probe]
    : [probe, { kind: "action", operation: after, compares: false, expectsAbsence: false }];
}

/** An API whose operations are not all known, with those that checks name. */
function withChecked(api: ApiDescription, checks: readonly ProvingCheck[], isOnly: boolean): ApiDescription {
  if (api.documented && api.kind !== "web") return api;
  const named = checks.flatMap((check): ApiOperation[] => {
    const reference = referenceOf(check);
    const target = reference?.target ?? (isOnly ? api.target : undefined);
    if (reference === undefined || target !== api.target || isStandIn(check.operation)) return [];
    const { method, template: path } = reference;
    // The page with a form is no proof of what the form does: `GET /telescopes/{id}/request`.
    if (method === "GET" && check.kind === "action") return [];
    if (api.operations.some((one) => one.method === method && one.path === path)) return [];
    return [{ method, path, summary: summaryOf(path), secured: false, fields: [] }];
  });
  return { ...api, operations: [...api.operations, ...named] };
}

/** What a path says of itself: `/topics/new` creates topics. */
function summaryOf(path: string): string {
  const noun = /\/([^/{}]+)\/(?:new|create|add)\/?$/.exec(path)?.[1];
  return noun === undefined ? "" : `Create ${noun}`;
}

function referenceOf({
  operation,
  target,
}: Pick<ProvingCheck, "operation" | "target">): OperationRef | undefined {
  const reference = parseOperation(operation);
  return reference === undefined ? undefined : { ...reference, target: target ?? reference.target };
}

/** The operation of an API that a check is about. */
function checkedOperation(check: ProvingCheck, { operations }: OperationCatalog): Operation | undefined {
  const reference = referenceOf(check);
  if (reference === undefined) return undefined;
  const own = operations.filter(
    ({ target, call }) =>
      call === reference.method && (reference.target === undefined || target === reference.target),
  );
  return (
    own.find(
      ({ key }) => matchesTemplate(key, reference.operation) && matchesTemplate(reference.operation, key),
    ) ?? own.find(({ key }) => matchesTemplate(key, reference.operation))
  );
}

/** Whether a check names an operation, whatever the names of its parameters are. */
function isNamed(
  named: Pick<ProvingCheck, "operation" | "target">,
  { call, key, target }: Operation,
): boolean {
  const reference = referenceOf(named);
  if (reference?.method !== call || (reference.target ?? target) !== target) return false;
  return matchesTemplate(key, reference.operation);
}

/** Whether a check reads what an operation left, once it was done: values that show it, or what it made by its id. */
function isReadAfter(
  { after, target, compares, operation: read }: ProvingCheck,
  operation: Operation,
): boolean {
  if (after === undefined || !isNamed({ operation: after, target }, operation)) return false;
  return compares || (read.includes("{") && operation.method === "POST" && !subjectOf(operation).isAction);
}

/** Index of the last part that was done when a check is made; that of the last of all for what is made at the end. */
function lastPartOf({ kind, after, target }: ProvingCheck, parts: readonly GoalPart[]): number {
  if (kind !== "probe" || after === undefined) return parts.length;
  const at = parts.findLastIndex(
    ({ operation }) => operation !== undefined && isNamed({ operation: after, target }, operation),
  );
  return at < 0 ? parts.length : at;
}

function provesPart(check: ProvingCheck, part: GoalPart, catalog: OperationCatalog): boolean {
  const { operation, kind } = part;
  const checked = checkedOperation(check, catalog);
  if (operation === undefined || checked === undefined || operation.target !== checked.target) return false;
  if (checked.leadsOn === true && check.completes !== true) return false;
  if (checked === operation) return true;
  if (check.kind !== "probe" || kind !== "change" || checked.writes) return false;
  const removes = isRemoval(operation);
  if (check.expectsAbsence && !removes && !check.compares) return false;
  if (isReadAfter(check, operation)) return !showsOnlyName(check, checked, part);
  if (!isAbout(checked, operation) || showsOnlyOld(check, part) || showsOnlyName(check, checked, part))
    return false;
  if (removes) return check.expectsAbsence || check.compares;
  const { verbClass, isAction } = subjectOf(operation);
  return check.compares || (verbClass !== "update" && !isAction);
}

/** Whether a read compares nothing but values that the thing had when it was made, before a part did something to it. */
function showsOnlyOld({ compared }: ProvingCheck, { operation, madeBy }: GoalPart): boolean {
  if (compared === undefined || compared.length === 0 || madeBy?.operation === undefined) return false;
  const leaves = (inputs: readonly { leaf: string }[]) => new Set(inputs.map(({ leaf }) => leaf));
  const made = leaves([...madeBy.values.keys()]);
  const changed = leaves((operation?.inputs ?? []).filter((field) => field.in === "body"));
  return compared.every((path) => {
    const leaf = /(\w+)\W*$/.exec(path)?.[1] ?? "";
    return made.has(leaf) && !changed.has(leaf);
  });
}

/** Whether a read of a thing demands nothing but the name that the goal gives it, which it had before. */
function showsOnlyName(check: ProvingCheck, read: Operation, part: GoalPart): boolean {
  const { operation } = part;
  const makes = operation?.method === "POST" && !subjectOf(operation).isAction;
  return read.path.endsWith("}") && !makes && demandsName(check, part);
}

/** Whether a check demands nothing but what a part of the goal calls a thing by. */
const demandsName = ({ onlyText }: ProvingCheck, { about }: GoalPart): boolean =>
  onlyText !== undefined && about.flatMap(toldThings).some(({ text }) => plain(text) === plain(onlyText));

/** Whether a check reads what a part of the goal makes or changes. */
function isOfServed(check: ProvingCheck, parts: readonly GoalPart[], catalog: OperationCatalog): boolean {
  const read = check.kind === "probe" ? checkedOperation(check, catalog) : undefined;
  return (
    read !== undefined &&
    parts.some(({ operation }) => operation?.target === read.target && isAbout(read, operation))
  );
}

/** Whether a read shows things of the kind that an operation makes or changes. */
function isAbout(read: Operation, operation: Operation): boolean {
  if (!isMethod(operation.call)) return answersSame(operation, read);
  const [own, other] = [subjectOf(operation).collection, subjectOf(read).collection];
  return own === other || ownCollection(own) === other;
}

/** Whether a part and the path of a check have a word in common. */
function sharesWord({ clause }: GoalPart, { operation }: ProvingCheck): boolean {
  const words = new Set(
    tokens(plain(parseOperation(operation)?.template.replaceAll(/\{[^}]*\}/g, " ") ?? "")),
  );
  // A pronoun carries the words of what it stands for with less weight.
  const own = [...clause.weights].flatMap(([token, weight]) => (weight >= 0.5 ? [token] : []));
  return [...own, clause.lead ?? ""].some((token) => words.has(token));
}

/** Whether a later part that counts could not be done without a part. */
function impliedBy(
  part: GoalPart,
  parts: readonly GoalPart[],
  counts: (later: GoalPart) => boolean,
): boolean {
  return parts.slice(parts.indexOf(part) + 1).some((later) => {
    if (!counts(later)) return false;
    if (later.madeBy === part) return true;
    return (
      later.clause.verb === "~buy" &&
      part.clause.verb !== "~buy" &&
      part.clause.verb !== undefined &&
      ADDS.has(part.clause.verb)
    );
  });
}

const ADDS = new Set(["~add", "~create", "~reserve"]);

/** Whether a check asks for a call that can change something, and is no login or logout; or for a read of the oracle. */
function isChange(check: ProvingCheck, catalog: OperationCatalog): boolean {
  if (isStandIn(check.operation)) return false;
  const reference = referenceOf(check);
  if (reference === undefined) return true;
  if (tokens(plain(reference.template)).some((token) => SESSION.has(token))) return false;
  if (check.kind === "probe") return true;
  const operation = checkedOperation(check, catalog);
  if (operation?.leadsOn === true && check.completes !== true) return false;
  if (operation?.login === true || operation?.head.has("~logout") === true) return false;
  return operation?.writes ?? reference.method !== "GET";
}
