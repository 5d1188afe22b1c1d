import type { Clock } from "@ape/core/lib/clock";
import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { ApiDescription } from "@ape/core/protocol/api";
import { tableLists } from "@ape/core/protocol/list-table";
import type { Page, PageForm } from "@ape/core/protocol/page";
import { type FormOrigin, formOriginOf, USER_IS_SENT } from "@ape/core/protocol/sign-in";
import { effectiveStatus, type ToolCall, type ToolResult } from "@ape/core/protocol/tool-call";
import type { ShownBody, View, ViewAnswer } from "@ape/core/protocol/view";
import type { VerifiableFinding } from "../attribution/finding.ts";
import type { AnswerSource } from "../attribution/provenance.ts";
import { sentIdempotencyKey } from "../attribution/request-values.ts";
import { namesPermission, refusalText } from "../attribution/words/refusal-words.ts";
import { asksForUser } from "../credentials/basic.ts";
import { Credentials } from "../credentials/credentials.ts";
import { type Digest, digestBody, nextPlace } from "../memory/digest.ts";
import { type GoalFilter, parseGoalFilter } from "../memory/goal-filter.ts";
import { Memory } from "../memory/memory.ts";
import { AnswerValues } from "./answer-values.ts";
import { type ApiIndex, indexOf } from "./api-index.ts";
import { type ActionDecision, bodyText, callText, shownHeaders } from "./call-rendering.ts";
import { type DataRow, loginOf } from "./data-row.ts";
import { dateText } from "./date-text.ts";
import type { PlaceholderValues } from "./placeholder.ts";
import { type AbandonReason, Recovery } from "./recovery.ts";
import { referencedValues } from "./referenced-values.ts";
import { Secrets } from "./secrets.ts";
import { SessionFailures } from "./session-failures.ts";

const MAX_BODY_RECORD = 2_000;
const MAX_CALL_TEXT = 200;
const MAX_NOTE = 200;
const MAX_EVIDENCE = 500;
const MAX_FACT = 400;
/** Bytes of an answer that is held to show more of it. */
const MAX_HELD = 65_536;
const NO_FORMS: readonly PageForm[] = [];
const CSRF = /csrf|xsrf|token|nonce/i;

/** Begins the placeholder of a cookie's value: a target may show the same value as an id, which agents send back. */
const COOKIE = "cookie ";
const COOKIE_NAME = /^[\w.-]{1,60}$/;

/** What a session knows at its beginning. */
export interface SessionInit {
  prompt: string;
  persona: string | undefined;
  row: DataRow | undefined;
  apis: readonly ApiDescription[];
  /** Base URL of each target. */
  origins: Readonly<Record<string, string>>;
  /** Values of the configuration that must never be shown. */
  secrets: readonly string[];
  /** The session's time budget in milliseconds. */
  timeMs: number;
  clock: Clock;
  /** Whether the generator was overloaded within the last second. */
  saturated?: (() => boolean) | undefined;
}

/** Result of an action, as the session understands it. */
export interface ActionOutcome {
  /** Who caused a failed call; undefined where it did not fail. */
  finding: VerifiableFinding | undefined;
  /** Names of new or changed facts. */
  gained: readonly string[];
  /** The answer brought new credentials. */
  loggedIn: boolean;
  /** For a failed call: what was sent and received, bounded, secrets hidden. */
  evidence: { request: string; response: string } | undefined;
  abandonReason: AbandonReason | undefined;
}

/** Everything that one session knows: memory, credentials, secrets, failures. Bounded; shared with no other session. */
export class SessionState {
  readonly credentials: Credentials;
  readonly recovery: Recovery;
  readonly failures: SessionFailures;
  readonly #row: SessionInit["row"];
  readonly #apis: readonly ApiDescription[];
  readonly #clock: Clock;
  readonly #memory: Memory;
  readonly #secrets: Secrets;
  readonly #answerValues: AnswerValues;
  readonly #interest: GoalFilter;
  /** The last page of each web target: its forms can be submitted. */
  #pages: Map<string, Page> | undefined;
  /** Targets that have asked for a user and a password. */
  #challenged: Set<string> | undefined;
  /** The last answer of which only a part was shown. */
  #cut: { step: number; body: ToolResult["body"]; next: number | undefined } | undefined;
  /** Cached for the last target that was called: most sessions have one. */
  #values: (PlaceholderValues & { target: string }) | undefined;

  constructor(init: SessionInit) {
    const { prompt, persona, row, apis, origins, secrets, timeMs, clock, saturated } = init;
    this.credentials = new Credentials(apis, origins);
    this.recovery = new Recovery(clock);
    this.#row = row;
    this.#apis = apis;
    this.#clock = clock;
    this.#interest = parseGoalFilter(prompt);
    this.#memory = new Memory(prompt, persona, row);
    this.#secrets = new Secrets(secrets, row);
    this.failures = new SessionFailures({
      memory: this.#memory,
      credentials: this.credentials,
      apis,
      clock,
      timeMs,
      saturated,
    });
    this.#signInByRow(row);
    this.#answerValues = new AnswerValues(this.#memory, this.#secrets, this.credentials, clock);
  }

  /** Takes the user and the password of the data row for targets whose calls carry them. */
  #signInByRow(row: SessionInit["row"]): void {
    for (const target of row === undefined ? [] : this.credentials.basicTargets()) this.#sendUser(target);
  }

  /** Sends the user and the password of the data row with each call to a target; returns whether the row has them. */
  #sendUser(target: string): boolean {
    const row = this.#row;
    const login = row === undefined || row.secretFor?.includes(target) === false ? undefined : loginOf(row);
    if (login === undefined) return false;
    this.#secrets.add(this.credentials.keepUser(target, login.user, login.password));
    return true;
  }

  /** Answers a 401 that asks for a user and a password (RFC 7617), once for each target, by those of the data row. */
  #meetChallenge(target: string, { headers }: ToolResult): boolean {
    if (this.credentials.holdsToken(target) || this.#challenged?.has(target) === true) return false;
    if (!asksForUser(headers)) return false;
    this.#challenged ??= new Set();
    this.#challenged.add(target);
    return this.#sendUser(target);
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

  /** What the page that a target showed last has beside a form of it, which is sent with a button of this label. */
  formOrigin(target: string, id: string | undefined, button?: string): FormOrigin | undefined {
    const page = this.#pages?.get(target);
    const form = page?.forms.find((one) => one.id === id);
    return page === undefined || form === undefined ? undefined : formOriginOf(page, form, button);
  }

  /** What the target's last page is about, by its heading or its title. */
  pageSubject(target: string): string | undefined {
    const page = this.#pages?.get(target);
    return page?.heading ?? page?.title;
  }

  /** The text of the link to a path on the target's last page. */
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

  /** Keeps what the model wants to remember; returns the names that are new or changed. */
  remember(set: Readonly<Record<string, Json>>, origin: string): string[] {
    const gained: string[] = [];
    for (const key in set) {
      const value = String(set[key]).slice(0, MAX_FACT);
      const name = key.replaceAll(/[^\w@$. -]/g, "_").slice(0, 60);
      const [issue] = this.#memory.issues(value);
      if (this.#answerValues.learn(name, value, undefined, issue, origin)) gained.push(name);
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
    this.#memory.showAnew(step, this.#shown(digest));
    this.#cut = { body, step, next: nextPlace(body, digest.text, start) };
    const length = Number(/ of (\d+) are shown\)/.exec(digest.text)?.[1]);
    return start > length ? `the list ends at ${length}: it is shown from its beginning` : undefined;
  }

  /** Whether a call ends the session's credentials by what is said of its operation: a logout, a revocation. */
  endsCredentials({ target, method, path }: ToolCall): boolean {
    if (method === "GET") return false;
    const operation = this.#indexOf(target)?.operation(`${method} ${path.replace(/[?#].*$/, "")}`);
    return operation?.logout === true || operation?.revokes === true;
  }

  /** Learns from an answer: who caused its failure, credentials, ids and facts, and what the next prompts show of it. */
  ingest(
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
    const carried = referencedValues(call, result.operation);
    for (const value of carried) this.#memory.use(value);
    const page = this.#pages?.get(target);
    const finding = this.failures.attribute(decision, call, result, index, operation, page, text, durationMs);
    this.failures.note(step, call, result, finding);
    // The page of a failing server does not replace the last usable one.
    if (result.body.kind === "page" && result.status < 500 && result.status !== 429) {
      this.#pages ??= new Map();
      this.#pages.set(target, result.body.page);
      for (const form of result.body.page.forms)
        for (const { type, name, value } of form.controls)
          if (type === "hidden" && CSRF.test(name) && value.length >= 8) this.#secrets.add(value, name);
    }
    this.#answerValues.keepRequestToken(step, target, result);
    const hadToken = this.credentials.holdsToken(target);
    const hadValidToken = hadToken && this.credentials.isStatedValid(target, this.#clock.epoch());
    const { "set-cookie": cookies } = result.headers;
    for (const { name, value } of this.credentials.keepCookies(target, call.path, cookies))
      this.#secrets.add(value, COOKIE_NAME.test(name) ? COOKIE + name : undefined);
    const signsIn = operation?.login === true || this.#showsSecret(text);
    const gained: string[] = [];
    let loggedIn = false;
    let isMet = false;
    if (finding === undefined) {
      this.failures.noteQueued(call, result);
      loggedIn = this.#answerValues.keep(step, call, result, operation, signsIn, gained);
      if (call.method !== "GET" && !loggedIn) {
        const key = sentIdempotencyKey(call.headers);
        const values = key === undefined ? carried : [...carried, key];
        this.failures.noteAccepted(call, result.operation, text, values);
      }
      if (operation?.logout === true) this.credentials.signOut(target);
      else if (operation?.revokes === true && !loggedIn && call.method !== "GET")
        this.credentials.revoke(target);
    } else {
      this.#answerValues.keepSecretsOf(step, call, result, signsIn);
      if (!this.failures.noteLost(call, result) && effectiveStatus(result) === 401)
        for (const name of this.credentials.dropTokens(target)) this.#memory.forget(name, target);
      if (!hadToken && effectiveStatus(result) === 401) isMet = this.#meetChallenge(target, result);
    }
    const secured = index?.marksSecured === true ? operation?.secured === true : hadToken;
    const waiting = this.recovery.note({ target, text, loggedIn, secured }, result);
    this.#remember(step, decision, call, text, result, isMet ? USER_IS_SENT : waiting);
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
      abandonReason: this.recovery.abandonReason(
        result,
        finding !== undefined && hadValidToken && !namesPermission(refusalText(result)),
      ),
    };
  }

  #indexOf(target: string): ApiIndex | undefined {
    for (const api of this.#apis) if (api.target === target) return indexOf(api);
    return undefined;
  }

  /** A digest as the policy may see it. */
  #shown({ json, text: plain }: Digest): ShownBody {
    const table = tableLists(json);
    const body = this.#secrets.hideText(plain, json);
    if (table === undefined) return { body };
    const text = this.#secrets.hideText(writeJson(table), table);
    return text.length < body.length ? { body, table: text } : { body };
  }

  /** Whether a decision contains a secret of the data row, as a login does. */
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
      ...this.#shown(digest),
    };
    const next = nextPlace(result.body, digest.text);
    if (next !== undefined && "bytes" in result.body && result.body.bytes <= MAX_HELD)
      this.#cut = { step, body: result.body, next };
    const said = result.error?.message ?? result.warning ?? result.unproven;
    const note = said === undefined || waiting === USER_IS_SENT ? waiting : hide(said).slice(0, MAX_NOTE);
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
