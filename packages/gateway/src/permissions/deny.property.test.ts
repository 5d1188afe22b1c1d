import { writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import type { Json } from "@ape/core/lib/json";
import type { HttpMethod } from "@ape/core/protocol/operations/operation";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";
import type { Gateway } from "../gateway.ts";

const rig = new Rig();
afterAll(() => rig.close());

const HTTP = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const satisfies HttpMethod[];
const word = fc.stringMatching(/^[a-z]{2,5}$/);
const path = fc.array(word, { minLength: 1, maxLength: 3 });

/** A rule of `deny` that holds for the path. */
const ruleFor = (segments: readonly string[], method: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(method, "*"),
      fc.array(fc.constantFrom("as is", "*", "{x}", "upper", "prefix"), { minLength: 3, maxLength: 3 }),
      fc.constantFrom("", "/", "/**"),
    )
    .map(([verb, kinds, end]) => {
      const parts = segments.map((segment, index) => {
        const kind = kinds[index];
        if (kind === "upper") return segment.toUpperCase();
        if (kind === "prefix") return `${segment.slice(0, 1)}*`;
        return kind === "as is" ? segment : (kind as string);
      });
      return `${verb} /${parts.join("/")}${end}`;
    });

const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** Writings of a segment that servers read as the same. */
const SEGMENT: readonly ((segment: string) => string)[] = [
  (segment) => segment,
  (segment) => segment.toUpperCase(),
  (segment) => hex(segment[0] as string) + segment.slice(1),
  (segment) => hex(segment[0] as string).replace("%", "%25") + segment.slice(1),
  (segment) => [...segment].map(hex).join("").toUpperCase(),
  (segment) => `${segment};v=1`,
  (segment) => `${segment};`,
  (segment) => `${segment}%20`,
  (segment) => `${segment}.`,
  (segment) => `${segment}%09`,
];
const SEPARATORS = [
  "/",
  "/",
  "/",
  "//",
  "/./",
  "/%2e/",
  "/x/../",
  "/x/%2E%2e/",
  "/x/..;/",
  "/;a/",
  "%2f",
  "%5c",
  "\\",
  "%252F",
];
const ENDS = ["", "", "/", "//", "/.", ".json", "?a=b", "#a", "%3fa", "%23", "%00", "%00x"];

const spellingOf = (segments: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...SEPARATORS), fc.constantFrom(...SEGMENT)), {
        minLength: segments.length,
        maxLength: segments.length,
      }),
      fc.constantFrom(...ENDS),
    )
    .map(([writings, end]) => {
      const parts = segments.map((segment, index) => {
        const [separator, write] = writings[index] as (typeof writings)[number];
        return `${index === 0 && !separator.startsWith("/") ? "/" : separator}${write(segment)}`;
      });
      return parts.join("") + end;
    });

const denied = fc.tuple(path, fc.constantFrom(...HTTP)).chain(([segments, method]) =>
  fc.record({
    rule: ruleFor(segments, method),
    spelling: spellingOf(segments),
    method: fc.constant(method),
    plain: fc.constant(`/${segments.join("/")}`),
  }),
);

/** Ways to name the method and the path of a request besides its request line. */
const OVERRIDES: readonly ((
  method: string,
  spelling: string,
) => { method?: HttpMethod; path?: string; headers?: Record<string, string>; data?: Json })[] = [
  () => ({}),
  () => ({}),
  (method) => ({ method: "POST", headers: { "X-HTTP-Method-Override": method } }),
  (method) => ({ method: "POST", headers: { "x-method-override": method.toLowerCase() } }),
  (method) => ({ method: "POST", data: { _method: method } }),
  (_, spelling) => ({ path: "/", headers: { "x-original-url": spelling } }),
  (_, spelling) => ({ path: "/", headers: { "X-Rewrite-URL": spelling } }),
];

interface Received {
  line: string;
  headers: IncomingHttpHeaders;
}

/** A server that writes down every request, and redirects from `/start` to where it is told. */
async function recorder(): Promise<{
  url: string;
  received: Received[];
  redirectTo(location: string): void;
}> {
  const received: Received[] = [];
  let location = "/";
  const url = await rig.serve((request, response) => {
    received.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    if (request.url === "/start")
      response.writeHead(307, {
        location: encodeURI(location) === location ? location : location.replaceAll(/[^\x20-\x7e]/g, ""),
      });
    response.end("{}");
  });
  return { url, received, redirectTo: (to) => (location = to) };
}

async function withoutDenied(
  kind: "rest" | "web",
  send: (
    gateway: Gateway,
    example: { method: HttpMethod; spelling: string; override: (typeof OVERRIDES)[number] },
  ) => Promise<void>,
): Promise<void> {
  const { url, received, redirectTo } = await recorder();
  await writeFile(
    join(await rig.directory(), "openapi.json"),
    JSON.stringify({
      openapi: "3.0.0",
      info: { title: "t", version: "1" },
      paths: Object.fromEntries(
        ["/", "/{a}", "/{a}/{b}", "/{a}/{b}/{c}"].map((template) => [
          template,
          Object.fromEntries(HTTP.map((method) => [method.toLowerCase(), { responses: {} }])),
        ]),
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      denied,
      fc.constantFrom(...OVERRIDES),
      fc.boolean(),
      async (example, override, documented) => {
        received.length = 0;
        redirectTo(example.spelling);
        const gateway = await rig.open({
          kind,
          baseUrl: url,
          deny: [example.rule],
          ...(kind === "rest" && documented ? { spec: "./openapi.json", allow: undefined } : {}),
        });
        await send(gateway, { ...example, override });
        await gateway.close();
        expect(received.filter(({ line }) => !line.endsWith(" /start"))).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
}

test("no request to a REST API that a rule denies is sent, however it is written", async () => {
  await withoutDenied("rest", async (gateway, { method, spelling, override }) => {
    const result = await rig.call(gateway, { method, path: spelling, ...override(method, spelling) });
    expect(result.error?.code).toMatch(/^(?:denied|invalid_call)$/);
  });
}, 30_000);

test("no request to a web application that a rule denies is sent, by a call or by a redirect", async () => {
  await withoutDenied("web", async (gateway, { method, spelling, override }) => {
    const result = await rig.call(gateway, { method, path: spelling, ...override(method, spelling) });
    expect(result.error?.code).toMatch(/^(?:denied|invalid_call)$/);
    const start = { method, path: "/start" };
    await rig.call(gateway, start);
  });
}, 30_000);

test("what no rule denies is sent", async () => {
  const { url, received } = await recorder();
  await fc.assert(
    fc.asyncProperty(path, fc.constantFrom(...HTTP), async (segments, method) => {
      received.length = 0;
      const gateway = await rig.open({ baseUrl: url, deny: ["* /denied-by-the-rule/**"] });
      await rig.call(gateway, { method, path: `/${segments.join("/")}` });
      await gateway.close();
      expect(received.map(({ line }) => line)).toEqual([`${method} /${segments.join("/")}`]);
    }),
    { numRuns: 30 },
  );
});
