import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { barePath, isSignInPlace } from "@ape/core/protocol/sign-in";
import type { Body, TransportError } from "@ape/core/protocol/tool-call";
import { isLogin } from "./login-failure.ts";
import { refusedLogin, verdictOf } from "./message-words.ts";
import { failure, type SentForm, unproven, withoutSent } from "./sent-form.ts";

const FLAG = /^(?:is_?)?(?:ok|success(?:ful)?|succeeded|valid|authenticated|logged_?in)$/i;
const STATE = /^(?:status|result|outcome|type)$/i;
const FAILED = /^(?:error|err|fail|failed|failure|invalid|denied|unauthori[sz]ed|rejected|forbidden|ko)$/i;
const ERROR = /^(?:error|errors|error_?message|error_?description|error_?code|validation_?errors)$/i;
const WORDS = /^(?:message|msg|detail|title|reason|text)$/i;
const PLACE = /^(?:redirect|redirect_?(?:to|url)|location|url|next)$/i;
const MAX_TEXT = 300;

/** What an answer to a form that is no page says of its failure: JSON or a line of text, as scripts of a page read it. */
export function answerFailure(body: Body, sent: SentForm): TransportError | undefined {
  if (!isJsonObject(sent.data)) return undefined;
  const login = isLogin(sent, sent.data);
  const like = login ? 401 : 422;
  if (body.kind === "json") {
    const said = isJsonObject(body.json) ? failureIn(body.json, login) : undefined;
    return said === undefined ? undefined : failure(said, like);
  }
  if (login && (body.kind === "empty" || (body.kind === "text" && body.text.trim() === "")))
    return unproven("the answer is empty: nothing shows that the login worked");
  if (body.kind !== "text") return undefined;
  const text = body.text.trim();
  if (text.length > MAX_TEXT) return undefined;
  const own = withoutSent(sent.data)(text);
  const refuses = verdictOf(own) === "refused" || (login && refusedLogin(own) !== undefined);
  return refuses ? failure(text, like) : undefined;
}

function failureIn(json: JsonObject, login: boolean): string | undefined {
  const words = wordsIn(json);
  for (const name in json) {
    const value = json[name] as Json;
    const fails =
      (FLAG.test(name) && (value === false || value === 0 || value === "false")) ||
      (STATE.test(name) && typeof value === "string" && FAILED.test(value)) ||
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
