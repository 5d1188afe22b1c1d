import type { ApiAuth, ApiDescription } from "@ape/core/protocol/api";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { Credentials } from "./credentials.ts";

const api = (auth: ApiAuth[], documented = true): ApiDescription => ({
  target: "shop",
  title: "",
  documented,
  auth,
  operations: [],
});
const of = (auth: ApiAuth[], documented = true): Credentials =>
  new Credentials([api(auth, documented)], { shop: "http://127.0.0.1:4010/api" });
const call = (credentials: Credentials, path = "/cart", headers?: Record<string, string>): ToolCall => {
  const sent: ToolCall = {
    target: "shop",
    method: "GET",
    path,
    ...(headers === undefined ? {} : { headers }),
  };
  credentials.attach(sent);
  return sent;
};

test("a token is shown as the document says: bearer, header or query", () => {
  const bearer = of([{ type: "bearer" }, { type: "cookie", name: "sid" }]);
  bearer.keepToken("shop", "accessToken", "t1");
  expect(call(bearer).headers).toEqual({ authorization: "Bearer t1" });
  const header = of([{ type: "header", name: "X-Key" }]);
  header.keepToken("shop", "key", "k1");
  expect(call(header).headers).toEqual({ "x-key": "k1" });
  const worded = of([{ type: "header", name: "Authorization", prefix: "Token" }]);
  worded.keepToken("shop", "token", "k3");
  expect(call(worded).headers).toEqual({ authorization: "Token k3" });
  const query = of([{ type: "query", name: "key" }]);
  query.keepToken("shop", "key", "k2");
  expect(call(query).query).toEqual({ key: "k2" });
});

test("with several schemes each token goes where it belongs", () => {
  const both = of([{ type: "header", name: "X-Api-Key" }, { type: "bearer" }]);
  both.keepToken("shop", "zilo", "k1", "The API key of this device.");
  both.keepToken("shop", "accessToken", "t1");
  expect(call(both).headers).toEqual({ "x-api-key": "k1", authorization: "Bearer t1" });
  both.keepToken("shop", "accessToken", "t2");
  expect(call(both).headers).toEqual({ "x-api-key": "k1", authorization: "Bearer t2" });
  expect(both.dropTokens("shop")).toEqual(["zilo", "accessToken"]);
});

test("where the document names no scheme a token is a bearer token", () => {
  for (const documented of [true, false]) {
    const unknown = of([], documented);
    expect(unknown.keepToken("shop", "token", "t")).toBe(true);
    expect(call(unknown).headers).toEqual({ authorization: "Bearer t" });
  }
});

test("a token for a cookie scheme is a cookie, unless the target has set that cookie itself", () => {
  const cookies = of([{ type: "cookie", name: "sid" }]);
  expect(cookies.takesToken("shop")).toBe(false);
  cookies.keepToken("shop", "token", "t");
  expect(call(cookies).headers).toEqual({ cookie: "sid=t" });
  cookies.keepCookies("shop", "/login", "sid=own; Path=/");
  expect(call(cookies).headers).toEqual({ cookie: "sid=own" });
});

test("cookies keep to their path, expire, and are the session's own", () => {
  const one = of([]);
  const two = of([]);
  one.keepCookies("shop", "/login", [
    "sid=abc; Path=/; HttpOnly",
    "adm=1; Path=/api/admin",
    "old=1; Max-Age=0; Path=/",
  ]);
  expect(call(one).headers).toEqual({ cookie: "sid=abc" });
  expect(call(one, "/admin/x").headers?.cookie?.split("; ").sort()).toEqual(["adm=1", "sid=abc"]);
  expect(call(two).headers).toEqual({});
  one.keepCookies("shop", "/login", "evil=1; Domain=other.example; Path=/");
  expect(call(one).headers).toEqual({ cookie: "sid=abc" });
});

test("a dropped token is no longer sent, a header of the call wins", () => {
  const credentials = of([{ type: "bearer" }]);
  credentials.keepToken("shop", "accessToken", "t1");
  expect(call(credentials, "/", { authorization: "mine" }).headers).toEqual({ authorization: "mine" });
  expect(credentials.dropTokens("shop")).toEqual(["accessToken"]);
  expect(call(credentials).headers).toEqual({});
});

test("signed in is who holds a token or the named cookie and has not signed out", () => {
  const token = of([{ type: "bearer" }]);
  expect(token.signedIn("shop")).toBe(false);
  token.keepToken("shop", "accessToken", "t1");
  expect(token.signedIn("shop")).toBe(true);
  token.signOut("shop");
  expect(token.signedIn("shop")).toBe(false);
  expect(call(token).headers).toEqual({ authorization: "Bearer t1" });
  const cookie = of([{ type: "cookie", name: "sid" }]);
  cookie.keepCookies("shop", "/", "lang=en; Path=/");
  expect(cookie.signedIn("shop")).toBe(false);
  cookie.keepCookies("shop", "/login", "sid=abc; Path=/");
  expect(cookie.signedIn("shop")).toBe(true);
});

test("cookies that a call asks for are added to the session's own, which win", () => {
  const session = of([{ type: "cookie", name: "sid" }]);
  session.keepCookies("shop", "/login", "sid=own; Path=/");
  const asked = {
    target: "shop",
    method: "GET",
    path: "/",
    headers: { Cookie: "lang=de; sid=stolen" },
  } as const;
  const one = { ...asked, headers: { ...asked.headers } };
  session.attach(one);
  expect(one.headers).toEqual({ cookie: "sid=own; lang=de" });
});

test("a user and a password go with each call where the document says so, until they are refused", () => {
  const basic = of([{ type: "basic" }]);
  expect(basic.basicTargets()).toEqual(["shop"]);
  expect(of([{ type: "bearer" }]).basicTargets()).toEqual([]);
  expect([basic.takesToken("shop"), basic.holdsToken("shop")]).toEqual([false, false]);
  expect(basic.keepUser("shop", "Aladdin", "open sesame")).toBe("QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  expect(call(basic).headers).toEqual({ authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" });
  expect(call(basic, "/cart", { authorization: "Bearer own" }).headers).toEqual({
    authorization: "Bearer own",
  });
  expect([basic.standing("shop", 0), basic.signedIn("shop")]).toEqual(["held", true]);
  basic.dropTokens("shop");
  expect(call(basic).headers).toEqual({});
});

test("a token that is issued beside them is a bearer token", () => {
  const basic = of([{ type: "basic" }]);
  basic.keepUser("shop", "ada", "secret");
  basic.keepToken("shop", "token", "t1");
  expect(call(basic).headers?.authorization).toMatch(/^(?:Bearer t1|Basic )/);
});
