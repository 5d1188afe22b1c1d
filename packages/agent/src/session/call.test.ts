import type { PageForm } from "@ape/core/protocol/page";
import { expect, test } from "vitest";
import { makeCall } from "./call.ts";
import { type ActionDecision, bodyText, callText, shownHeaders } from "./call-rendering.ts";

const VALUES: Record<string, string> = {
  password: "hunter22",
  next: "/things?page=2",
  link: "http://127.0.0.1:4010/api/things/7",
  foreign: "http://192.0.2.1/things/7",
};
const values = {
  read: (name: string): string | undefined => VALUES[name],
  explain: (name: string): string => `nothing is known as {{${name}}}`,
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
const make = (more: Partial<ActionDecision>) => makeCall(action(more), "http://127.0.0.1:4010/api/", values);

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
  expect(make({ path: "{{foreign}}" })).toMatch(
    /^\{\{foreign\}\} is not within the API; write the path from \//,
  );
});

test("the target's full URL is a path, and counted as a repair", () => {
  const decision = action({ path: "http://127.0.0.1:4010/api?page=2" });
  expect(makeCall(decision, "http://127.0.0.1:4010/api/", values)).toMatchObject({ path: "/?page=2" });
  expect(decision.repairs).toEqual(["path"]);
  for (const path of [
    "http://127.0.0.1:4010/apis/a",
    "http://127.0.0.1:40101/api/a",
    "http://127.0.0.1:4010/api@x/a",
    "https://a.test/",
  ])
    expect(make({ path })).toMatch(/write the path from \//);
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

test("placeholders are filled in variables, arguments and forms; a form brings where it goes", () => {
  expect(make({ graphql: { query: "{ a }", variables: { p: "{{password}}" } } })).toMatchObject({
    method: "POST",
    path: "",
    graphql: { query: "{ a }", variables: { p: "hunter22" } },
  });
  expect(make({ call: { name: "t", arguments: { p: "{{nobody}}" } } })).toBe(
    "nothing is known as {{nobody}}",
  );
  const form: PageForm = {
    id: "in",
    label: "Enter",
    method: "POST",
    path: "/enter",
    enctype: "application/x-www-form-urlencoded",
    controls: [
      { name: "csrf", type: "hidden", label: "", value: "c1", required: false },
      { name: "pw", type: "password", label: "", value: "", required: true },
    ],
  };
  const decision = action({ path: "", form: { fields: { pw: "{{password}}" } } });
  expect(makeCall(decision, undefined, values, [form])).toEqual({
    target: "shop",
    method: "POST",
    path: "/enter",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    data: { csrf: "c1", pw: "hunter22" },
  });
  expect(callText(decision, 200)).toBe('submit_form in "Enter" {"pw":"{{password}}"}');
  expect(make({ form: { fields: {} } })).toBe("the last page has no form");
});

test("calls of other kinds read as what they are", () => {
  const text = (more: Partial<ActionDecision>) => callText(action({ path: "", ...more }), 200);
  expect(text({ graphql: { query: "query X { a: things { id } }", variables: { n: 1 } } })).toBe(
    'query things {"n":1}',
  );
  expect(text({ graphql: { query: "mutation { pay }" } })).toBe("mutation pay mutation { pay }");
  expect(
    text({ graphql: { query: "query a { x } mutation b { y }", operationName: "b", variables: {} } }),
  ).toBe("mutation y {}");
  expect(text({ call: { name: "sum", arguments: { a: 1 } } })).toBe('tool sum {"a":1}');
  expect(text({ method: "GET", path: "/a", label: 'Say "hi"' })).toBe('GET /a "Say \\"hi\\""');
});

test("a path outside of the API is named by its first 80 characters", () => {
  const path = `ftp://192.0.2.1/${"x".repeat(100)}`;
  expect(make({ path })).toBe(
    `${path.slice(0, 80)} is not within the API; write the path from /, such as /products`,
  );
});
