import type { Field } from "@ape/catalog/operations/field";
import { isJsonObject } from "@ape/core/lib/json";
import { encodeSegment } from "@ape/core/lib/percent";
import { USER_IS_SENT } from "@ape/core/protocol/sign-in";
import { changesThing } from "../choice/by-name/ambiguous-name.ts";
import { choiceAttempts, preferred } from "../choice/candidates.ts";
import { isPinned } from "../choice/nested/parents.ts";
import { isPrecondition } from "../choice/precondition.ts";
import { itemFields, textsIn } from "../choice/response-values.ts";
import { decideStep } from "../choice/step-call.ts";
import { type PastCall, redirectPath } from "../goal/past-call.ts";
import type { ListChoice, Step } from "../goal/plan.ts";
import {
  finishWith,
  itemsShown,
  type PlannerDecision,
  type PlanningContext,
  repeatCall,
} from "../planning-context.ts";
import { demandedParameter } from "./demanded-parameter.ts";
import { correctedInputs } from "./error-correction.ts";
import { errorMessageFor } from "./error-message.ts";
import { reasonGiven } from "./given-reason.ts";
import { optionalInputs } from "./optional-inputs.ts";
import { requiredFirst } from "./required-first.ts";
import { refusedOfStated } from "./stated-inputs.ts";
import { isRefresh, refreshToken } from "./token-refresh.ts";
import { wasWritten, writeVerificationFor } from "./write-verification.ts";

/** Failures in a row after which a call is abandoned. */
const MOST = 4;
/** Waiting helps against these, so more of them are allowed. */
const MOST_WAITS = 8;
/** Logins that may be lost again before the next call. */
const MOST_LOGINS = 5;
/** Choosing another item helps against these. */
const MOST_CHOICES = 8;

/** Refusals of the very thing that a call is about. */
const OF_THING = new Set([403, 404, 409, 410, 428]);

const GONE =
  /\b(?:sold out|out of stock|out_of_stock|no longer|not available|unavailable|not there|gone|in stock)\b/i;
/** Nothing has been put there yet. */
const EMPTY = /\b(?:empty|nothing in)\b|empty_/i;
/** What a call depends on is not there. */
const UNKNOWN = /\b(?:unknown|no such|expired|not (?:found|known)|(?:does not|doesn't|do not) exist)\b/i;
const REFUSED = /\b(?:denied|allowed|forbidden)\b|may only be read/i;

/** Refusals that may ask for something that has to be done first. */
const MAY_DEMAND = new Set([400, 403, 409, 412, 422, 424]);

/** Whether a call failed for a temporary reason. */
function isPassing({ status, ok }: PastCall): boolean {
  return (
    status === 0 ||
    status === 408 ||
    status === 425 ||
    status === 429 ||
    status >= 500 ||
    (status < 400 && !ok)
  );
}

const AGAIN = /\b(?:(?:try|send|submit|post)(?: \w+){0,3} (?:again|once more)|retry)\b/i;

/** A refusal that does not depend on the sent values. */
const BUSY = /\b(?:(?:database|table|row) is locked|deadlock|too busy|overloaded|temporarily unavailable)\b/i;

const isWait = ({ status }: PastCall): boolean => status === 429 || status === 503;

/** Number of calls in a row that were redirected, up to the last one. */
const movesIn = (failed: readonly PastCall[]): number =>
  failed.length - 1 - failed.findLastIndex(({ status }) => status < 300 || status >= 400);

/** The failed calls of an operation since its last success. */
function failures(call: PastCall, { progress }: PlanningContext): PastCall[] {
  const same = progress.calls.filter(({ operation, text }) =>
    call.operation === undefined ? text === call.text : operation === call.operation,
  );
  return same.slice(same.findLastIndex(({ ok }) => ok) + 1);
}

/** Decides after a failed call; `index` is its step, -1 if it belongs to none. */
export function repair(
  call: PastCall,
  index: number,
  since: readonly PastCall[],
  context: PlanningContext,
): PlannerDecision {
  const failed = failures(call, context);
  const told = `${call.method ?? ""} ${call.path} failed with ${call.status === 0 ? call.note || "no answer" : call.status}${reasonGiven(call)}`;
  if (call.status === 0 && REFUSED.test(call.note)) return finishWith(`${told}: it is not allowed.`);
  const moved = redirectPath(call);
  const repeated = moved === undefined ? undefined : repeatCall(call);
  if (moved !== undefined && repeated?.kind === "call" && movesIn(failed) < MOST)
    return { kind: "call", request: { ...repeated.request, path: moved } };
  if (isPassing(call)) {
    const alike = failed.filter(
      (other) => isPassing(other) && isWait(other) === isWait(call) && other.text === call.text,
    );
    const fuller = withOptionalInputs(call, index, context);
    if (fuller !== undefined) return fuller;
    if (alike.length >= (isWait(call) ? MOST_WAITS : MOST))
      return finishWith(`${told}, ${alike.length} times.`);
    return isWait(call) ? repeat(call, index, context) : afterLoss(call, index, since, context);
  }
  if (call.status === 401 && call.note.includes(USER_IS_SENT)) return repeat(call, index, context);
  if (call.status === 401 && call.operation?.login !== true)
    return logIn(call, index, failed, since, context, told);
  const step = context.plan.steps[index];
  if (step === undefined) return finishWith(`${told}.`);
  const text = textsIn(call.answer?.body);
  const demanded = demandedParameter(step, call, context.progress.attempts[index] ?? []);
  if (demanded !== undefined && "unsaid" in demanded)
    return finishWith(`${told}, and the goal does not ask for ${demanded.unsaid.leaf}.`);
  if (demanded !== undefined) return decideStep(index, context, demanded.changes);
  const chooses = [...step.bindings.values()].some(({ kind }) => kind === "choice");
  const alike = failed.filter(({ status }) => status === call.status);
  if (alike.length >= (chooses || call.status === 409 ? MOST_CHOICES : MOST))
    return finishWith(`${told}, ${alike.length} times.`);
  if (MAY_DEMAND.has(call.status)) {
    const first = requiredFirst(call, index, since, context);
    if (first !== undefined) return first;
    // What had to be done first is done.
    const { steps } = context.plan;
    const isOther = ({ operation }: PastCall): boolean => !steps.some((one) => one.operation === operation);
    const isDone = since.some(
      (one) => one.ok && one.operation?.writes === true && one.method !== "DELETE" && isOther(one),
    );
    if (isDone && call.answer === undefined) return repeat(call, index, context);
  }
  // The version is read again first.
  if ((call.status === 412 || call.status === 428) && step.operation.inputs.some(isPrecondition))
    return decideStep(index, context);
  if (wasDone(call, index, chooses, text, context)) return decideStep(index + 1, context);
  if (step.operation.login && isRefresh(call)) return decideStep(index, context);
  if (step.operation.login)
    return failed.length > 1
      ? finishWith(`${told}: the login is refused.`)
      : (corrected(call, index, step, context) ?? repeat(call, index, context));
  if ((call.status === 400 || call.status === 422) && BUSY.test(text)) return repeat(call, index, context);
  if (call.status === 400 || call.status === 422) {
    const better = corrected(call, index, step, context);
    if (better !== undefined) return better;
    const stated = refusedOfStated(step, call);
    if (stated.length > 0) return finishWith(`${told}, and the goal states the ${namesOf(stated)}.`);
  }
  const fuller = withOptionalInputs(call, index, context);
  if (fuller !== undefined) return fuller;
  // A conflict that reports this has passed by the time of the report.
  if (call.status === 409 && alike.length < MOST && AGAIN.test(text)) return repeat(call, index, context);
  if (chooses) return otherChoice(call, index, step, context, failed.length, told);
  return startOver(call, index, since, text, context, told);
}

const namesOf = (fields: readonly Field[]): string => fields.map(({ leaf }) => leaf).join(" and the ");

function repeat(call: PastCall, index: number, context: PlanningContext): PlannerDecision {
  return repeatCall(call) ?? decideStep(index, context);
}

/** The answer is lost, so a write may have been done: verifies that first, if an operation can. */
function afterLoss(
  call: PastCall,
  index: number,
  since: readonly PastCall[],
  context: PlanningContext,
): PlannerDecision {
  const verification = writeVerificationFor(index, call, context);
  if (verification === undefined) return repeat(call, index, context);
  const seen = since.findLast(({ operation }) => operation === verification.operation);
  if (seen === undefined) {
    const { target, call: method, path } = verification.operation;
    return { kind: "call", request: { target, method, path } };
  }
  if (!seen.ok || seen.answer === undefined) return repeat(call, index, context);
  return wasWritten(verification, seen) ? decideStep(index + 1, context) : repeat(call, index, context);
}

function logIn(
  call: PastCall,
  index: number,
  failed: readonly PastCall[],
  since: readonly PastCall[],
  context: PlanningContext,
  told: string,
): PlannerDecision {
  const renewed = since.findLast(
    ({ operation, ok }) => ok && (operation?.login === true || operation?.refreshes === true),
  );
  if (renewed !== undefined) return repeat(call, index, context);
  const fresh = refreshToken(call.target, context);
  if (fresh !== undefined) return fresh;
  if (failed.filter(({ status }) => status === 401).length >= MOST_LOGINS)
    return finishWith(`${told} after logging in again.`);
  const at = context.plan.steps.findIndex(
    ({ operation }) => operation.login && operation.target === call.target,
  );
  return at < 0 ? finishWith(`${told}, and there is no way to log in.`) : decideStep(at, context);
}

/** A write whose answer was lost, and that cannot be done a second time, was done the first time. */
function wasDone(
  call: PastCall,
  index: number,
  chooses: boolean,
  text: string,
  { progress }: PlanningContext,
): boolean {
  if (call.status !== 409 && call.status !== 404 && call.status !== 410) return false;
  const tries = progress.attempts[index] ?? [];
  const before = tries[tries.indexOf(call) - 1];
  // What is gone already is as the goal wants it; nothing new was made because there is one already.
  const isWanted = call.method === "DELETE" || before !== undefined;
  if (call.status === 409 && !chooses && isWanted && /\balready\b/i.test(text)) return true;
  return (
    before !== undefined &&
    before.text === call.text &&
    isPassing(before) &&
    !isWait(before) &&
    call.operation?.writes === true
  );
}

function corrected(
  call: PastCall,
  index: number,
  step: Step,
  context: PlanningContext,
): PlannerDecision | undefined {
  if (call.status !== 400 && call.status !== 422) return undefined;
  const changes = correctedInputs(
    step,
    call,
    context.progress.attempts[index] ?? [],
    context.seed,
    context.view.today,
  );
  return changes === undefined ? undefined : decideStep(index, context, changes);
}

function withOptionalInputs(
  call: PastCall,
  index: number,
  context: PlanningContext,
): PlannerDecision | undefined {
  const step = context.plan.steps[index];
  const changes = step && optionalInputs(step, call, context.progress.attempts[index] ?? [], context);
  return changes && decideStep(index, context, changes);
}

function otherChoice(
  call: PastCall,
  index: number,
  step: Step,
  context: PlanningContext,
  failed: number,
  told: string,
): PlannerDecision {
  const choices = [...step.bindings.values()].flatMap((binding) =>
    binding.kind === "choice" ? [binding.choice] : [],
  );
  // What the goal names is replaced by nothing else.
  if (OF_THING.has(call.status) && choices.some(isPinned)) return finishWith(`${told}.`);
  if (
    OF_THING.has(call.status) &&
    changesThing(step) &&
    choices.some((one) => isToldApart(one, step, call, context))
  )
    return finishWith(`${told}.`);
  const field = [...step.bindings].find(([, { kind }]) => kind === "choice")?.[0];
  const unclear = call.status === 400 || call.status === 422;
  if (unclear && field !== undefined && failed > 2 && errorMessageFor(call.answer?.body, field) === undefined)
    return finishWith(`${told}.`);
  return decideStep(index, context);
}

/** Whether the thing that a call was about is the one that the words of the goal tell from others: `the started entry`. */
function isToldApart(
  choice: ListChoice,
  { clause }: Step,
  call: PastCall,
  context: PlanningContext,
): boolean {
  const { operation } = context.plan.steps[choice.step] ?? {};
  if (operation === undefined || clause === undefined || clause.another || !DEFINITE.test(clause.said))
    return false;
  const items = itemsShown(operation, context);
  const meant = preferred(items, { ...choice, clauses: [clause] }, itemFields(operation));
  const sent = Object.values(call.params);
  return (
    meant.length < items.length &&
    meant.some(
      (item) => isJsonObject(item) && Object.values(item).some((value) => sent.includes(String(value))),
    )
  );
}
const DEFINITE = /\b(?:the|my|our)\s/i;

/** What the step depends on no longer exists: the step that created it is repeated, with another choice. */
function startOver(
  call: PastCall,
  index: number,
  since: readonly PastCall[],
  text: string,
  context: PlanningContext,
  told: string,
): PlannerDecision {
  const { plan, progress } = context;
  const step = plan.steps[index];
  const made = [...(step?.bindings.values() ?? [])].find((binding) => binding.kind === "answer")?.step;
  const back =
    made !== undefined &&
    plan.steps[made]?.operation.writes === true &&
    plan.steps[made]?.operation.login !== true
      ? made
      : plan.steps.findLastIndex(
          ({ operation }, place) =>
            place < index && operation.writes && !operation.login && operation.verb !== "~register",
        );
  const origin = plan.steps[back];
  // What is refused for another reason than that it is gone is refused again of a new one.
  const alike = (progress.attempts[index] ?? []).filter(({ status }) => status === call.status);
  const isLost = [GONE, EMPTY, UNKNOWN].some((pattern) => pattern.test(text));
  // Where its words are out of sight, the way back was taken before.
  if (call.answer !== undefined && call.status !== 404 && call.status !== 410 && !isLost)
    return finishWith(`${told}.`);
  if (origin === undefined || alike.length >= MOST_CHOICES) return finishWith(`${told}.`);
  if (since.some(({ ok, operation }) => ok && operation === origin.operation))
    return decideStep(index, context);
  if (GONE.test(text) && made === undefined) {
    const removal = removalOf(origin, since, context);
    if (removal !== undefined) return removal;
  }
  return decideStep(back, context);
}

/** Removes an item that cannot be bought, if the API has an operation for that. */
function removalOf(
  origin: Step,
  since: readonly PastCall[],
  context: PlanningContext,
): PlannerDecision | undefined {
  const { catalog, plan } = context;
  for (const binding of origin.bindings.values()) {
    if (binding.kind !== "choice") continue;
    const value = [...choiceAttempts(binding.choice, context).doubtful].at(-1);
    const from = plan.steps[binding.choice.step]?.operation;
    const removal = catalog.operations.find(
      (operation) =>
        operation.method === "DELETE" &&
        operation.target === origin.operation.target &&
        operation.inputs.filter(({ required }) => required).length === 1 &&
        operation.inputs.some(
          (field) =>
            field.in === "path" &&
            catalog
              .sources(operation, field)
              .some((source) => source.operation === from && source.score > 0.6),
        ),
    );
    const input = removal?.inputs.find((field) => field.in === "path");
    if (
      value === undefined ||
      removal === undefined ||
      input === undefined ||
      since.some(({ operation }) => operation === removal)
    )
      continue;
    const path = removal.path.replace(`{${input.name}}`, encodeSegment(value));
    return { kind: "call", request: { target: removal.target, method: "DELETE", path } };
  }
  return undefined;
}
