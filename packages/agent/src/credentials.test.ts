import type { ApiAuth, ApiDescription } from "@ape/core/api";
import type { ToolCall } from "@ape/core/tool-call";
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
  const query = of([{ type: "query", name: "key" }]);
  query.keepToken("shop", "key", "k2");
  expect(call(query).query).toEqual({ key: "k2" });
});

test("an undocumented API gets a bearer token, one with cookies only gets none", () => {
  const unknown = of([], false);
  expect(unknown.keepToken("shop", "token", "t")).toBe(true);
  expect(call(unknown).headers).toEqual({ authorization: "Bearer t" });
  const cookies = of([{ type: "cookie", name: "sid" }]);
  expect(cookies.keepToken("shop", "token", "t")).toBe(false);
  expect(call(cookies).headers).toEqual({});
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
  expect([...one.secrets()]).toContain("abc");
});

test("a dropped token is no longer sent, a header of the call wins", () => {
  const credentials = of([{ type: "bearer" }]);
  credentials.keepToken("shop", "accessToken", "t1");
  expect(call(credentials, "/", { authorization: "mine" }).headers).toEqual({ authorization: "mine" });
  expect(credentials.dropToken("shop")).toBe("accessToken");
  expect(call(credentials).headers).toEqual({});
});
