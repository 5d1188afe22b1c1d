import { isComposite, isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";

const SUCCESS = /^(?:is_?)?(?:ok|success(?:ful)?|succeeded)$/i;
const FAILED_FLAG = /^(?:is_?|has_?)?(?:error|errors|failure|failed)$/i;
/** Numbers of errors by their name: 0 is none. */
const ERROR_NUMBER = /^err(?:or)?_?(?:code|no|num|number|id)$/i;
/** Names of an envelope: what an answer says of the call, beside the data of the call. */
const ENVELOPE =
  /^(?:(?:is_?)?(?:ok|success(?:ful)?|succeeded)|(?:is_?|has_?)?(?:errors?|failures?|failed)|status(?:_?(?:code|text|message))?|http_?status(?:_?code)?|result(?:_?code)?|outcome|ack|code|sub_?code|messages?|msg|reason|details?|description|title|type|hints?|(?:err|error)_?(?:code|no|num|number|id|msg|message|messages|description|detail|details|type|list)|data|payload|content|body|meta|warnings?|time_?stamp|time|path|instance|(?:trace|request|correlation)_?id|version|jsonrpc|id)$/i;
const OUTCOME_FIELD = /^(?:status|result|outcome|ack)$/i;
/** What is `failed` can be a thing: its status is no word of an envelope. */
const FAILED = /^(?:error|fail(?:ure)?|ko|nok|unsuccessful)$/i;
/** Members that say why, or what is wrong. */
const SAYS_WHY =
  /^(?:messages?|msg|reason|details?|description|errors?|err(?:or)?_?(?:msg|message|description|detail)s?)$/i;
/** An HTTP status of a refusal, also as the beginning of a longer code: 40301. */
const REFUSED_CODE = /^[45]\d\d(?:\d\d)?$/;

/**
 * Finds the failure that an answer with a 2xx status reports: `{"ok": false}`, an error of JSON-RPC 2.0 (section 5.1),
 * errors and no data, a status in its body, or an envelope that says so (JSend and its relatives). A list of answers
 * (207, RFC 4918, section 13) fails if each of them does.
 * @returns the text of the failure; undefined if there is none
 */
export function declaredFailure(json: Json, status = 200): string | undefined {
  if (status === 207) return failureOfAll(json);
  if (!isJsonObject(json)) return undefined;
  for (const name in json) if (json[name] === false && SUCCESS.test(name)) return `"${name}": false`;
  const { jsonrpc, error, errors, data, message } = json;
  if (typeof jsonrpc === "string" && isJsonObject(error as Json)) return "an error of JSON-RPC";
  if (data === null && Array.isArray(errors) && errors.length > 0) return "errors and no data";
  if (
    typeof json.status === "number" &&
    json.status >= 400 &&
    json.status < 600 &&
    typeof (message ?? error) === "string"
  )
    return `"status": ${json.status}`;
  return failureOfEnvelope(json);
}

/** The failure that an envelope without any data reports: an object with members of its own is a resource. */
function failureOfEnvelope(json: JsonObject): string | undefined {
  const names = Object.keys(json);
  if (!names.every((name) => ENVELOPE.test(name))) return undefined;
  const hasData = ["data", "payload", "content", "body", "result"].some((name) => {
    const value = json[name];
    return isComposite(value ?? null) && !isEmpty(value ?? null);
  });
  const saysWhy = names.some((name) => SAYS_WHY.test(name) && !isEmpty(json[name] ?? null));
  for (const name of names) {
    const value = json[name] ?? null;
    if (ERROR_NUMBER.test(name) && isErrorNumber(value)) return `"${name}": ${String(value)}`;
    if (value === true && FAILED_FLAG.test(name)) return `"${name}": true`;
    if (OUTCOME_FIELD.test(name) && typeof value === "string" && FAILED.test(value)) {
      // In JSend the data of a failure is the reason. A resource has its id beside its state.
      if (json.id === undefined && (saysWhy || hasData)) return `"${name}": "${value}"`;
    }
    if (hasData || json.id !== undefined) continue;
    if (/^errors?$/i.test(name) && (typeof value === "string" || isComposite(value)) && !isEmpty(value))
      return `"${name}" and no data`;
    if (/^(?:status_?code|http_?status(?:_?code)?|(?:result_?)?code)$/i.test(name) && saysWhy)
      if (REFUSED_CODE.test(String(isNumber(value) || typeof value === "string" ? value : "")))
        return `"${name}": ${String(value)}`;
  }
  return undefined;
}

const isErrorNumber = (value: Json): boolean =>
  isNumber(value)
    ? Number(value) !== 0
    : typeof value === "string" && value !== "" && !/^(?:0+|ok|none|success|no_?error)$/i.test(value);

const isEmpty = (value: Json): boolean =>
  value === null ||
  value === false ||
  value === "" ||
  (Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0);

/** The failure of a list of answers, where each of them has one. */
function failureOfAll(json: Json): string | undefined {
  const list = Array.isArray(json)
    ? json
    : isJsonObject(json)
      ? Object.values(json).find(Array.isArray)
      : undefined;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const isRefused = (item: Json): boolean =>
    isJsonObject(item) &&
    ["status", "statusCode", "status_code", "code", "httpStatus"].some((name) => {
      const [code = ""] = /\b[1-5]\d\d\b/.exec(String(item[name] ?? "")) ?? [];
      return Number(code) >= 400;
    });
  return list.every(isRefused) ? `each of its ${list.length} answers is a refusal` : undefined;
}
