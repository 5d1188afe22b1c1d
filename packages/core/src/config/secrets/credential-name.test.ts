import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../lib/json.ts";
import { parseJson } from "../../lib/lossless-number.ts";
import { canBeCredential, credentialName, PREFERENCE } from "./credential-name.ts";

test.each([
  ["token", "token"],
  ["authToken", "token"],
  ["xAuthToken", "token"],
  ["X-Auth-Token", "token"],
  ["jwt", "token"],
  ["jwtToken", "token"],
  ["accessToken", "access"],
  ["access_token", "access"],
  ["access-token", "access"],
  ["ACCESS_TOKEN", "access"],
  ["accesstoken", "access"],
  ["AccessToken2", "access"],
  ["accessTokenValue", "access"],
  ["id_token", "id"],
  ["idToken", "id"],
  ["apiKey", "key"],
  ["apikey", "key"],
  ["API-KEY", "key"],
  ["sessionKey", "session"],
  ["sessionId", "session_id"],
  ["SESSION_ID", "session_id"],
  ["sessionid", "session_id"],
  ["partnerToken", "other"],
] as const)("%s is a credential that calls can show", (name, kind) => {
  expect(credentialName(name)?.preference).toBe(PREFERENCE[kind]);
});

test.each([
  "refreshToken",
  "refresh_token",
  "REFRESH-TOKEN",
  "csrf_token",
  "xsrfToken",
  "password",
  "temporaryPassword",
  "new_password",
  "client_secret",
  "clientSecret",
  "privateKey",
  "private_key_pem",
  "ticket",
  "recoveryCodes",
  "credentials",
  "device-token",
  "passwordResetToken",
])("%s is a secret that is shown to no API of itself", (name) => {
  expect(credentialName(name)).toBeDefined();
  expect(credentialName(name)?.preference).toBeUndefined();
});

test.each([
  "nextPageToken",
  "next_page_token",
  "continuationToken",
  "pageToken",
  "NextToken",
  "syncToken",
  "cursor",
  "tokenType",
  "token_type",
  "expiresIn",
  "tokenExpiresAt",
  "max_tokens",
  "completion_tokens",
  "totalTokens",
  "passwordPolicy",
  "passwordChangedAt",
  "secretSanta",
  "keyboard",
  "key",
  "monkey",
  "primaryKey",
  "foreign_key",
  "traceparent",
  "tracestate",
  "id",
  "orderId",
  "code",
  "countryCode",
  "author",
  "secretary",
  "broken",
  "tokenized",
  "ticketCount",
  "jwtEnabled",
])("%s is no credential", (name) => {
  expect(credentialName(name)).toBeUndefined();
});

const can = (name: string, value: Parameters<typeof canBeCredential>[2]): boolean => {
  const found = credentialName(name);
  return found !== undefined && canBeCredential(name, found, value);
};

test.each([
  ["token", "12|abcdefghijklmnop"],
  ["token", "ab12cd"],
  ["token", 839201741234],
  ["token", parseJson("83920174123412345678") as Json],
  ["token", "Bearer abcdefgh12345"],
  ["token", "user:abcdefghijkl"],
  ["token", 'say "é" twice'],
  ["token", "x".repeat(9_000)],
  ["tokens", "abcd-efgh"],
  ["password", "open sesame"],
  ["sessionId", "SESSID-aaaa1111"],
  ["ticket", "ST-1856339-aA5Yuvrxzpv8Tau1cYQ7"],
  ["ticket", "tick-abcd1234"],
  ["authorization", "Bearer abcdefgh"],
] as const)("a %s can be %s", (name, value) => {
  expect(can(name, value)).toBe(true);
});

test.each([
  ["token", "true"],
  ["token", true],
  ["token", "1"],
  ["token", 5],
  ["token", ""],
  ["token", "***"],
  ["token", "Bearer"],
  ["tokens", 5],
  ["tokens", 123456789],
  ["secret", "none"],
  ["password", "REDACTED"],
  ["ticket", 4711],
  ["ticket", 47114711],
  ["ticket", "HD-47114711"],
  ["ticket", "2026-0012-4"],
  ["ticket", "the printer is on fire"],
  ["session", "morning-keynote"],
  ["session", "Session 1 of 20"],
  ["authorization", "approved"],
  ["sessionId", 123456789],
] as const)("a %s cannot be %s", (name, value) => {
  expect(can(name, value)).toBe(false);
});

test("how the words of a name are joined makes no difference", () => {
  const words = fc.constantFrom<string[]>(
    ["access", "token"],
    ["x", "auth", "token"],
    ["client", "secret"],
    ["api", "key"],
    ["next", "page", "token"],
    ["token", "type"],
    ["refresh", "token"],
    ["session", "id"],
  );
  const cap = (word: string): string => (word[0] ?? "").toUpperCase() + word.slice(1);
  const joins = fc.constantFrom<(all: string[]) => string>(
    (all) => all.join("_"),
    (all) => all.join("-"),
    (all) => all.join("."),
    (all) => all.join(" "),
    (all) => all.join("_").toUpperCase(),
    (all) => all.join("-").toUpperCase(),
    (all) => all.map(cap).join(""),
    (all) => all.map(cap).join("-"),
  );
  fc.assert(
    fc.property(words, joins, (all, join) => {
      expect(credentialName(join(all))).toEqual(credentialName(all.join("_")));
    }),
  );
});

test("any name is read", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(credentialName(name)).toEqual(credentialName(name));
    }),
  );
  expect(credentialName("__proto__")).toBeUndefined();
});
