import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { operationsIn } from "../../test/openapi.ts";
import { OpenApiContract } from "./contract.ts";
import { OpenApiDocument } from "./document.ts";

const PATHS: JsonObject = { "/items": { get: { responses: { "200": { description: "" } } } } };

const described = (tokenUrl: string, more: JsonObject = {}, paths = PATHS) =>
  operationsIn(paths, {
    ...more,
    components: {
      securitySchemes: { login: { type: "oauth2", flows: { password: { tokenUrl, scopes: {} } } } },
    },
  }).map(({ method, path }) => `${method} ${path}`);

test.each([
  ["/oauth/token", "POST /oauth/token"],
  ["token", "POST /token"],
  ["https://api.example.com/v2/token", "POST /v2/token"],
])("the token address %s of a security scheme is the operation %s", (address, key) => {
  expect(described(address, { servers: [{ url: "https://api.example.com/v2" }] })).toEqual([
    "GET /items",
    key,
  ]);
});

test("one at another host, or among the paths, adds nothing", () => {
  expect(described("https://login.example.com/token")).toEqual(["GET /items"]);
  const paths = { ...PATHS, "/token": { post: { responses: {} } } };
  expect(described("/v2/token", {}, paths)).toEqual(["GET /items", "POST /token"]);
});

test("what the document does not list, or lists without answers, promises no answer", () => {
  const contract = new OpenApiContract(
    new OpenApiDocument({
      openapi: "3.1.0",
      info: { title: "T", version: "1" },
      paths: { ...PATHS, "/bare": { post: {} } },
      components: {
        securitySchemes: { login: { type: "oauth2", flows: { password: { tokenUrl: "/token" } } } },
      },
    }),
  );
  const broken = (method: "GET" | "POST", path: string) =>
    contract.broken(method, path, 201, "application/json", { kind: "json", json: {}, bytes: 2 });
  expect(broken("POST", "/token")).toBeUndefined();
  expect(broken("POST", "/bare")).toBeUndefined();
  expect(broken("POST", "/items")).toBeUndefined();
  expect(broken("GET", "/items")).toBe("the document has no answer 201 here");
  expect(
    contract.refuses("POST", "/token", { params: {}, query: undefined, data: { a: 1 } }),
  ).toBeUndefined();
});

test("it takes a form with user and password, needs no credential and answers tokens", () => {
  const [, token] = operationsIn(PATHS, {
    components: {
      securitySchemes: {
        login: { type: "oauth2", flows: { password: { tokenUrl: "/token", refreshUrl: "/token" } } },
      },
    },
    security: [{ login: [] }],
  });
  expect(token?.secured).toBe(false);
  expect(token?.bodyType).toBe("application/x-www-form-urlencoded");
  expect(token?.fields.map(({ in: place, name }) => `${place} ${name}`)).toEqual([
    "body grant_type",
    "body username",
    "body password",
    "answer access_token",
    "answer token_type",
    "answer expires_in",
    "answer refresh_token",
  ]);
});
