import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildSchema, graphqlSync } from "graphql";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";
import { auditGraphqlSchema } from "../graphql/schema.ts";

const rig = new Rig();
afterEach(() => rig.close());

const SDL = `
  "The desk" schema { query: Query mutation: Mutation }
  type Query {
    "List rooms" rooms("How many" first: Int = 5, filter: Filter): [Room!]!
    me: User
  }
  type Mutation { "Book a room" book(roomId: ID!, kind: Kind = SINGLE): Booking! }
  input Filter { "Highest price" maxPrice: Float! day: Date }
  enum Kind { SINGLE DOUBLE }
  scalar Date
  type Room { id: ID! price: Float! host: User! }
  type User { name: String! rooms: [Room!]! boss: User }
  type Booking { id: ID! room: Room! note(lang: String!): String }
`;
const schema = buildSchema(SDL);

interface Payload {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: { persistedQuery?: { sha256Hash: string } };
}

/** Serves what a function answers to a payload; records the payloads. */
async function serve(answer: (payload: Payload) => { status?: number; body: unknown }) {
  const payloads: Payload[] = [];
  const url = await rig.serve((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const payload = JSON.parse(text) as Payload;
      payloads.push(payload);
      const { status = 200, body } = answer(payload);
      response
        .writeHead(status, { "content-type": "application/graphql-response+json" })
        .end(JSON.stringify(body));
    });
  });
  return { url: `${url}/graphql`, payloads };
}

async function openWithSdl(url: string, config: object = {}) {
  await writeFile(join(await rig.directory(), "schema.graphql"), SDL);
  return rig.open({ kind: "graphql", baseUrl: url, spec: "schema.graphql", ...config });
}
const ask = (gateway: Awaited<ReturnType<typeof openWithSdl>>, query: string, more: object = {}) =>
  rig.call(gateway, { method: "POST", path: "", graphql: { query, ...more } });

test("introspection and SDL give the same description; its text is read back as it was", async () => {
  const { url } = await serve(({ query = "" }) => ({ body: graphqlSync({ schema, source: query }) }));
  const asked = (await rig.open({ kind: "graphql", baseUrl: url })).describe("api");
  const told = (await openWithSdl(url)).describe("api");
  expect({ ...asked, title: told.title }).toEqual(told);
  expect(told.operations.map(({ method, path, signature }) => `${method} ${path}${signature}`)).toEqual([
    "query rooms(first: Int, filter: Filter): [Room!]!",
    "query me: User",
    "mutation book(roomId: ID!, kind: Kind): Booking!",
  ]);
  const [rooms] = told.operations;
  expect(rooms?.fields.map(({ in: place, name, type, required }) => [place, name, type, required])).toEqual([
    ["body", "first", "integer", false],
    ["body", "filter", "object", false],
    ["body", "filter.maxPrice", "number", true],
    ["body", "filter.day", "string", false],
    ["answer", "[].id", "string", false],
    ["answer", "[].price", "number", false],
    ["answer", "[].host.name", "string", false],
  ]);
});

test("of an input type with exactly one field each field is a form of its own, in SDL and by introspection", async () => {
  const sdl = `
    directive @oneOf on INPUT_OBJECT
    input By @oneOf { id: ID email: String }
    input Pay @oneOf { card: Card iban: String }
    input Card { no: String! }
    type Query { find(by: By!, of: [By!]): Int }
    type Mutation { pay(with: Pay!): Int }
  `;
  const own = buildSchema(sdl);
  const { url, payloads } = await serve(({ query = "" }) => ({
    body: graphqlSync({ schema: own, source: query }),
  }));
  await writeFile(join(await rig.directory(), "schema.graphql"), sdl);
  const asked = (await rig.open({ kind: "graphql", baseUrl: url })).describe("api");
  const told = (await rig.open({ kind: "graphql", baseUrl: url, spec: "schema.graphql" })).describe("api");
  expect(payloads).toHaveLength(2);
  expect(asked.operations).toEqual(told.operations);
  const fields = told.operations.flatMap(({ fields }) => fields.filter((field) => field.in === "body"));
  expect(
    fields.map(({ name, form, neededInForm, required }) => [name, form, neededInForm, required]),
  ).toEqual([
    ["by", undefined, undefined, true],
    ["by.id", 1, true, true],
    ["by.email", 2, true, false],
    ["of", undefined, undefined, false],
    ["of[].id", 1, true, true],
    ["of[].email", 2, true, false],
    ["with", undefined, undefined, true],
    ["with.card", 1, true, true],
    ["with.card.no", undefined, undefined, true],
    ["with.iban", 2, true, false],
  ]);
});

test("a server that does not know of such types is not asked for them", async () => {
  const { url, payloads } = await serve(({ query = "" }) => {
    const { data } = graphqlSync({ schema, source: query });
    const text = JSON.stringify({ data }).replaceAll('"isOneOf"', '"other"');
    return { body: JSON.parse(text) };
  });
  expect((await rig.open({ kind: "graphql", baseUrl: url })).describe("api").operations).toHaveLength(3);
  expect(payloads).toHaveLength(1);
});

test.each([
  ["{ nope }", {}, /Cannot query field "nope"/],
  ['{ rooms(first: "x") { id } }', {}, /Int cannot represent/],
  ["query ($n: Int!) { rooms(first: $n) { id } }", { variables: {} }, /Variable "\$n" of required type/],
  ["{ rooms { id ", {}, /Syntax Error/],
  ["query a { me { name } } query b { me { name } }", {}, /give operation_name/],
  ["query a { me { name } }", { operationName: "c" }, /no operation c/],
])("%s is refused before it is sent", async (query, more, words) => {
  const { url, payloads } = await serve(() => ({ body: { data: {} } }));
  const { error, attempts } = await ask(await openWithSdl(url), query, more);
  expect(error?.code).toBe("invalid_call");
  expect(error?.message).toMatch(words);
  expect(attempts).toEqual([]);
  expect(payloads).toEqual([]);
});

test("operations are named by the first field of the root; each field of the root must be allowed", async () => {
  const { url } = await serve(() => ({ body: { data: { rooms: [] } } }));
  const gateway = await openWithSdl(url, { allow: ["query ro*", "mutation *"], deny: ["mutation book"] });
  const good = await ask(gateway, "query X { ...F } fragment F on Query { all: rooms { id } __typename }");
  expect(good).toMatchObject({ status: 200, operation: "query rooms" });
  expect((await ask(gateway, "{ rooms { id } me { name } }")).error?.code).toBe("denied");
  const denied = await ask(gateway, 'mutation { book(roomId: "1") { id } }');
  expect(denied).toMatchObject({ operation: "mutation book", error: { code: "denied" } });
  const reader = await openWithSdl(url, { readOnly: true });
  expect((await ask(reader, 'mutation { book(roomId: "1") { id } }')).error?.code).toBe("denied");
  expect(reader.describe("api").operations.map(({ method }) => method)).toEqual(["query", "query"]);
});

test.each([
  [
    200,
    { errors: [{ message: "who?", extensions: { code: "UNAUTHENTICATED" } }], data: null },
    "failure",
    401,
  ],
  [200, { errors: [{ message: "no" }], data: { me: null } }, "failure", 422],
  [200, { errors: [{ message: "x", extensions: { code: "INTERNAL_SERVER_ERROR" } }] }, "failure", 500],
  [200, { errors: [{ message: "x", extensions: { http: { status: 409 } } }] }, "failure", 409],
  [400, { errors: [{ message: "bad" }] }, "failure", 400],
  [200, { hello: 1 }, "contract", undefined],
  [200, [1], "contract", undefined],
])("status %i with %j is a %s like %s", async (status, body, code, like) => {
  const { url } = await serve(() => ({ status, body }));
  const { error } = await ask(await openWithSdl(url), "{ me { name } }");
  expect(error).toMatchObject({ code, ...(like === undefined ? {} : { like }) });
});

test("persisted queries: the hash first, the query where it is unknown, and no hash where the server has none", async () => {
  const known = new Set<string>();
  const { url, payloads } = await serve(({ query, extensions }) => {
    const hash = extensions?.persistedQuery?.sha256Hash ?? "";
    if (query === undefined && !known.has(hash))
      return { body: { errors: [{ message: "PersistedQueryNotFound" }] } };
    known.add(hash);
    return { body: { data: { me: null } } };
  });
  const gateway = await openWithSdl(url, { persistedQueries: true });
  const first = await ask(gateway, "{ me { name } }");
  expect(first).toMatchObject({ status: 200, attempts: [{}, {}] });
  expect(first.error).toBeUndefined();
  const second = await ask(gateway, "{ me { name } }");
  expect(second.attempts).toHaveLength(1);
  expect(payloads.map(({ query }) => query !== undefined)).toEqual([false, true, false]);
  const plain = await serve(({ query }) =>
    query === undefined
      ? { body: { errors: [{ message: "PersistedQueryNotSupported" }] } }
      : { body: { data: {} } },
  );
  const other = await openWithSdl(plain.url, { persistedQueries: true });
  await ask(other, "{ me { name } }");
  await ask(other, "{ me { name } }");
  expect(
    plain.payloads.map(({ query, extensions }) => [query !== undefined, extensions !== undefined]),
  ).toEqual([
    [false, true],
    [true, false],
    [true, false],
  ]);
});

test("what is no schema, or shows none, is told at the start", async () => {
  const { url } = await serve(() => ({
    status: 400,
    body: { errors: [{ message: "introspection is off" }] },
  }));
  await expect(rig.open({ kind: "graphql", baseUrl: url })).rejects.toMatchObject({ code: "SPEC_INVALID" });
  await writeFile(join(await rig.directory(), "bad.graphql"), "type Query {");
  await expect(rig.open({ kind: "graphql", baseUrl: url, spec: "bad.graphql" })).rejects.toMatchObject({
    code: "SPEC_INVALID",
  });
  await expect(rig.open({ kind: "graphql", baseUrl: "http://127.0.0.1:1/x" })).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
  });
});

test("a schema that breaks a rule of the specification is used, and each such part is named", async () => {
  const { url } = await serve(() => ({ body: { data: { ping: "pong" } } }));
  const sdl = "type Query { me: P }\ntype P { __id: ID\n name: String }\ntype Mutation { ping: String }";
  const baseDir = await rig.directory();
  await writeFile(join(baseDir, "odd.graphql"), sdl);
  const gateway = await rig.open({ kind: "graphql", baseUrl: url, spec: "odd.graphql" });
  expect((await ask(gateway, "mutation { ping }")).error).toBeUndefined();
  expect((await ask(gateway, "{ me { __id } }")).error).toBeUndefined();
  expect(await auditGraphqlSchema("odd.graphql", baseDir)).toEqual([
    { place: "line 2", message: expect.stringContaining('Name "__id" must not begin with "__"') },
  ]);
  for (const [file, text, wanted] of [
    ["interface.graphql", "interface N { id: ID! } type Query implements N { name: String }", "N.id"],
    ["enum.graphql", "enum __Mine { A } type Query { a: __Mine }", '"__Mine"'],
    ["mutation.graphql", "type Mutation { ping: String }", "Query root type"],
    ["good.graphql", "type Query { a: String }", undefined],
  ] as const) {
    await writeFile(join(baseDir, file), text);
    const parts = await auditGraphqlSchema(file, baseDir);
    expect(parts.map(({ message }) => message)).toEqual(
      wanted === undefined ? [] : [expect.stringContaining(wanted)],
    );
  }
  await writeFile(join(baseDir, "none.graphql"), "type P { id: ID }");
  await expect(rig.open({ kind: "graphql", baseUrl: url, spec: "none.graphql" })).rejects.toMatchObject({
    code: "SPEC_INVALID",
  });
});

test("http tools do not reach a GraphQL target", async () => {
  const { url, payloads } = await serve(() => ({ body: { data: {} } }));
  expect((await rig.call(await openWithSdl(url), { path: "/" })).error?.code).toBe("invalid_call");
  expect(payloads).toEqual([]);
});

test("deny holds for aliases, fragments and introspection, and no header names another method or path", async () => {
  const { url, payloads } = await serve(() => ({ body: { data: {} } }));
  const gateway = await openWithSdl(url, { deny: ["query Me", "query __schema"] });
  for (const query of [
    "{ me { name } }",
    "{ other: me { name } }",
    "query { ...all } fragment all on Query { me { name } }",
    "{ ... on Query { me { name } } }",
    "{ __schema { types { name } } }",
  ])
    expect([query, (await ask(gateway, query)).error?.code]).toEqual([query, "denied"]);
  const free = await openWithSdl(url);
  const overrides: Record<string, string>[] = [
    { "X-Original-URL": "/admin" },
    { "x-http-method-override": "DELETE" },
  ];
  for (const headers of overrides)
    expect(
      (await rig.call(free, { method: "POST", path: "", headers, graphql: { query: "{ me { name } }" } }))
        .error?.code,
    ).toBe("denied");
  expect(payloads).toEqual([]);
});

test("an error inside the data is a failed action although the status is 200", async () => {
  const { url } = await serve(({ query = "" }) => ({
    body: { data: { b: query.includes("bad") ? { kind: "RoomTakenError" } : { kind: "Booking" } } },
  }));
  const gateway = await openWithSdl(url);
  const book = (id: string) => ask(gateway, `mutation { b: book(roomId: "${id}") { kind: __typename } }`);
  expect(await book("bad")).toMatchObject({ status: 200, error: { code: "failure", like: 409 } });
  expect((await book("good")).error).toBeUndefined();
});
