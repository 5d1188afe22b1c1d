import { expect, test } from "vitest";
import { statusError } from "../server/wire-error.ts";
import { failedResponse } from "../upstream/failed-attempt.ts";
import type { UpstreamResponse } from "../upstream/upstream.ts";
import { keyRefusal } from "./key-refusal.ts";

/** An answer with an error of this status, within an answer of another one if it differs. */
function refused(status: number, said: string | object, within = status): UpstreamResponse {
  const refusal = typeof said === "string" ? said : JSON.stringify({ error: said });
  return { ...failedResponse(statusError(status, refusal), 0), status: within, refusal };
}

test.each<[string, UpstreamResponse, number]>([
  ["401", refused(401, { message: "no" }), 401],
  ["402", refused(402, { message: "credits" }), 402],
  ["no money, 429", refused(429, { code: "insufficient_quota", message: "quota" }), 429],
  ["403", refused(403, { message: "the account is over its spending limit" }), 403],
  ["Gemini, 400", refused(400, { message: "API key not valid. Please pass a valid API key." }), 400],
  ["Gemini, expired", refused(400, { message: "API key expired. Please renew the API key." }), 400],
  [
    "Groq, 400",
    refused(400, { code: "organization_restricted", message: "Organization has been restricted." }),
    400,
  ],
  ["OpenRouter, 401 within 200", refused(401, { code: 401, message: "User not found" }, 200), 401],
  ["OpenRouter, 402 within 200", refused(402, { code: 402, message: "Insufficient credits" }, 200), 402],
])("a key is refused: %s", (_who, answer, status) => {
  expect(keyRefusal(answer)).toBe(status);
});

test.each<[string, UpstreamResponse]>([
  ["another fault of a request", refused(400, { message: "messages: too many items" })],
  ["a limit", refused(429, { message: "slow down" })],
  ["moderation", refused(403, { message: "your input was flagged by moderation" })],
  ["a page of a firewall", refused(403, "<!doctype html><title>Blocked</title>")],
  ["a failure", refused(500, { message: "API key service: key not found" })],
  ["another error within 200", refused(502, { code: 502, message: "overloaded" }, 200)],
  [
    "no error",
    { ...failedResponse({ code: "refused", status: 0, message: "" }, 0), error: undefined, status: 401 },
  ],
])("no key is refused: %s", (_who, answer) => {
  expect(keyRefusal(answer)).toBeUndefined();
});

test("an error within an answer counts by the answer's own status, unless that is good", () => {
  const within = (status: number) => keyRefusal(refused(401, { message: "no" }, status));
  expect([199, 200, 299, 300, 500].map(within)).toEqual([undefined, 401, 401, undefined, undefined]);
});
