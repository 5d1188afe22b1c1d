import { expect, test } from "vitest";
import { makeCall } from "./call.ts";
import { type ActionDecision, bodyText, callText, shownHeaders } from "./call-text.ts";

const VALUES: Record<string, string> = {
  password: "hunter22",
  next: "/things?page=2",
  link: "http://127.0.0.1:4010/api/things/7",
  foreign: "http://192.0.2.1/things/7",
};
const action = (more: Partial<ActionDecision>): ActionDecision => ({
  kind: "action",
  tool: "http_post",
  args: {},
  target: "shop",
  method: "POST",
  path: "/login",
  ...more,
});
const make = (more: Partial<ActionDecision>) =>
  makeCall(action(more), "http://127.0.0.1:4010/api/", (name) => VALUES[name]);

test("placeholders are filled in everywhere, header names are lower case", () => {
  expect(
    make({ query: { p: "{{password}}" }, headers: { "X-Pin": "{{password}}" }, data: ["{{password}}"] }),
  ).toEqual({
    target: "shop",
    method: "POST",
    path: "/login",
    query: { p: "hunter22" },
    headers: { "x-pin": "hunter22" },
    data: ["hunter22"],
  });
});

test("a link of the target's own is a path, one to elsewhere is refused without telling the value", () => {
  expect(make({ path: "{{next}}" })).toMatchObject({ path: "/things?page=2" });
  expect(make({ path: "{{link}}" })).toMatchObject({ path: "/things/7" });
  expect(make({ path: "{{foreign}}" })).toMatch(/must begin with \/, which \{\{foreign\}\}/);
});

test("a name that nobody knows is told, wherever it stands", () => {
  for (const more of [
    { path: "/{{who}}" },
    { query: { q: "{{who}}" } },
    { headers: { q: "{{who}}" } },
    { data: { a: [{ b: "{{who}}" }] } },
  ])
    expect(make(more)).toBe("nothing is known as {{who}}");
});

test("a call's text is as it was decided, and bounded", () => {
  const decision = action({ query: { q: [1, 2] }, data: { password: "{{password}}" } });
  expect(callText(decision, 200)).toBe('POST /login?q=1,2 {"password":"{{password}}"}');
  expect(callText(action({ data: "x".repeat(900) }), 200)).toHaveLength(200);
});

test("bodies and headers for records are bounded", () => {
  const result = {
    status: 500,
    headers: { location: `/x?token=${"t".repeat(900)}`, "set-cookie": ["a=b"] },
    timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
    attempts: [],
    operation: "GET /x",
  };
  const json = Array.from({ length: 5_000 }, (_, n) => ({ n }));
  expect(bodyText({ ...result, body: { kind: "json", json, bytes: 50_000 } }).length).toBeLessThan(4_100);
  expect(bodyText({ ...result, body: { kind: "json", json: { a: 1 }, bytes: 7 } })).toBe('{"a":1}');
  const shown = shownHeaders({ ...result, body: { kind: "empty" } }, (text) =>
    text.replace("token", "secret"),
  );
  expect(Object.keys(shown ?? {})).toEqual(["location"]);
  expect(shown?.location).toMatch(/^\/x\?secret=t+$/);
  expect(shown?.location).toHaveLength(300);
});
