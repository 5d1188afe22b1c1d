import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber, parseJson, writeJson } from "@ape/core/lib/lossless-number";
import { barePath, isSignInPlace } from "@ape/core/protocol/sign-in";
import type { Body, TransportError } from "@ape/core/protocol/tool-call";
import { formFailure } from "./form-failure.ts";
import { sendsLogin } from "./login-failure.ts";
import { messageVerdict, refusedLogin } from "./message-words.ts";
import { failure, type SentForm, unproven, withoutSent } from "./sent-form.ts";

const FLAG = /^(?:is_?)?(?:ok|success(?:ful)?|succeeded|valid|authenticated|logged_?in)$/i;
const STATE = /^(?:status|result|outcome|type)$/i;
const FAILED = /^(?:error|err|fail|failed|failure|invalid|denied|unauthori[sz]ed|rejected|forbidden|ko)$/i;
const CODE = /^(?:status|code|status_?code)$/i;
const NO = /^(?:0|false|no|ko|nok|-1|null)$/i;
const ERROR = /^(?:error|errors|error_?message|error_?description|error_?code|validation_?errors)$/i;
const WORDS = /^(?:message|msg|detail|title|reason|text)$/i;
const PLACE = /^(?:redirect|redirect_?(?:to|url)|location|url|next)$/i;
const MAX_TEXT = 300;

/**
 * What the answer to a form says of its failure: a page, or JSON or a line of text as scripts of a page read them.
 * @param redirected it is where a redirect led to
 * @param status 201, 204 and 205 say themselves that there is nothing to show
 */
export function formAnswerFailure(
  body: Body,
  sent: SentForm,
  redirected: boolean,
  status = 204,
): TransportError | undefined {
  if (!isJsonObject(sent.data)) return undefined;
  const login = sendsLogin(sent, sent.data);
  if (body.kind === "page") {
    // Servers that forget its type send JSON as a page.
    const written = body.page.text.startsWith("{") ? jsonIn(body.page.text) : undefined;
    return written === undefined ? formFailure(body.page, sent, redirected) : jsonFailure(written, login);
  }
  if (body.kind === "json") {
    return jsonFailure(body.json, login);
  }
  if (body.kind === "empty" || (body.kind === "text" && body.text.trim() === "")) {
    if (login) return unproven("the answer is empty: nothing shows that the login worked");
    return status === 200 && !redirected ? unproven("the answer is empty") : undefined;
  }
  if (body.kind !== "text") return undefined;
  const text = body.text.trim();
  if (text.length > MAX_TEXT) return undefined;
  const own = withoutSent(sent.data)(text);
  const refuses =
    messageVerdict(own) === "refused" || (login && (NO.test(text) || refusedLogin(own) !== undefined));
  return refuses ? failure(text, login ? 401 : 422) : undefined;
}

function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}

function jsonFailure(json: Json, login: boolean): TransportError | undefined {
  if (login && json === false) return failure("the answer is false", 401);
  if (login && (json === null || json === "" || (isJsonObject(json) && Object.keys(json).length === 0)))
    return unproven("the answer is empty: nothing shows that the login worked");
  if (!isJsonObject(json)) return undefined;
  const inner = Object.values(json).filter(isJsonObject);
  for (const one of inner.length === 1 ? [json, ...inner] : [json]) {
    const said = failureIn(one, login);
    if (said !== undefined) return failure(said, login ? 401 : 422);
  }
  return undefined;
}

function failureIn(json: JsonObject, login: boolean): string | undefined {
  const words = wordsIn(json);
  for (const name in json) {
    const value = json[name] as Json;
    const fails =
      (FLAG.test(name) && (value === false || value === 0 || value === "false")) ||
      (STATE.test(name) && typeof value === "string" && FAILED.test(value)) ||
      (CODE.test(name) && isNumber(value) && Number(value) >= 400 && Number(value) < 600) ||
      (ERROR.test(name) && saysError(value)) ||
      (login && PLACE.test(name) && typeof value === "string" && isSignInPlace(barePath(value)));
    if (fails) return words ?? `the answer says "${name}": ${writeJson(value).slice(0, MAX_TEXT)}`;
  }
  return login && words !== undefined && refusedLogin(words) !== undefined ? words : undefined;
}

/** Whether a member that is there for errors holds one. */
function saysError(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return value === true || (typeof value === "string" && value !== "");
}

function wordsIn(json: JsonObject): string | undefined {
  for (const name in json) {
    const value = json[name];
    if (WORDS.test(name) && typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
