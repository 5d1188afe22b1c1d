import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { type MethodOverrides, methodOverridesOf } from "./method-override.ts";

const NONE: MethodOverrides = {
  methods: [],
  paths: [],
  routes: [],
  prefixes: [],
  possible: [],
  requests: [],
};
const named = (part: Partial<MethodOverrides> | undefined): MethodOverrides | undefined =>
  part === undefined ? undefined : { ...NONE, ...part };

test.each<[string, string, Partial<MethodOverrides> | undefined]>([
  ["x-http-method-override", "put", { methods: ["PUT"] }],
  ["X_HTTP_Method", "anything", { methods: ["ANYTHING"] }],
  ["x-method", "put", { methods: ["PUT"] }],
  ["x-tunneling-method", "put", { methods: ["PUT"] }],
  ["x-tunneling-method", "anything", undefined],
  ["x-my-verb", "put", { methods: ["PUT"] }],
  ["myhttpmethodname", "put", { methods: ["PUT"] }],
  ["methodoverride", "put", { methods: ["PUT"] }],
  ["x-methods", "put", undefined],
  ["access-control-request-method", "put", undefined],
  ["x-original-url", "/a?_method=put", { paths: ["/a"], methods: ["PUT"] }],
  ["x-original-url", "/a,/b", { paths: ["/a,/b", "/a", "/b"] }],
  ["x-rewrite-url", '"b"', { paths: ["/b"] }],
  ["x-forwarded-uri", "https://h.test/c#d", { paths: ["/c"] }],
  ["x-original-request-path", "/a", { paths: ["/a"] }],
  ["path-info", "/a", { paths: ["/a"] }],
  ["x-original-urls", "/a", undefined],
  ["x-url", "/a", { routes: ["/a"] }],
  ["x-a-b-route-query", "/a", { routes: ["/a"] }],
  ["y-url", "/a", undefined],
  ["x-curl", "/a", undefined],
  ["script-name", "/app", { prefixes: ["/app"] }],
  ["x-forwarded-prefix", "app", { prefixes: ["/app"] }],
  ["x-script-names", "/app", undefined],
  ["cookie", "a=1; _method=put", { methods: ["PUT"] }],
  ["cookie", "a=1", undefined],
  ["x-color", "put", undefined],
])("the header %s: %s names %j", (name, value, found) => {
  expect(methodOverridesOf({ [name]: value }, "", undefined)).toEqual(named(found));
});

test.each<[string, Partial<MethodOverrides> | undefined]>([
  ["_method=put", { methods: ["PUT"] }],
  ["_method=credit", undefined],
  ["_method=PROPFIND", { methods: ["PROPFIND"] }],
  ["method=put", { methods: ["PUT"] }],
  ["method=PROPFIND", undefined],
  ["color=put", undefined],
  ["r=/a", { routes: ["/a", "/wp-json/a"] }],
  ["r=a%2Fb", { routes: ["/a/b", "/wp-json/a/b"] }],
  ["r=a", undefined],
  ["x=/a", undefined],
  ["/a", { routes: ["/a", "/wp-json/a"] }],
  ["%2fa=1", { routes: ["/a", "/wp-json/a"] }],
  ["%252Fa", { routes: ["/a", "/wp-json/a"] }],
  ["a/b", { routes: ["/a/b", "/wp-json/a/b"] }],
  ["a/b=1", undefined],
  ["r=/a;q=/b+c?d", { routes: ["/a", "/wp-json/a", "/b c", "/wp-json/b c"] }],
  ["=/a", undefined],
])("the query %s names %j", (query, found) => {
  expect(methodOverridesOf(undefined, query, undefined)).toEqual(named(found));
});

test.each<[Json, Partial<MethodOverrides> | undefined]>([
  [{ _method: "put" }, { methods: ["PUT"] }],
  [{ a: [{ _method: ["x", "put"] }] }, { methods: ["PUT"] }],
  [{ _method: { content: "put" } }, { methods: ["PUT", "PUT"] }],
  [{ http_method: "put" }, { possible: ["PUT"] }],
  [{ http_method: "card" }, undefined],
  [{ rest_route: "/a" }, { routes: ["/a", "/wp-json/a"] }],
  [{ rest_route: "a" }, undefined],
  [{ method: "put", url: "/a" }, { requests: [["PUT", "/a"]] }],
  [{ Verb: "put", HREF: "a?b" }, { requests: [["PUT", "/a"]] }],
  [
    { method: "put", url: "/a", path: "/b" },
    {
      requests: [
        ["PUT", "/a"],
        ["PUT", "/b"],
      ],
    },
  ],
  [{ method: "card", url: "/a" }, undefined],
  [{ method: "put" }, undefined],
  [{ method: "put", url: 5 }, undefined],
  [{ op: "put", path: "/a" }, { requests: [["PUT", "/a"]] }],
  [{ op: "move", path: "/a" }, undefined],
  [
    { requests: ["put /a", "GET https://h.test/b HTTP/1.1", "say PUT /c", 5] },
    {
      requests: [
        ["PUT", "/a"],
        ["GET", "/b"],
      ],
    },
  ],
  [{ request: " put /a " }, { requests: [["PUT", "/a"]] }],
  [{ request: "card /a" }, undefined],
  [{ request: "put /a b" }, undefined],
  [{ batch: '[{"method":"put","url":"/a"}]' }, { requests: [["PUT", "/a"]] }],
  [{ note: ' {"method":"put","url":"/a"}' }, { requests: [["PUT", "/a"]] }],
  [{ note: 'x{"method":"put","url":"/a"}' }, undefined],
  [{ note: '{"method' }, undefined],
  [{ base64: Buffer.from("_method=put").toString("base64") }, { methods: ["PUT"] }],
  [{ bytes: Buffer.from("_method=put").toString("base64") }, undefined],
  [["_method"], undefined],
  [5, undefined],
  ["_method=put", { methods: ["PUT"] }],
  ["http_method=put", { possible: ["PUT"] }],
  ["rest_route=/a", { routes: ["/a", "/wp-json/a"] }],
  ["x\nrest.route=/a", { routes: ["/a", "/wp-json/a"] }],
  ["q=/a", undefined],
  ["=rest/a", undefined],
  ["PUT /a HTTP/1.1", { requests: [["PUT", "/a"]] }],
  ['batch=[{"method":"put","url":"/a"}]', { requests: [["PUT", "/a"]] }],
  ["text", undefined],
])("the body %j names %j", (data, found) => {
  expect(methodOverridesOf(undefined, "", data)).toEqual(named(found));
});

test("what headers, query and body name is joined", () => {
  expect(
    methodOverridesOf({ "x-method-override": "put", accept: "a" }, "_method=patch", { _method: "delete" }),
  ).toEqual(named({ methods: ["PUT", "PATCH", "DELETE"] }));
  expect(methodOverridesOf({ accept: "a", "x-url": undefined }, "", undefined)).toEqual(
    named({ routes: ["/"] }),
  );
  expect(methodOverridesOf(undefined, "", undefined)).toBeUndefined();
});
