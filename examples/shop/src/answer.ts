/** What an operation answers, before it is put on the wire. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What is wrong with each named part of a request, in words that do not repeat the name. */
export type FieldErrors = Record<string, string>;

/** An error answer: `{error: {code, message, fields?}}`. */
export function problem(
  status: number,
  code: string,
  message: string,
  more: { fields?: FieldErrors; headers?: Record<string, string> } = {},
): Answer {
  const error = more.fields === undefined ? { code, message } : { code, message, fields: more.fields };
  return more.headers === undefined
    ? { status, body: { error } }
    : { status, body: { error }, headers: more.headers };
}

/** 422: the request was understood, but parts of it cannot be accepted. */
export function invalid(fields: FieldErrors): Answer {
  return problem(422, "invalid_request", "Parts of the request are missing or not acceptable.", { fields });
}

/** 401, with the challenge that RFC 6750 (section 3) asks for. */
export function unauthorized(code: string, message: string): Answer {
  const challenge = code === "not_logged_in" ? "Bearer" : `Bearer error="invalid_token"`;
  return problem(401, code, message, { headers: { "www-authenticate": challenge } });
}
