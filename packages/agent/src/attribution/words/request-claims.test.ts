import type { Json } from "@ape/core/lib/json";
import type { Body } from "@ape/core/protocol/tool-call";
import { describe, expect, test } from "vitest";
import { claimsNoBody, claimsNoRoute, claimsOf } from "./request-claims.ts";

const json = (value: Json): Body => ({ kind: "json", json: value, bytes: 1 });
const text = (said: string): Body => ({ kind: "text", text: said, bytes: said.length, cut: false });
const claims = (body: Body, fields = ["name", "size"]): string[] =>
  claimsOf(body, fields).map(({ field, claim }) => `${field} ${claim}`);

describe("a field is missing", () => {
  const forms = [
    "name is required",
    "name: null",
    "the required field name was not provided",
    "Your name is missing.",
    "name is a required property",
    "the name field is mandatory",
    "name can't be empty",
    "the field name must not be null or empty",
    "name mustn't be null",
    "name may not be left blank",
    "name must be set",
    "the name has to be filled in",
    "Missing name",
    "missing key name",
    "required body fields name is not present",
    "The missing required parameter name is missing",
    "must have required property 'name'",
    "missing required property name",
    "missing required properties name",
    'object has missing required properties (["name"])',
    "enter name",
    "Please provide a valid name",
    "validation error: name is required",
    "bad request error validation failed name is required",
  ];
  test.each(forms)("%s", (said) => {
    expect(claims(json({ error: said }))).toEqual(["name missing"]);
    expect(claims(text(said))).toEqual(["name missing"]);
    // Anything beside it says more.
    expect(claims(json({ error: `x ${said}` }))).not.toContain("name missing");
    expect(claims(json({ error: `${said} x` }))).not.toContain("name missing");
  });

  test.each([
    "input missing",
    "must be provided",
    "validation error is required",
    "Validation failed: required",
    "input errorrequired",
    "This field:  is  required",
    "Input is required",
    "missing value",
    "missing data for required field",
    "required",
    "This field is required.",
    "can't be blank",
    "can’t be blank",
    "cannot be blank",
  ])("%s, of the field that its place names", (said) => {
    expect(claims(json({ size: [said] }))).toEqual(["size missing"]);
    expect(claims(json({ size: [`x ${said}`] }))).toEqual([]);
    expect(claims(json({ size: [`${said} x`] }))).toEqual([]);
  });
});

describe("a field is unknown", () => {
  test.each([
    "unknown field name",
    "unrecognised field name",
    "undocumented name",
    "extra key name in request",
    "undefined property name in the body",
    'json: unknown field "name"',
    "property name should not exist",
    "extra key name is not allowed",
    "the additional fields name are not permitted",
    "field name is unknown",
    "field name is a unknown",
    "name is a unrecognised field",
    "name is an unrecognized field",
    "parameter name is an unrecognized",
    "name is an unknown field",
  ])("%s", (said) => {
    expect(claims(json({ error: said }))).toEqual(["name unknown"]);
    expect(claims(json({ error: `x ${said}` }))).not.toContain("name unknown");
    expect(claims(json({ error: `${said} x` }))).not.toContain("name unknown");
  });

  test.each([
    "extra field not allowed",
    "Extra inputs are not permitted",
    "extra input is not permitted",
    "unknown field",
    "unrecognised key",
    "unexpected property",
  ])("%s, by its place", (said) => {
    expect(claims(json({ loc: ["body", "name"], msg: said }))).toEqual(["name unknown"]);
    expect(claims(json({ loc: ["body", "name"], msg: `x ${said}` }))).not.toContain("name unknown");
    expect(claims(json({ loc: ["body", "name"], msg: `${said} x` }))).not.toContain("name unknown");
  });
});

test.each<[string, string[]]>([
  ["name must be one of a, b", ["name value"]],
  ["name is not a valid choice", ["name value"]],
  ["name is not an allowed value", ["name value"]],
  ["name is not recognised", ["name value"]],
  ["name: unsupported", ["name value"]],
  ["name is unknown", ["name value"]],
  ["unknown name", ["name value"]],
  ["name is not among the names", ["name value"]],
  ["name is not in the list", ["name value"]],
  ["name is invalid when the shop is closed", []],
  ["name is invalid because of the current state", []],
  ["name is currently invalid", []],
  ["name is invalid for this order", []],
  ["name is an invalid one, at current rates", []],
  ["name is an unrecognised value", ["name value"]],
  ["name is an unrecognized value", ["name value"]],
  ["name is invalid, name size", []],
  ["the name of the size is invalid", []],
  ["rename is invalid", []],
  ["name-tag is invalid", []],
  ["name.first is invalid", []],
  ["address.name is invalid", []],
  ["name[0] is invalid", []],
  ["the name. Unknown to us", ["name value"]],
])("%j claims %j", (said, expected) => {
  expect(claims(json({ error: said }))).toEqual(expected);
});

test.each<[Json, string[]]>([
  [{ field: "name", message: "is required" }, ["name missing"]],
  [{ fieldName: "body.name", message: "is required" }, ["name missing"]],
  [{ source: { pointer: "/data/name" }, title: "is required" }, ["name missing"]],
  [{ instancePath: "/items/0/name", message: "is required" }, ["items.name missing"]],
  [{ property_name: "items[0].name", message: "is required" }, ["items.name missing"]],
  [{ path: "/0/name", message: "is required" }, ["*.name missing"]],
  [{ path: "/items/0", missing_property: "name", message: "is required" }, ["items.name missing"]],
  [{ path: "/items/0", message: "name is required" }, ["items.name missing"]],
  [{ path: "/0", message: "name is required" }, ["*.name missing"]],
  [{ field: "name", index: 3, message: "is required" }, ["*.name missing"]],
  [{ field: "name", of: "size", message: "is required" }, ["size.name missing"]],
  [{ path: "body", message: "is required" }, ["body missing"]],
  [{ path: "$.name", message: "is required" }, ["name missing"]],
  [{ missingProperty: "name", message: "is required" }, ["name missing"]],
  [{ additional_property: "name", message: "is unknown" }, ["name value"]],
  [{ path: ["body", 0, "name"], message: "is required" }, ["*.name missing"]],
  [{ path: ["body", { a: 1 }, "name"], message: "is required" }, []],
  [{ path: "the name", message: "is required" }, []],
  [{ path: "", message: "is required" }, []],
  [{ field: "name", xindex: 3, message: "is required" }, ["name missing"]],
  [{ field: "name", indexx: 3, message: "is required" }, ["name missing"]],
  [{ field: "name", index: "3", message: "is required" }, ["name missing"]],
  [{ path: "requestBody.name", message: "is required" }, ["name missing"]],
  [{ path: "xbody.name", message: "is required" }, ["xbody.name missing"]],
  [{ path: "bodyx.name", message: "is required" }, ["bodyx.name missing"]],
  [{ path: "items.12.name", message: "is required" }, ["items.name missing"]],
  [{ path: "items.a1.name", message: "is required" }, ["items.a1.name missing"]],
  [{ path: "items.1a.name", message: "is required" }, ["items.1a.name missing"]],
  [{ path: "items", field: "items", message: "is required" }, ["items missing"]],
  [{ path: 7, message: "is required" }, []],
  [{ path: [], message: "name is required" }, ["name missing"]],
  [{ path: [true, "name"], message: "is required" }, []],
  [{ path: null, message: "is required" }, []],
  [{ source: { parameter: 3, pointer: "/name" }, title: "is required" }, ["name missing"]],
  [{ path: "body.data", message: "is required" }, ["data missing"]],
  [{ path: "name", message: { text: "is required" } }, ["name missing"]],
  [{ field: "", index: 3, message: "name is required" }, ["name missing"]],
  [{ path: "x", message: "is required" }, ["x missing"]],
  [{ errors: { name: { message: "is required" } } }, ["name missing"]],
  [{ errors: { other: { message: "is required" } } }, ["other missing"]],
  [{ errors: { name: { other: "is required" } } }, ["name.other missing"]],
  [{ errors: { details: { violation: ["is required"] } } }, []],
  [{ 43: "is required" }, []],
  [{ invalidParams: "is required" }, []],
  [
    [
      { field: "size", message: "is required" },
      { field: "name", message: "is required" },
    ],
    ["size missing", "name missing"],
  ],
])("the place in %j names the field: %j", (body, expected) => {
  expect(claims(json(body))).toEqual(expected);
});

test("40 statements, 4 levels deep and 300 characters each, are read", () => {
  const silent = Array.from({ length: 39 }, () => "no");
  expect(claims(json([...silent, "name is required"]))).toEqual(["name missing"]);
  expect(claims(json([...silent, "no", "name is required"]))).toEqual([]);
  expect(claims(json({ errors: [{ details: ["name is required"] }] }))).toEqual(["name missing"]);
  expect(claims(json({ errors: [{ details: [["name is required"]] }] }))).toEqual([]);
  expect(claims(text("name is required".padEnd(300).concat("x")))).toEqual(["name missing"]);
  expect(claims(json("name is required".padEnd(300).concat("x")))).toEqual(["name missing"]);
  expect(claims({ kind: "empty" })).toEqual([]);
});

test.each([
  "body null",
  "The request body is empty",
  "json payload not provided",
  "no body",
  "A required request body is missing: create(Item)",
  "missing JSON payload",
  "body can't be null",
  "the request body must not be empty",
  "unexpected token < in the JSON",
  "Unexpected end of input",
  "unexpected end of JSON input",
  "expecting value: line 1 column 1",
  "looking for beginning of value",
  "could not parse json",
  "invalid json",
  "body isn't json",
])("%j says that there is no body", (said) => {
  expect(claimsNoBody(json({ error: said }), [])).toBe(true);
  expect(claimsNoBody(text(said), [])).toBe(true);
});

test.each([
  "xbody null",
  "body nullx",
  "body was nulled",
  "a no bodyx",
  "xno body",
  "xbody can't be null",
  "body can't be nullx",
  "invalid json for type Item",
  "cannot deserialize invalid json",
  "invalid json in property x",
])("%j does not", (said) => {
  expect(claimsNoBody(json({ error: said }), [])).toBe(false);
});

test.each([
  "Cannot GET /a",
  "no route",
  "no such route",
  "route GET /a was not found",
  "route does not exist",
  "no static resource a",
  "no matching route",
  "unknown endpoint",
  "invalid url",
  "No HTTP resource was found that matches",
  "the endpoint for these items was not found",
  "url /a not found",
  "endpoint not found",
])("%j says that there is no route", (said) => {
  expect(claimsNoRoute(json({ error: said }))).toBe(true);
  const page = {
    kind: "page",
    page: { title: said, path: "/", text: "", links: [], forms: [] },
    bytes: 1,
    cut: false,
  } as const;
  expect(claimsNoRoute(page)).toBe(true);
  expect(claimsNoRoute({ ...page, page: { ...page.page, title: "", text: said } })).toBe(true);
});

test.each(["not found", "item not found", "no item", "routes not found"])(
  "%j does not name a route",
  (said) => {
    expect(claimsNoRoute(text(said))).toBe(false);
  },
);

test.each(
  (
    "path loc location pointer instancePath instance_path dataPath propertyPath source field fields fieldName field_name " +
    "param parameter property propertyName attribute argument missingProperty additional_property name key"
  ).split(" "),
)("an error's %s names the field", (member) => {
  expect(claims(json({ errors: [{ [member]: "size", message: "is required" }] }))).toEqual(["size missing"]);
  for (const other of [`x${member}`, `${member}x`])
    expect(claims(json({ errors: [{ [other]: "size", message: "is required" }] }))).not.toContain(
      "size missing",
    );
});

test.each(
  (
    "error errors fieldErrors validation_errors formErrors validation messages msg detail title description reason code type kind " +
    "status violation violations issues problem problems invalid_params data body params text value 17"
  ).split(" "),
)("%s only wraps errors", (member) => {
  expect(claims(json({ [member]: "is required" }))).toEqual([]);
  if (member !== "17")
    expect(claims(json({ [`${member}x`]: "is required" }))).toEqual([`${member}x missing`]);
});
