import { cookieFault, headerNameFault, headerValueFault } from "../protocol/http-field.ts";
import { alternativesOf, ownHeaders } from "./check.ts";
import type { ConfigIssue } from "./issue.ts";
import type { Config } from "./schema.ts";
import type { TargetConfig } from "./target.ts";

/** Headers that a target's configuration may set although agents may not: how it is called, and whether connections stay. */
const OF_TARGETS: ReadonlySet<string> = new Set(["host", "connection"]);
const HOST = /^(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** Headers, cookies and credentials that no request could carry, with their places. */
export function* unsendableHeaders(config: Config): Generator<ConfigIssue> {
  for (const [name, target] of Object.entries(config.targets)) yield* inTarget(target, ["targets", name]);
  const { inference } = config;
  yield* inHeaders(inference.request.headers, ["inference", "request", "headers"]);
  for (const [index, { request }] of inference.fallback.entries())
    yield* inHeaders(request.headers, ["inference", "fallback", index, "request", "headers"]);
  for (const phase of ["setup", "teardown"] as const)
    for (const [index, hook] of config[phase].entries())
      yield* inHeaders(hook.headers, [phase, index, "headers"]);
  for (const [index, { success }] of config.goals.entries())
    for (const [number, config] of success.entries())
      for (const { check, path } of alternativesOf(config)) {
        const headers = ownHeaders(check);
        if (headers !== undefined)
          yield* inHeaders(headers, ["goals", index, "success", number, ...path, "as", "headers"]);
      }
}

/** {@link unsendableHeaders} of one target. */
export function* inTarget(
  { auth, headers, traceHeader }: TargetConfig,
  path: readonly PropertyKey[],
): Generator<ConfigIssue> {
  yield* inHeaders(headers, [...path, "headers"], OF_TARGETS);
  const trace = headerNameFault(traceHeader);
  if (trace !== undefined) yield { path: [...path, "traceHeader"], message: trace };
  if (auth === "none" || "oauth2" in auth) return;
  const at = [...path, "auth"];
  if ("bearer" in auth) {
    const message = headerValueFault("authorization", auth.bearer);
    if (message !== undefined) yield { path: [...at, "bearer"], message };
  } else if ("basic" in auth) {
    const { username, password } = auth.basic;
    // RFC 7617, section 2: a colon ends the user's name; control characters are in neither.
    if (/[:\p{Cc}]/u.test(username))
      yield {
        path: [...at, "basic", "username"],
        message: "a user name of basic credentials has no colon and no control character",
      };
    if (/\p{Cc}/u.test(password))
      yield {
        path: [...at, "basic", "password"],
        message: "a password of basic credentials has no control character",
      };
  } else {
    const { in: place, name, value } = auth.apiKey;
    if (place === "query") return;
    const inCookie = place === "cookie";
    const wrongName = inCookie ? cookieFault(name, "") : headerNameFault(name);
    if (wrongName !== undefined) yield { path: [...at, "apiKey", "name"], message: wrongName };
    const wrongValue = inCookie ? cookieFault("cookie", value) : headerValueFault(name, value);
    if (wrongValue !== undefined) yield { path: [...at, "apiKey", "value"], message: wrongValue };
  }
}

function* inHeaders(
  headers: Readonly<Record<string, string>>,
  path: readonly PropertyKey[],
  permitted: ReadonlySet<string> = new Set(),
): Generator<ConfigIssue> {
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const fault = permitted.has(lower) ? undefined : headerNameFault(name);
    let message = fault ?? headerValueFault(name, value);
    if (lower === "host" && permitted.has(lower) && !HOST.test(value))
      message = "the header host is a name or an address, with a port at most";
    if (lower === "connection" && permitted.has(lower) && !/^(?:close|keep-alive)$/i.test(value))
      message = "the header connection is close or keep-alive";
    if (message !== undefined) yield { path: [...path, name], message };
  }
}
