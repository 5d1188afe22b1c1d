import { expect, test } from "vitest";
import { RequestGuard } from "./request-guard.ts";

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
