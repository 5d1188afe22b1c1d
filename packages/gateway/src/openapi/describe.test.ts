import { expect, test } from "vitest";
import { operationsIn } from "../../test/openapi.ts";

test("headers that successful answers have are named, but not those of form, limits and credentials", () => {
  const schema = { type: "string" };
  const headersOf = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { schema }]));
  const [operation] = operationsIn(
    {
      "/x": {
        get: {
          responses: {
            "200": {
              headers: headersOf("X-Request-Cost", "Content-Type", "X-RateLimit-Limit", "X-Auth-Token"),
            },
            "202": { $ref: "#/components/responses/Accepted" },
            "404": { headers: headersOf("X-Reason") },
          },
        },
      },
    },
    { components: { responses: { Accepted: { headers: headersOf("Operation-Location", "Set-Cookie") } } } },
  );
  expect(operation?.answerHeaders).toEqual(["x-request-cost", "operation-location"]);
});
