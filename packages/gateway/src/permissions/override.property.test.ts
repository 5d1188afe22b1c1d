import type { Json } from "@ape/core/lib/json";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const rig = new Rig();
afterAll(() => rig.close());

const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
const anyCase = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) =>
      [...text].map((mark, index) => (upper[index] ? mark.toUpperCase() : mark.toLowerCase())).join(""),
    );
const insert = (list: readonly string[], at: number, one: string): string[] => [
  ...list.slice(0, at),
  one,
  ...list.slice(at),
];

/** Documented names of fields, and the writings of one that servers take for the same. */
const fieldName = fc
  .constantFrom(
    "_method",
    "_HttpMethod",
    "_method_override",
    "$httpMethod",
    "X-HTTP-Method-Override",
    "X-Method-Override",
    "X-HTTP-Method",
    "data[_method]",
    "_method[]",
  )
  .chain(anyCase);
const MARKS = ["_", ".", "["];
const phpName = fc
  .tuple(fc.constantFrom("", " ", "  ", "\t"), fc.constantFrom(...MARKS), anyCase("method"))
  .map(([blank, mark, name]) => `${blank}${mark}${name}`);
const name = fc.oneof(fieldName, phpName);
const encodedName = fc
  .tuple(name, fc.constantFrom("plain", "one", "all", "twice", "plus"))
  .map(([text, how]) => {
    const characters = [...text];
    if (how === "all") return characters.map(hex).join("");
    if (how === "one")
      return characters
        .map((mark) => (/\w/.test(mark) ? mark : hex(mark)))
        .join("")
        .replace(/t/i, hex);
    if (how === "twice") return characters.map(hex).join("").replaceAll("%", "%25");
    const written = text.replaceAll("\t", "%09");
    return how === "plus" ? written.replaceAll(" ", "+") : written.replaceAll(" ", "%20");
  });
const value = fc
  .tuple(anyCase("DELETE"), fc.constantFrom("", '"', "'", " ", "q", "list"))
  .map(([method, how]) => {
    if (how === "q") return `${method};q=1`;
    return how === "list" ? `PUT, ${method}` : `${how}${method}${how}`;
  });
const formValue = value.map((text) => text.replaceAll(" ", "+").replaceAll('"', "%22"));

/** Pairs of a query or form, one of which names the method, anywhere among others and perhaps twice. */
const pairs = fc
  .tuple(
    encodedName,
    formValue,
    fc.array(fc.constantFrom("a=1", "b", "=c", "d=%20", "_method=nothing"), { maxLength: 3 }),
    fc.nat(3),
    fc.array(fc.constantFrom("&", ";"), { minLength: 4, maxLength: 4 }),
  )
  .map(([field, text, others, at, separators]) =>
    insert(others, Math.min(at, others.length), `${field}=${text}`)
      .map((pair, index) => (index === 0 ? pair : `${separators[index]}${pair}`))
      .join(""),
  );

const headerName = fc
  .constantFrom("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Tunneling-Method")
  .chain((text) => anyCase(text))
  .chain((text) =>
    fc
      .array(fc.constantFrom("-", "_"), { minLength: 4, maxLength: 4 })
      .map((marks) => text.replaceAll(/-/g, () => marks.pop() as string)),
  );
const pathHeader = fc
  .constantFrom(
    "X-Original-URL",
    "X-Original-URI",
    "X-Rewrite-URL",
    "X-Override-URL",
    "X-Forwarded-Uri",
    "X-Forwarded-Path",
    "X-HTTP-Path-Override",
    "X-HTTP-DestinationURL",
    "X-Envoy-Original-Path",
    "X-Real-URL",
    "Path-Info",
  )
  .chain((text) => anyCase(text))
  .chain((text) => fc.boolean().map((under) => (under ? text.replaceAll("-", "_") : text)));

const multipart = fc
  .tuple(
    name.filter((text) => !/[\t[\]]/.test(text)),
    value,
    fc.constantFrom(
      (text: string) => `name="${text}"`,
      (text: string) => `filename=""; NAME = "${text}"`,
      (text: string) => `name*=utf-8''${text.replaceAll(" ", "%20")}`,
    ),
    fc.constantFrom("\r\n", "\n"),
    fc.constantFrom("", "Content-Type: text/plain"),
  )
  .map(([field, text, write, line, more]) =>
    [
      "--x",
      'Content-Disposition: form-data; name="a"',
      "",
      "1",
      "--x",
      `Content-Disposition: form-data; ${write(field)}`,
      ...(more === "" ? [] : [more]),
      "",
      text,
      "--x--",
      "",
    ].join(line),
  );

const bodyName = name.filter((text) => !text.includes("\t"));
const form = (data: Json, type = "application/x-www-form-urlencoded"): Partial<ToolCall> => ({
  method: "POST",
  headers: { "content-type": type },
  data,
});

/** Calls of `/items/1` that some common server reads as `DELETE /items/1`, or of `/` that it reads as `/admin/x`. */
const disguised: fc.Arbitrary<Partial<ToolCall>> = fc.oneof(
  pairs.map((query) => ({ method: "POST" as const, path: `/items/1?${query}` })),
  pairs.map((query) => ({ path: `/items/1?${query}` })),
  anyCase("delete").map((method) => ({ path: `/items/1?method=${method}` })),
  fc.tuple(name, value).map(([field, text]) => ({ path: "/items/1", query: { [field]: text } })),
  pairs.map((text) => form(text)),
  pairs.map((text) => form({ base64: Buffer.from(text).toString("base64") }, "application/octet-stream")),
  fc.tuple(bodyName, value).map(([field, text]) => form({ a: 1, [field]: text })),
  fc.tuple(bodyName, value).map(([field, text]) => form({ [field]: ["x", text] }, "multipart/form-data")),
  fc.tuple(bodyName, value).map(([field, text]) => form({ [field]: text, b: [] }, "application/json")),
  fc
    .tuple(bodyName, anyCase("delete"))
    .map(([field, text]) => form(JSON.stringify({ a: { b: 1 }, [field]: text }), "text/plain")),
  multipart.map((text) => form(text, "multipart/form-data; boundary=x")),
  fc
    .tuple(headerName, value)
    .map(([field, text]) => ({ method: "POST" as const, headers: { [field]: text } })),
  fc
    .tuple(
      pathHeader,
      fc.constantFrom(
        "/admin/x",
        "/%61dmin/x",
        '"/Admin/x"',
        "http://h/admin/x?a=b",
        "/items/1?_method=DELETE",
      ),
    )
    .map(([field, text]) => ({ path: "/", headers: { [field]: text } })),
  fc
    .constantFrom("script-name", "SCRIPT_NAME", "X-Script-Name", "X-Forwarded-Prefix")
    .map((field) => ({ path: "/app/admin/x", headers: { [field]: "/app" } })),
);

const received: string[] = [];
let location = "/";
async function recorder(): Promise<string> {
  return rig.serve((request, response) => {
    received.push(`${request.method} ${request.url}`);
    if (request.url === "/start" || request.url === "/start/") response.writeHead(302, { location });
    response.end("{}");
  });
}

test.each(["rest", "web"] as const)(
  "no call of a %s target is sent that a common server reads as one that is denied",
  async (kind) => {
    const gateway = await rig.open({
      kind,
      baseUrl: await recorder(),
      deny: ["DELETE /items/{id}", "* /admin/**"],
    });
    await fc.assert(
      fc.asyncProperty(disguised, async (call) => {
        received.length = 0;
        const result = await rig.call(gateway, { path: "/items/1", ...call });
        expect(received).toEqual([]);
        expect(result.error?.code).toMatch(/^(?:denied|invalid_call)$/);
      }),
      { numRuns: 1_500 },
    );
  },
  30_000,
);

test("no redirect is followed to what a common server reads as a denied call", async () => {
  const gateway = await rig.open({
    kind: "web",
    baseUrl: await recorder(),
    deny: ["DELETE /**", "* /x/export"],
  });
  const target = fc.oneof(
    pairs.map((query) => `?${query}`),
    pairs.map((query) => `/items/1?${query}`),
    fc.stringMatching(/^[a-z0-9]{1,5}$/).map((suffix) => `/x/export.${suffix}`),
  );
  location = "/items/1?_method=none";
  received.length = 0;
  await rig.call(gateway, { path: "/start/" });
  expect(received).toEqual(["GET /start/", "GET /items/1?_method=none"]);
  await fc.assert(
    fc.asyncProperty(target, async (to) => {
      received.length = 0;
      location = to;
      await rig.call(gateway, { path: "/start/" });
      expect(received).toEqual(["GET /start/"]);
    }),
    { numRuns: 500 },
  );
}, 30_000);

test("a denied path is denied with any suffix of its last segment, and no other", async () => {
  const gateway = await rig.open({
    baseUrl: await recorder(),
    deny: ["GET /reports/{id}/export", "POST /jobs/{id}:cancel", "* /v1/**", "GET /files/*"],
  });
  const suffix = fc.stringMatching(/^(?:\.[a-zA-Z0-9_+-]{1,6}){1,3}$/);
  const ending = fc.constantFrom("", "/", ";v=1", "%20", "?a=b");
  const deniedPath = fc.constantFrom<[HttpMethod, string]>(
    ["GET", "/reports/1/export"],
    ["GET", "/reports/1/Export"],
    ["POST", "/jobs/5:cancel"],
    ["GET", "/v1"],
    ["GET", "/files/a"],
  );
  await fc.assert(
    fc.asyncProperty(deniedPath, suffix, ending, fc.boolean(), async ([method, path], dots, end, encoded) => {
      received.length = 0;
      const written = encoded ? dots.replaceAll(".", "%2e") : dots;
      await rig.call(gateway, { method, path: `${path}${written}${end}` });
      expect(received).toEqual([]);
    }),
    { numRuns: 500 },
  );
  const others = [
    "/v1.1/orders",
    "/reports/1.csv",
    "/reports/1/exports",
    "/reports/1/x.export",
    "/files.json",
    "/.env",
  ];
  received.length = 0;
  for (const path of others) await rig.call(gateway, { path });
  expect(received).toEqual(others.map((path) => `GET ${path}`));
});

test("ordinary names, values and headers are data of the API", async () => {
  const gateway = await rig.open({ baseUrl: await recorder(), allow: ["GET /search", "POST /orders"] });
  received.length = 0;
  const calls: Partial<ToolCall>[] = [
    { path: "/search?method=fast;a=b&payment_method=delete" },
    { path: "/search", query: { q: "_method=delete", delivery_method: "put" } },
    {
      headers: {
        "X-Forwarded-For": "1.2.3.4",
        "X-Request-Id": "delete",
        "Access-Control-Request-Method": "PUT",
      },
      path: "/search",
    },
    { method: "POST", path: "/orders", data: { method: "delete", payment_method: "put", httpMethod: "PUT" } },
    { method: "POST", path: "/orders", data: { _method: "credit card" } },
    { method: "POST", path: "/orders", data: { note: "name=_method\r\n\r\nDELETE" } },
    form("payment_method=delete;a=1"),
  ];
  for (const call of calls) await rig.call(gateway, { path: "/orders", ...call });
  expect(received).toHaveLength(calls.length);
});
