import { expect, test } from "vitest";
import { RequestGuard, refuseMediaType } from "./request-guard.ts";

const status = (guard: RequestGuard, headers: Record<string, string>): number | undefined =>
  guard.refuse(headers)?.status;

test("a refusal names the next step of its server", () => {
  const hints = { host: "allow it", origin: "open the address", token: "it is printed" };
  const guard = new RequestGuard({ token: "t", hints });
  const message = (headers: Record<string, string>): string | undefined => guard.refuse(headers)?.message;
  expect(message({ host: "evil.example" })).toMatch(/host name; allow it$/);
  expect(message({ host: "localhost", origin: "https://evil.example" })).toMatch(/; open the address$/);
  expect(message({ host: "localhost" })).toMatch(/; it is printed$/);
  expect(new RequestGuard({}).refuse({ host: "evil.example" })?.message).not.toContain(";");
});

test.each([
  "127.0.0.1:80",
  "localhost",
  "LOCALHOST:4020",
  "[::1]:80",
  "127.9.9.9",
  "a.localhost",
  "gateway.example:1",
])("a server on loopback is reached by %s", (host) => {
  const guard = new RequestGuard({ allowedHosts: ["Gateway.example"] });
  expect(status(guard, { host })).toBeUndefined();
  expect(status(guard, { host })).toBeUndefined();
});

test.each([
  "evil.example",
  "mcp_gateway",
  "10.0.0.7",
  "127.0.0.1.evil.example",
  "",
  "[",
  "a b",
  "x@127.0.0.1",
  "127.0.0.1/x",
  "127.0.0.1?",
])("a server on loopback is not reached by %j", (host) => {
  expect(status(new RequestGuard({ token: "t" }), { host, authorization: "Bearer t" })).toBe(403);
});

test.each([
  ["mcp_gateway:3000", undefined],
  ["cerebras_proxy", undefined],
  ["10.0.0.7:9464", undefined],
  ["172.18.0.4", undefined],
  ["[fd00::7]:80", undefined],
  ["host.docker.internal:4020", undefined],
  ["gateway.ape.svc.cluster.local", undefined],
  ["localhost", undefined],
  ["evil.example", 403],
  ["gateway.company.example", 403],
])("a server of containers reached by %s answers %s", (host, wanted) => {
  for (const bound of ["0.0.0.0", "::", "10.0.0.7"])
    expect(status(new RequestGuard({ token: "t", host: bound }), { host, authorization: "Bearer t" })).toBe(
      wanted,
    );
});

test("pages of other sites are refused, by Origin and where a browser sends none by Sec-Fetch-Site", () => {
  const guard = new RequestGuard({ allowedOrigins: ["ui.example"] });
  const host = "127.0.0.1";
  for (const origin of ["http://evil.example", "null", "", "x", "file://", "http://localhost.evil.example"])
    expect(status(guard, { host, origin }), origin).toBe(403);
  for (const origin of [
    "http://localhost:3000",
    "http://[::1]",
    "https://ui.example",
    "https://UI.example:8443",
  ])
    expect(status(guard, { host, origin }), origin).toBeUndefined();
  expect(status(guard, { host, "sec-fetch-site": "cross-site" })).toBe(403);
  expect(status(guard, { host, "sec-fetch-site": "none" })).toBeUndefined();
  expect(
    status(guard, { host, "sec-fetch-site": "cross-site", origin: "https://ui.example" }),
  ).toBeUndefined();
});

test("each refusal has its status and says why", () => {
  const guard = new RequestGuard({ token: "t" });
  const host = "127.0.0.1";
  expect(guard.refuse({ host: "evil.example" })).toEqual({
    status: 403,
    message: "this server is not reached by that host name",
  });
  expect(guard.refuse({ host, origin: "null" })).toEqual({
    status: 403,
    message: "pages of that origin may not call",
  });
  expect(guard.refuse({ host, "sec-fetch-site": "cross-site" })).toEqual({
    status: 403,
    message: "pages of other sites may not call",
  });
  expect(guard.refuse({ host })).toEqual({
    status: 401,
    message: "this server needs its token as a bearer token",
  });
  expect(guard.refuse({ host, authorization: "Bearer t" })).toBeUndefined();
  expect(guard.refuse({ host, authorization: "Bearer T" })?.status).toBe(401);
  expect(guard.refuse({ host }, true)).toBeUndefined();
  expect(guard.refuse({ host: "evil.example" }, true)?.status).toBe(403);
  expect(new RequestGuard({}).refuse({ host })).toBeUndefined();
  expect(new RequestGuard({}).refuse({})?.status).toBe(403);
});

test("more host names than are cached stay allowed and refused", () => {
  const guard = new RequestGuard({});
  for (let round = 0; round < 2; round += 1)
    for (let n = 0; n < 70; n += 1) {
      expect(status(guard, { host: `a${n}.localhost` })).toBeUndefined();
      expect(status(guard, { host: `a${n}.example` })).toBe(403);
    }
});

test("a server that is bound to the unspecified address is reached as one of containers, one on loopback is not", () => {
  for (const [bound, wanted] of [
    ["0.0.0.0", undefined],
    ["::", undefined],
    ["10.0.0.7", undefined],
    ["127.0.0.1", 403],
    ["::1", 403],
    ["localhost", 403],
  ] as const)
    expect(status(new RequestGuard({ host: bound }), { host: "10.0.0.9" }), bound).toBe(wanted);
  expect(status(new RequestGuard({ host: "Own.example" }), { host: "own.example" })).toBeUndefined();
});

test.each<[string | undefined, boolean]>([
  [undefined, true],
  ["application/json", true],
  ["Application/JSON; charset=utf-8", true],
  ["application/problem+json", true],
  ["application/a.b-c+json ;x", true],
  ["application/jsonp", false],
  ["text/json", false],
  ["x application/json", false],
  ["application/+json", false],
  ["text/plain", false],
])("a body of the type %j is accepted: %j", (type, accepted) => {
  const refusal = refuseMediaType(type === undefined ? {} : { "content-type": type });
  expect(refusal).toEqual(
    accepted ? undefined : { status: 415, message: "the body must have the content type application/json" },
  );
});
