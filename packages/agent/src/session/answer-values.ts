import { PREFERENCE, SCHEME } from "@ape/core/config/secrets/credential-name";
import type { Clock } from "@ape/core/lib/clock";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { byName } from "@ape/core/protocol/fields/by-name";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { type AnswerSource, type Issue, ShallowIssue } from "../attribution/provenance.ts";
import { type Credentials, statedEnd } from "../credentials/credentials.ts";
import {
  type IssuedCredential,
  issuedCredentials,
  soleCredential,
} from "../credentials/issued-credentials.ts";
import { type ExtractedValue, extractState } from "../memory/extraction.ts";
import type { Memory } from "../memory/memory.ts";
import type { OperationTraits } from "./api-index.ts";
import { sendsValue } from "./referenced-values.ts";
import type { Secrets } from "./secrets.ts";

/** Operations whose answers are about the session's own account. */
const OWN_ACCOUNT =
  /log-?in|sign-?(?:in|up)|sessions?\b|tokens?\b|auth|register|profile|account|\/me\b|whoami/i;
/**
 * Values that only say where a list continues, too long to be copied without a mistake: shown as placeholders. Others of
 * that length, such as ids, can be several at once under one name.
 */
const CURSOR_NAME = /(?:token|cursor|continuation)$/i;
const CURSOR = /^(?!\/)[\w.~+/=-]{48,}$/;
const isCsrfHeader = byName((name) => /^(?:x-)?(?:csrf|xsrf)(?:-?token)?$/.test(name));

/** Keeps the values that answers bring: ids and facts in the memory, tokens as credentials, secrets hidden. */
export class AnswerValues {
  readonly #memory: Memory;
  readonly #secrets: Secrets;
  readonly #credentials: Credentials;
  readonly #clock: Clock;

  constructor(memory: Memory, secrets: Secrets, credentials: Credentials, clock: Clock) {
    this.#memory = memory;
    this.#secrets = secrets;
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /**
   * Keeps the values of a successful answer.
   * @param signsIn whether the call carries credentials of the user, as a login does
   * @param gained receives the names that are new or changed
   * @returns whether the answer brought new credentials
   */
  keep(
    step: number,
    call: ToolCall,
    result: ToolResult,
    operation: OperationTraits | undefined,
    signsIn: boolean,
    gained: string[],
  ): boolean {
    const { target } = call;
    const writing = call.method !== "GET" && !result.operation.startsWith("query ");
    let loggedIn = operation?.login === true && result.headers["set-cookie"] !== undefined;
    const issued = issuedCredentials(result, writing && signsIn);
    if (result.body.kind === "json" || issued.length > 0) {
      const json = result.body.kind === "json" ? result.body.json : null;
      const begins = writing && !this.#credentials.holdsToken(target) && signsIn;
      const payload = call.graphql === undefined ? json : payloadOf(json);
      const found: IssuedCredential[] = extractState(
        payload,
        operation?.answers,
        begins && this.#credentials.documentsToken(target),
      );
      found.push(...issued);
      const hasCookie = result.headers["set-cookie"] !== undefined;
      const sole = begins && !hasCookie ? soleCredential(found) : undefined;
      if (sole !== undefined) Object.assign(sole, { token: true, preference: PREFERENCE.other });
      const endsAt = found.some(({ token }) => token) ? statedEnd(payload, this.#clock.epoch()) : undefined;
      if (writing) {
        // A session's id is a credential only if the call began the session and the answer set no cookie.
        const begun = signsIn && !hasCookie;
        const tokens = found.filter(
          ({ token, preference, value }) =>
            token && (preference !== PREFERENCE.session_id || begun) && !sendsValue(call, value),
        );
        if (this.#credentials.keepTokens(target, tokens, signsIn, endsAt)) loggedIn = true;
      }
      this.#hideGained(found);
      // For an undocumented operation the origin may be the path itself.
      const origin = this.#secrets.hide(`step ${step} ${result.operation}`);
      const source: AnswerSource = { operation: result.operation, path: call.path };
      const own = found.length > 0 && OWN_ACCOUNT.test(result.operation);
      for (const { name, value, secret, within } of found) {
        const issue = new ShallowIssue(name, within, source);
        if (!secret && CURSOR_NAME.test(name) && CURSOR.test(value)) this.#secrets.abbreviate(value, name);
        if (this.learn(name, value, secret ? target : undefined, issue, origin, own)) gained.push(name);
      }
    }
    if (!loggedIn) return false;
    this.#credentials.signIn(target);
    return true;
  }

  /** Keeps a CSRF token: a secret that the model sends back by its name. */
  keepRequestToken(step: number, target: string, { headers, operation }: ToolResult): void {
    for (const name in headers) {
      const value = headers[name];
      if (!isCsrfHeader(name) || typeof value !== "string" || value.length < 8) continue;
      this.#secrets.add(value, name);
      this.learn(name, value, target, undefined, this.#secrets.hide(`step ${step} ${operation}`));
    }
  }

  /** Hides the credentials that a failed answer shows. */
  keepSecretsOf(step: number, { target }: ToolCall, result: ToolResult, signsIn: boolean): void {
    const shown = result.body.kind === "json" ? extractState(result.body.json, undefined, false) : [];
    const found = [...shown.filter(({ secret }) => secret), ...issuedCredentials(result, signsIn)];
    if (found.length === 0) return;
    this.#hideGained(found);
    const origin = this.#secrets.hide(`step ${step} ${result.operation}`);
    for (const { name, value } of found) this.learn(name, value, target, undefined, origin);
  }

  /** Keeps one value under a name; returns whether it is new or changed. */
  learn(
    name: string,
    value: string,
    issuer: string | undefined,
    issue: Issue | undefined,
    origin: string,
    own = false,
  ): boolean {
    return this.#memory.learn({ name, value, shown: this.#secrets.hide(value), issuer, issue, own, origin });
  }

  /** Hides credentials of an answer from now on, also without the scheme before them. */
  #hideGained(found: readonly ExtractedValue[]): void {
    for (const { name, value, secret } of found) {
      if (!secret) continue;
      this.#secrets.add(value, name);
      if (SCHEME.test(value)) this.#secrets.add(value.slice(value.indexOf(" ") + 1).trim());
    }
  }
}

/** The value of the only field of a GraphQL answer; of several fields, all of them. */
function payloadOf(json: Json): Json {
  const data = isJsonObject(json) ? json.data : undefined;
  if (!isJsonObject(data)) return json;
  const values = Object.values(data);
  return values.length === 1 && isJsonObject(values[0]) ? values[0] : data;
}
