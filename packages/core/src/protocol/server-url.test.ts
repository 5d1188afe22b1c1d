import { expect, test } from "vitest";
import { chooseServer, readServer, serverPath } from "./server-url.ts";

const variables = { scheme: { default: "http" }, port: { enum: ["8080"] }, base: { default: "v2" } };

test.each([
  [
    { url: "{scheme}://127.0.0.1:{port}/{base}", variables },
    undefined,
    { origin: "http://127.0.0.1:8080", path: "/v2" },
  ],
  [{ url: "//host/v3/" }, undefined, { origin: "http://host", path: "/v3" }],
  [{ url: "//host/v3" }, "https://docs.example/a/openapi.yaml", { origin: "https://host", path: "/v3" }],
  [{ url: "/" }, undefined, { origin: undefined, path: "" }],
  [{ url: "v1" }, "http://h:1/docs/openapi.yaml", { origin: "http://h:1", path: "/docs/v1" }],
  [{ url: "../v1" }, "http://h:1/docs/openapi.yaml", { origin: "http://h:1", path: "/v1" }],
  [{ url: "./v1" }, undefined, { origin: undefined, path: "/v1" }],
  [{ url: "https://api.example.com" }, undefined, { origin: "https://api.example.com", path: "" }],
])("%j of a document at %s", (server, documentUrl, expected) => {
  expect(readServer(server, documentUrl)).toEqual(expected);
});

test.each([
  [{ url: "https://{region}.example.com" }, "no default for its variable region"],
  [{ url: "{toString}/v1" }, "no default"],
  [
    { url: "https://{region}.example.com", variables: { region: { default: { toString: 0 } } } },
    "no default",
  ],
  [{ url: "https://{region}.example.com", variables: { region: { default: [1] } } }, "no default"],
  [{ url: "ftp://example.com" }, "http or https"],
  [{ url: "http://[" }, "no URL"],
  [{}, "no url"],
  ["x", "no url"],
])("%j cannot be used", (server, why) => {
  expect(readServer(server, undefined)).toContain(why);
});

test("the base path is the address's own where it has one, else that of the server at the address, else the first", () => {
  const servers = [
    { url: "https://api.example.com/v1" },
    { url: "http://127.0.0.1:8080/v2" },
    { url: "ftp://x/v3" },
  ];
  expect(serverPath(servers, undefined, "http://127.0.0.1:3000")).toBe("/v1");
  expect(serverPath(servers, undefined, "http://127.0.0.1:8080/")).toBe("/v2");
  expect(serverPath(servers, undefined, "http://127.0.0.1:8080/v2")).toBe("/v2");
  expect(serverPath(servers, undefined, "http://127.0.0.1:3000/proxy/")).toBe("/proxy");
  expect(serverPath(undefined, undefined, "http://127.0.0.1:3000")).toBe("");
  expect(serverPath([{ url: "{x}" }], undefined, "http://127.0.0.1:3000")).toBe("");
  expect(chooseServer([{ url: "{x}" }], undefined, undefined)).toBeUndefined();
});
