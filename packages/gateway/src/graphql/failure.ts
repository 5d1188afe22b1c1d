import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { TransportError } from "@ape/core/protocol/tool-call";
import { statusFromText } from "../status-from-text.ts";

/** Longest message that is kept, in characters. */
const MAX_MESSAGE = 400;

/** Common error codes, by the equivalent HTTP status. */
const STATUS: readonly (readonly [RegExp, number])[] = [
  [/^(?:UNAUTHENTICATED|UNAUTHORIZED|NOT_AUTHENTICATED)$/, 401],
  [/^FORBIDDEN$/, 403],
  [/NOT_FOUND$/, 404],
  [/CONFLICT|ALREADY_EXISTS/, 409],
  [/^(?:BAD_USER_INPUT|BAD_REQUEST|INVALID_ARGUMENT|GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED)$/, 400],
  [/RATE_LIMIT|TOO_MANY_REQUESTS/, 429],
  [/^(?:INTERNAL_SERVER_ERROR|INTERNAL|INTERNAL_ERROR)$/, 500],
  // What is unavailable or timed out can be a thing or a session: BOOK_UNAVAILABLE, SESSION_TIMEOUT.
  [/^(?:(?:SERVICE|SERVER|UPSTREAM|DOWNSTREAM|BACKEND|TEMPORARILY)_)?UNAVAILABLE$/, 503],
  [/^(?:(?:GATEWAY|UPSTREAM|DOWNSTREAM|BACKEND|SERVICE)_)?TIME_?OUT$|^DEADLINE_EXCEEDED$/, 504],
];
/**
 * The failure in an answer's `errors`, or undefined without one. An answer of status 200 can hold them (GraphQL over
 * HTTP, section 6.4.1), with or without partial data.
 */
export function failureOf(json: Json, status: number): TransportError | undefined {
  if (!isJsonObject(json)) return { code: "contract", message: "the answer is no GraphQL answer" };
  const { errors } = json;
  if (!Array.isArray(errors) || errors.length === 0)
    // Data is null only where an error prevented it (GraphQL, section 7.1.1).
    return (json.data !== undefined && json.data !== null) || status >= 400
      ? undefined
      : { code: "contract", message: "the answer has neither data nor errors" };
  const [first] = errors.filter(isJsonObject);
  const message = typeof first?.message === "string" ? first.message : "unknown error";
  const extensions = isJsonObject(first?.extensions) ? first.extensions : {};
  const code = typeof extensions.code === "string" ? extensions.code : "";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return {
    code: "failure",
    message: `${code === "" ? "" : `${code}: `}${message}${more}`.slice(0, MAX_MESSAGE),
    like: likeOf(extensions, code, status) ?? statusFromText(message),
  };
}

function likeOf(extensions: JsonObject, code: string, status: number): number | undefined {
  const own = isJsonObject(extensions.http) ? extensions.http.status : undefined;
  if (typeof own === "number" && own >= 400 && own < 600) return own;
  return statusOfCode(code) ?? (status >= 400 ? status : undefined);
}

/** The HTTP status that corresponds to a common error code. */
export function statusOfCode(code: string): number | undefined {
  return STATUS.find(([pattern]) => pattern.test(code))?.[1];
}

/** Whether the only error is that the server does not know a persisted query, or supports none. */
export function persistedQueryError(json: Json): "unknown" | "unsupported" | undefined {
  const errors = isJsonObject(json) && Array.isArray(json.errors) ? json.errors : [];
  const text = errors
    .filter(isJsonObject)
    .map(
      ({ message, extensions }) =>
        `${String(message)} ${isJsonObject(extensions) ? String(extensions.code) : ""}`,
    )
    .join(" ");
  if (/PersistedQueryNotFound|PERSISTED_QUERY_NOT_FOUND/.test(text)) return "unknown";
  return /PersistedQueryNotSupported|PERSISTED_QUERY_NOT_SUPPORTED|PersistedQueryOnly/.test(text) ||
    (errors.length > 0 && /must provide query|no query|missing query/i.test(text))
    ? "unsupported"
    : undefined;
}
