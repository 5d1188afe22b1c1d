import type { Clock } from "@ape/core/lib/clock";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { decodePercent } from "@ape/core/lib/percent";
import { parseRetryAfter } from "@ape/core/lib/retry-after";
import type { ApiDescription } from "@ape/core/protocol/api";
import { operationShape } from "@ape/core/protocol/operations/operation";
import type { Page, PageForm } from "@ape/core/protocol/page";
import { effectiveStatus, hasFailed, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { View, ViewAnswer } from "@ape/core/protocol/view";
import { announcedLimitsOf } from "../attribution/announced-limits.ts";
import { attributeFailure } from "../attribution/attribute-failure.ts";
import type { AttributionContext } from "../attribution/attribution-context.ts";
import { type FailureCause, FailureTracker, type UnmetCheck } from "../attribution/failure-tracker.ts";
import { target as blameTarget, type Finding, type OpenFinding, unclear } from "../attribution/finding.ts";
import { type AnswerSource, type Issue, ShallowIssue } from "../attribution/provenance.ts";
import { isQueued } from "../attribution/queued-work.ts";
import { namesPermission, wordsOf } from "../attribution/refusal-words.ts";
import { WriteHistory } from "../attribution/write-history.ts";
import { digestBody, nextPlace } from "../memory/digest.ts";
import { type ExtractedValue, extractState } from "../memory/extraction.ts";
import { type GoalFilter, parseGoalFilter } from "../memory/goal-filter.ts";
import { Memory } from "../memory/memory.ts";
import { type ApiIndex, type IndexedOperation, indexOf } from "./api-index.ts";
import { type ActionDecision, bodyText, callText, shownHeaders } from "./call-rendering.ts";
import { carriedValues } from "./carried-values.ts";
import { PREFERENCE, SCHEME } from "./credential-names.ts";
import { Credentials, statedEnd } from "./credentials.ts";
import type { DataRow } from "./data-row.ts";
import { type IssuedCredential, issuedCredentials, soleCredential } from "./issued-credentials.ts";
import type { PlaceholderValues } from "./placeholder.ts";
import { type AbandonReason, Recovery } from "./recovery.ts";
import { Secrets } from "./secrets.ts";

const MAX_BODY_RECORD = 2_000;
const MAX_CALL_TEXT = 200;
const MAX_NOTE = 200;
const MAX_EVIDENCE = 500;
const MAX_FACT = 400;
/** Bytes of an answer that is held to show more of it. */
const MAX_HELD = 262_144;
/** How much too early a timer may be: a wait of that length was kept. */
const TIMER_ERROR_MS = 50;
const NO_HEADERS: Readonly<Record<string, string>> = {};
/** Operations whose answers are about the session's own account. */
const OWN_ACCOUNT =
  /log-?in|sign-?(?:in|up)|sessions?\b|tokens?\b|auth|register|profile|account|\/me\b|whoami/i;
const NO_FORMS: readonly PageForm[] = [];
/** A link or a form of its own page that leads to one of these is the target's mistake. */
const DEAD_END = [404, 405, 410];
/** Errors after which nobody knows what became of a call. */
const LOST: readonly (string | undefined)[] = ["reset", "timeout"];
/**
 * Values that only say where to go on, too long to be copied without a mistake: shown as placeholders. Others of that
 * length, such as ids, can be several at once under one name.
 */
const CURSOR_NAME = /(?:token|cursor|continuation)$/i;
const CURSOR = /^(?!\/)[\w.~+/=-]{48,}$/;
const CSRF_HEADER = /^(?:x-)?(?:csrf|xsrf)(?:-?token)?$/;
const CSRF = /csrf|xsrf|token|nonce/i;

/** Begins the placeholder of a cookie's value: a target may show the same value as an id, which agents send back. */
const COOKIE = "cookie ";
const COOKIE_NAME = /^[\w.-]{1,60}$/;

/** What a session knew when it began. */
export interface SessionInit {
  prompt: string;
  persona: string | undefined;
  row: DataRow | undefined;
  apis: readonly ApiDescription[];
  /** Base URL of each target. */
  origins: Readonly<Record<string, string>>;
  /** Values of the configuration that nothing may show. */
  secrets: readonly string[];
  /** The session's time budget in milliseconds. */
  timeMs: number;
  clock: Clock;
  /** Whether the generator was overloaded within the last second. */
  saturated?: (() => boolean) | undefined;
}

/** What an answer meant. */
export interface ActionOutcome {
  /** Who caused a failed call; undefined where it did not fail. */
  finding: OpenFinding | undefined;
  /** Names of what was learned. */
  gained: readonly string[];
  /** The answer brought new credentials. */
  loggedIn: boolean;
  /** Of a failed call: what was sent and what came back, bounded, secrets hidden. */
  evidence: { request: string; response: string } | undefined;
  givesUp: AbandonReason | undefined;
}

/** All that one session knows: memory, credentials, secrets, failures. Bounded; shared with no other session. */
export class SessionState {
  readonly credentials: Credentials;
  readonly recovery: Recovery;
  readonly #row: SessionInit["row"];
  readonly #apis: readonly ApiDescription[];
  readonly #timeMs: number;
  readonly #clock: Clock;
  readonly #saturated: (() => boolean) | undefined;
  /** Epoch milliseconds before which each target asked for no further requests. */
  #quietUntil: Map<string, number> | undefined;
  readonly #memory: Memory;
  readonly #secrets: Secrets;
  readonly #failures = new FailureTracker();
  readonly #interest: GoalFilter;
  readonly #accepted = new WriteHistory();
  /** The page that each web target showed last: its forms are what can be sent. */
  #pages: Map<string, Page> | undefined;
  /** The last answer of which only a part was shown. */
  #cut: { step: number; body: ToolResult["body"]; next: number | undefined } | undefined;
  /** Of the last target that was called: most sessions have one. */
  #values: (PlaceholderValues & { target: string }) | undefined;

  constructor({ prompt, persona, row, apis, origins, secrets, timeMs, clock, saturated }: SessionInit) {
    this.credentials = new Credentials(apis, origins);
    this.recovery = new Recovery(clock);
    this.#row = row;
    this.#apis = apis;
    this.#timeMs = timeMs;
    this.#clock = clock;
    this.#saturated = saturated;
    this.#interest = parseGoalFilter(prompt);
    this.#memory = new Memory(prompt, persona, row);
    this.#secrets = new Secrets(secrets, row);
  }

  /** What a policy decides from. */
  view(problem: string | undefined, stepsLeft?: number): View {
    const now: Pick<View, "today" | "stepsLeft"> = { today: dateText(this.#clock.epoch()) };
    if (stepsLeft !== undefined) now.stepsLeft = stepsLeft;
    return this.#memory.view(problem, now);
  }

  readonly #hideText = (text: string): string => this.#secrets.hide(text);

  /** The real value behind a name, whatever target it came from. */
  readonly read = (name: string): string | undefined => this.#memory.read(name);

  /** The values that a call to a target may hold: secrets only if the target issued them or they are bound to it. */
  valuesFor(target: string): PlaceholderValues {
    if (this.#values?.target === target) return this.#values;
    this.#values = {
      target,
      read: (name) =>
        this.#memory.readFor(name, target) ??
        (name.startsWith(COOKIE) ? this.credentials.cookie(target, name.slice(COOKIE.length)) : undefined),
      explain: (name) => this.#memory.explain(name, target),
    };
    return this.#values;
  }

  /** The forms of the page that a target showed last. */
  forms(target: string): readonly PageForm[] {
    return this.#pages?.get(target)?.forms ?? NO_FORMS;
  }

  /** What the link is called that a path was taken from, where it stands on the target's last page. */
  linkText(target: string, path: string): string | undefined {
    return this.#pages?.get(target)?.links.find((link) => link.path === path)?.text;
  }

  /** A text or value with every secret as its placeholder. */
  hide<T extends Json>(value: T): T {
    return this.#secrets.hideJson(value);
  }

  /** A text for an event: bounded, no secret in it, cookies included. */
  mask(text: string, limit = MAX_EVIDENCE): string {
    return this.#secrets.mask(text, limit);
  }

  /** Who is to blame for a session that did not succeed. */
  blame(outcome: Parameters<FailureTracker["decide"]>[0], unmet: readonly UnmetCheck[]): FailureCause {
    const own = unmet.map((check) =>
      check.missing === true && check.place !== undefined && this.#mayBeMissing(check.place)
        ? { ...check, missing: false }
        : check,
    );
    return this.#failures.decide(outcome, own);
  }

  /** Whether a resource that the target issued may rightly not be found: deleted, changed since, or still being made. */
  #mayBeMissing(place: string): boolean {
    const [target = "", path = ""] = place.split(" ");
    const id = decodePercent(path.slice(path.lastIndexOf("/") + 1));
    return (
      this.#accepted.hasDeleted(place) || this.#accepted.hasQueued(target) || this.#accepted.hasWritten(id)
    );
  }

  /** Keeps what the model wants to remember; returns the names that are new or changed. */
  note(set: Readonly<Record<string, Json>>, origin: string): string[] {
    const gained: string[] = [];
    for (const key in set) {
      const value = String(set[key]).slice(0, MAX_FACT);
      const name = key.replaceAll(/[^\w@$. -]/g, "_").slice(0, 60);
      const [issue] = this.#memory.issues(value);
      if (this.#learn(name, value, undefined, issue, origin)) gained.push(name);
    }
    return gained;
  }

  /** Keeps what a search among the operations that the prompt leaves out has found. */
  noteFound(words: string, text: string): void {
    this.#memory.keepFound({ words: this.#secrets.hide(words), text });
  }

  /**
   * Shows the last answer that was cut from another place on: an item of its lists, or a character of a text.
   * @param from the place, from 1; by default the first that is not shown
   * @returns why nothing more is shown, in one sentence for the model
   */
  showMore(from?: number): string | undefined {
    const cut = this.#cut;
    if (cut === undefined || this.#memory.answerOf(cut.step) === undefined)
      return "no answer that was cut is held; what is held is shown as a whole";
    const { body, step } = cut;
    const start = from ?? cut.next ?? 1;
    const digest = digestBody(body, this.#interest, this.#hideText, start);
    this.#memory.showAnew(step, this.#secrets.hideText(digest.text, digest.json));
    this.#cut = { body, step, next: nextPlace(body, digest.text, start) };
    return undefined;
  }

  /** Learns from an answer: whose fault it is, credentials, state, what the model will see of it. */
  take(
    step: number,
    decision: ActionDecision,
    call: ToolCall,
    result: ToolResult,
    durationMs: number,
  ): ActionOutcome {
    const { target } = call;
    const index = this.#indexOf(target);
    const operation = index?.operation(result.operation);
    const text = callText(decision, MAX_CALL_TEXT);
    const carried = carriedValues(call, result.operation);
    for (const value of carried) this.#memory.use(value);
    const finding = this.#attribute(decision, call, result, index, operation, text, durationMs);
    // A call that the time budget cut short proves nothing, unless it hung.
    if (finding === undefined || result.error?.code !== "cancelled" || finding.attribution !== "unclear")
      this.#failures.note(step, call, result, finding);
    this.#noteLimits(target, result);
    // What a failing server shows is no place to go on from.
    if (result.body.kind === "page" && result.status < 500 && result.status !== 429) {
      this.#pages ??= new Map();
      this.#pages.set(target, result.body.page);
      for (const form of result.body.page.forms)
        for (const { type, name, value } of form.controls)
          if (type === "hidden" && CSRF.test(name) && value.length >= 8) this.#secrets.add(value, name);
    }
    this.#keepRequestToken(step, target, result);
    const hadToken = this.credentials.holdsToken(target);
    const hadValidToken = hadToken && this.credentials.isStatedValid(target, this.#clock.epoch());
    const { "set-cookie": cookies } = result.headers;
    for (const { name, value } of this.credentials.keepCookies(target, call.path, cookies))
      this.#secrets.add(value, COOKIE_NAME.test(name) ? COOKIE + name : undefined);
    const gained: string[] = [];
    let loggedIn = false;
    if (finding === undefined) {
      if (call.method !== "GET" && isQueued(result, (value) => sends(call, value)))
        this.#accepted.noteQueued(target);
      loggedIn = this.#gain(step, text, call, result, operation, gained);
      if (call.method !== "GET" && !loggedIn)
        this.#accepted.note(
          `${target} ${operationShape(result.operation)}`,
          text,
          carried,
          placeOf(target, call.path),
          call.method === "DELETE" ? placeOf(target, call.path) : undefined,
        );
      if (operation?.logout === true) this.credentials.signOut(target);
      else if (operation?.revokes === true && !loggedIn && call.method !== "GET")
        this.credentials.revoke(target);
    } else {
      this.#keepSecretsOf(step, call, result, operation?.login === true || this.#showsSecret(text));
      this.#noteFailure(call, result);
    }
    const secured = index?.marksSecured === true ? operation?.secured === true : hadToken;
    const waiting = this.recovery.note({ target, text, loggedIn, secured }, result);
    this.#remember(step, decision, call, text, result, waiting);
    const evidence =
      finding === undefined
        ? undefined
        : {
            request: this.mask(callText(decision, MAX_BODY_RECORD), MAX_BODY_RECORD),
            response: this.mask(bodyText(result, this.#hideText), MAX_BODY_RECORD),
          };
    return {
      finding,
      gained,
      loggedIn,
      evidence,
      givesUp: this.recovery.givesUp(
        result,
        finding !== undefined && hadValidToken && !namesPermission(wordsOf(result)),
      ),
    };
  }

  /** A token against forged requests is a secret that the model sends back by its name. */
  #keepRequestToken(step: number, target: string, { headers, operation }: ToolResult): void {
    for (const name in headers) {
      const value = headers[name];
      if (!CSRF_HEADER.test(name) || typeof value !== "string" || value.length < 8) continue;
      this.#secrets.add(value, name);
      this.#learn(name, value, target, undefined, this.#secrets.hide(`step ${step} ${operation}`));
    }
  }

  /** A failed answer gives nothing to go on with, yet what it shows of credentials stays secret. */
  #keepSecretsOf(step: number, { target }: ToolCall, result: ToolResult, signsIn: boolean): void {
    const shown = result.body.kind === "json" ? extractState(result.body.json, undefined, false) : [];
    const found = [...shown.filter(({ secret }) => secret), ...issuedCredentials(result, signsIn)];
    if (found.length === 0) return;
    this.#hideGained(found);
    const origin = this.#secrets.hide(`step ${step} ${result.operation}`);
    for (const { name, value } of found) this.#learn(name, value, target, undefined, origin);
  }

  #noteFailure(call: ToolCall, result: ToolResult): void {
    if (call.method !== "GET" && LOST.includes(result.error?.code)) this.#accepted.lost();
    else if (effectiveStatus(result) === 401)
      for (const name of this.credentials.dropTokens(call.target)) this.#memory.forget(name, call.target);
  }

  #learn(
    name: string,
    value: string,
    issuer: string | undefined,
    issue: Issue | undefined,
    origin: string,
    own = false,
  ): boolean {
    return this.#memory.learn({ name, value, shown: this.#secrets.hide(value), issuer, issue, own, origin });
  }

  #indexOf(target: string): ApiIndex | undefined {
    for (const api of this.#apis) if (api.target === target) return indexOf(api);
    return undefined;
  }

  /** Replaces what was found of a step's failure, after a verification read. */
  settle(step: number, finding: Finding): void {
    this.#failures.settle(step, finding);
  }

  /** Who caused a failed answer; undefined where it did not fail. */
  #attribute(
    decision: ActionDecision,
    call: ToolCall,
    result: ToolResult,
    index: ApiIndex | undefined,
    operation: IndexedOperation | undefined,
    text: string,
    durationMs: number,
  ): OpenFinding | undefined {
    if (!hasFailed(result)) return undefined;
    const { target } = call;
    const page = this.#pages?.get(target);
    const offered = decision.label !== undefined || decision.form !== undefined;
    if (offered && page !== undefined && DEAD_END.includes(result.status))
      return deadEnd(call, page, decision);
    const key = `${target} ${operationShape(result.operation)}`;
    const now = this.#clock.epoch();
    const sentAt = now - durationMs;
    const evidence: AttributionContext = {
      issues: (value) => this.#memory.issues(value),
      isData: (value) => this.#memory.isData(value),
      isOwn: (value) => this.#memory.isOwn(value),
      offers: (path) => this.#memory.offers(path),
      states: (id) => this.#memory.states(id),
      deleted: (path) => this.#accepted.hasDeleted(placeOf(target, path)),
      hasWritten: (value) => this.#accepted.hasWritten(value),
      isShownFree: (id) => this.#memory.isShownFree(id),
      shown: (id) => this.#memory.shown(id),
      lastWrite: this.#accepted.last,
      queued: this.#accepted.hasQueued(target),
      repeated: this.#accepted.hasAccepted(key, text),
      prepared: this.#accepted.isPrepared(key),
      credential: this.credentials.standing(target, now),
      api: this.#apis.find((api) => api.target === target),
      operation,
      undocumented: index?.documented === true && operation === undefined,
      public: index?.marksSecured === true && operation?.secured === false,
      limited: announcedLimitsOf(this.#apis).has(target) || sentAt < (this.#quietUntil?.get(target) ?? 0),
      saturated: this.#saturated?.() === true,
      hung: durationMs * 2 > this.#timeMs,
      ownHeaders: decision.headers ?? NO_HEADERS,
    };
    return attributeFailure(call, result, evidence);
  }

  /** Keeps what an answer announces of rate limits. */
  #noteLimits(target: string, result: ToolResult): void {
    announcedLimitsOf(this.#apis).note(target, result);
    if (result.status !== 429) return;
    const now = this.#clock.epoch();
    const waitMs = parseRetryAfter(result.headers["retry-after"], now);
    if (waitMs === undefined) return;
    this.#quietUntil ??= new Map();
    this.#quietUntil.set(target, now + waitMs - TIMER_ERROR_MS);
  }

  /** Keeps what an answer brought; returns whether that were new credentials. */
  #gain(
    step: number,
    text: string,
    call: ToolCall,
    result: ToolResult,
    operation: IndexedOperation | undefined,
    gained: string[],
  ): boolean {
    const { target } = call;
    const writing = call.method !== "GET" && !result.operation.startsWith("query ");
    let loggedIn = operation?.login === true && result.headers["set-cookie"] !== undefined;
    const signsIn = operation?.login === true || this.#showsSecret(text);
    const issued = issuedCredentials(result, writing && signsIn);
    if (result.body.kind === "json" || issued.length > 0) {
      const json = result.body.kind === "json" ? result.body.json : null;
      const begins = writing && !this.credentials.holdsToken(target) && signsIn;
      const payload = call.graphql === undefined ? json : payloadOf(json);
      const found: IssuedCredential[] = extractState(
        payload,
        operation?.answers,
        begins && this.credentials.documentsToken(target),
      );
      found.push(...issued);
      const hasCookie = result.headers["set-cookie"] !== undefined;
      const sole = begins && !hasCookie ? soleCredential(found) : undefined;
      if (sole !== undefined) Object.assign(sole, { token: true, preference: PREFERENCE.other });
      const endsAt = found.some(({ token }) => token) ? statedEnd(payload, this.#clock.epoch()) : undefined;
      if (writing) {
        // A session's id is a credential only where the session was begun, and where no cookie stands for it.
        const begun = signsIn && !hasCookie;
        const tokens = found.filter(
          ({ token, preference, value }) =>
            token && (preference !== PREFERENCE.session_id || begun) && !sends(call, value),
        );
        if (this.credentials.keepTokens(target, tokens, signsIn, endsAt)) loggedIn = true;
      }
      this.#hideGained(found);
      // Of what is not documented the operation may be the path itself.
      const origin = this.#secrets.hide(`step ${step} ${result.operation}`);
      const source: AnswerSource = { operation: result.operation, path: call.path };
      const own = found.length > 0 && OWN_ACCOUNT.test(result.operation);
      for (const { name, value, secret, within } of found) {
        const issue = new ShallowIssue(name, within, source);
        if (!secret && CURSOR_NAME.test(name) && CURSOR.test(value)) this.#secrets.abbreviate(value, name);
        if (this.#learn(name, value, secret ? target : undefined, issue, origin, own)) gained.push(name);
      }
    }
    if (!loggedIn) return false;
    this.credentials.signIn(target);
    return true;
  }

  /** Hides credentials of an answer from now on, without a scheme in front too. */
  #hideGained(found: readonly ExtractedValue[]): void {
    for (const { name, value, secret } of found) {
      if (!secret) continue;
      this.#secrets.add(value, name);
      if (SCHEME.test(value)) this.#secrets.add(value.slice(value.indexOf(" ") + 1).trim());
    }
  }

  /** Whether a call was decided with a secret of the data row in it, as a login is. */
  #showsSecret(text: string): boolean {
    return this.#row?.secret.some((name) => text.includes(`{{${name}}}`)) === true;
  }

  /** Keeps a call and its answer for the next views. */
  #remember(
    step: number,
    { headers: sent, note: beside }: ActionDecision,
    { target, path }: ToolCall,
    text: string,
    result: ToolResult,
    waiting: string | undefined,
  ): void {
    const hide = this.#hideText;
    const digest = digestBody(result.body, this.#interest, hide);
    const answer: ViewAnswer = {
      step,
      target,
      call: hide(text),
      status: effectiveStatus(result),
      body: this.#secrets.hideText(digest.text, digest.json),
    };
    const next = nextPlace(result.body, digest.text);
    if (next !== undefined && "bytes" in result.body && result.body.bytes <= MAX_HELD)
      this.#cut = { step, body: result.body, next };
    const said = result.error?.message ?? result.warning;
    const note = said === undefined ? waiting : hide(said).slice(0, MAX_NOTE);
    if (note !== undefined) answer.note = note;
    if (beside !== undefined) answer.said = hide(beside);
    if (sent !== undefined && Object.keys(sent).length > 0) answer.sent = this.#secrets.hideJson(sent);
    const named = this.#indexOf(target)?.operation(result.operation)?.answerHeaders;
    const headers = shownHeaders(result, hide, named);
    if (headers !== undefined) answer.headers = headers;
    const source: AnswerSource = { operation: result.operation, path };
    const { etag } = result.headers;
    if (typeof etag === "string") source.etag = etag;
    this.#memory.remember(answer, source);
  }
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** A moment as a date of UTC: `Saturday, 2026-11-28`. */
function dateText(epochMs: number): string {
  const date = new Date(epochMs);
  return `${WEEKDAYS[date.getUTCDay()]}, ${date.toISOString().slice(0, 10)}`;
}

/** Whether a call sends a value: an answer that repeats it has not issued it. */
const sends = ({ data, query }: ToolCall, value: string): boolean =>
  JSON.stringify([data, query]).includes(JSON.stringify(value).slice(1, -1));

/** Target and path without its query. */
const placeOf = (target: string, path: string): string => `${target} ${path.split("?", 1)[0] ?? ""}`;

/** A link or form of the target's own page that leads nowhere: the page itself, read again, shows whether it holds. */
function deadEnd(call: ToolCall, page: Page, { label, form }: ActionDecision): OpenFinding {
  const finding = unclear("its page leads nowhere", "the page had changed since it was read");
  return {
    ...finding,
    verify: {
      call: { target: call.target, method: "GET", path: page.path },
      judge: ({ body }): Finding => {
        if (body.kind !== "page") return finding;
        const { links, forms } = body.page;
        const offered =
          form === undefined
            ? links.some((link) => link.text === label && link.path === call.path)
            : forms.some(({ path }) => path === call.path);
        return offered ? blameTarget("the page still leads there") : finding;
      },
    },
  };
}

/** The value of the one field that a GraphQL answer is about; of several fields, all of them. */
function payloadOf(json: Json): Json {
  const data = isJsonObject(json) ? json.data : undefined;
  if (!isJsonObject(data)) return json;
  const values = Object.values(data);
  return values.length === 1 && isJsonObject(values[0]) ? values[0] : data;
}
