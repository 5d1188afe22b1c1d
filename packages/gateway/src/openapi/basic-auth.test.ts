import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { authOf } from "./describe.ts";
import { OpenApiDocument } from "./document.ts";

const auth = (securitySchemes: Json) =>
  authOf(new OpenApiDocument({ openapi: "3.0.3", info: {}, paths: {}, components: { securitySchemes } }));

test("a user and a password are sent with each call where the document has no other scheme", () => {
  expect(auth({ own: { type: "http", scheme: "basic" } })).toEqual([{ type: "basic" }]);
  expect(auth({ own: { type: "http", scheme: "Basic" }, other: { type: "mutualTLS" } })).toEqual([
    { type: "basic" },
  ]);
  expect(auth({ own: { type: "http", scheme: "basic" }, token: { type: "http", scheme: "bearer" } })).toEqual(
    [{ type: "bearer" }],
  );
  expect(auth({ own: { type: "basic" } })).toEqual([]);
});
