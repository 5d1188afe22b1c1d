import { createRequire } from "node:module";
import { afterEach, expect, test } from "vitest";
import { plannerSources } from "../planner-sources.ts";
import { startBazaar } from "../targets/bazaar.ts";
import { startClinic } from "../targets/clinic.ts";
import { startHarbour } from "../targets/harbour.ts";
import { startStall } from "../targets/stall.ts";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const csv = (rows: readonly object[]): string =>
  [Object.keys(rows[0] ?? {}).join(","), ...rows.map((row) => Object.values(row).join(","))].join("\n");

/** Runs sessions against one target and expects every one to succeed. */
async function succeed(options: {
  target: string;
  prompt: string;
  data?: { rows: readonly object[]; secret: string };
  success: string;
  sessions?: number;
}): Promise<ProjectFolder> {
  const { target, prompt, data, success, sessions = 20 } = options;
  const folder = await ProjectFolder.create({
    ...(data === undefined ? {} : { "rows.csv": csv(data.rows) }),
    "ape.config.yaml": `version: 1
targets: { app: ${target} }
goals:
  - name: goal
    prompt: ${JSON.stringify(prompt)}
${data === undefined ? "" : `    data: { file: ./rows.csv, unique: true, secret: [${data.secret}] }\n`}    success: ${success}
load: { agents: 4, sessions: ${sessions} }
thresholds: { session_success: ["rate>=0.95"] }
`,
  });
  closing.push(() => folder.remove());
  const { exit, stderr, stdout } = await folder.run(["start", "--seed", "3"]);
  const ended = (await folder.events().catch(() => [])).flatMap((event) =>
    event.type === "session_ended" ? [event] : [],
  );
  expect(
    ended.filter(({ outcome }) => outcome !== "succeeded"),
    stdout + stderr,
  ).toEqual([]);
  expect(exit, stdout + stderr).toBe(0);
  expect(ended).toHaveLength(sessions);
  return folder;
}

test("GraphQL: the simulated model signs in, pages, chooses, buys and signs out; the oracle probes", {
  timeout: 60_000,
}, async () => {
  const bazaar = await startBazaar();
  closing.push(() => bazaar.close());
  const folder = await succeed({
    target: `{ kind: graphql, baseUrl: "${bazaar.url}" }`,
    prompt: "Sign in, find a listing under $50, put it into the basket, check out, sign out.",
    data: { rows: bazaar.rows, secret: "password" },
    success: JSON.stringify([
      { action: { operation: "mutation checkout", capture: { purchase: "$.data.checkout.id" } } },
      {
        probe: {
          operation: "query purchase",
          document: "query ($id: ID!) { purchase(id: $id) { state } }",
          arguments: { id: "{purchase}" },
          expect: { body: { "$.data.purchase.state": "paid" } },
        },
      },
      { action: { operation: "mutation signOut" } },
    ]),
  });
  expect(bazaar.purchases()).toHaveLength(20);
  expect(bazaar.purchases().every(({ price }) => price < 50)).toBe(true);
  const events = await folder.events();
  const operations = new Set(
    events.flatMap((event) => (event.type === "step" && event.action ? [event.action.operation] : [])),
  );
  expect([...operations].sort()).toEqual([
    "mutation addToBasket",
    "mutation checkout",
    "mutation signIn",
    "mutation signOut",
    "query listings",
  ]);
  expect(JSON.stringify(events)).not.toContain(bazaar.rows[0]?.password);
});

test("MCP: the simulated model plans from the schemas of a server's tools", { timeout: 60_000 }, async () => {
  const server = createRequire(import.meta.url).resolve(
    "@modelcontextprotocol/server-everything/dist/index.js",
  );
  const folder = await succeed({
    target: `{ kind: mcp, command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(server)}] }`,
    prompt: 'Echo "good morning", then get the sum of two numbers.',
    success: JSON.stringify([
      { action: { operation: "tool echo" } },
      { action: { operation: "tool get-sum" } },
      { probe: { operation: "tool get-sum", arguments: { a: 1, b: 2 } } },
    ]),
  });
  const events = await folder.events();
  const echoed = events.flatMap((event) =>
    event.type === "step" && event.action?.operation === "tool echo" ? [event] : [],
  );
  expect(echoed[0]).toMatchObject({ tool: "echo", args: { message: "good morning" } });
});

test.each([
  ["one", {}, "Log in, find a book under $50, add it to the basket, check out, log out."],
  [
    "another",
    {
      list: "r1",
      basket: "q7",
      books: "Titles",
      basketName: "Cart",
      enter: "Sign in",
      leave: "Sign out",
      put: "Put into cart",
      pay: "Checkout",
      order: "Buy now",
    },
    "Sign in, look for a title below 40 dollars, put it into the cart, buy it, sign out.",
  ],
] as const)(
  "web: the simulated model plans from links and forms, in %s words",
  { timeout: 60_000 },
  async (_, words, prompt) => {
    const stall = await startStall({ words });
    closing.push(() => stall.close());
    const folder = await succeed({
      target: `{ kind: web, baseUrl: "${stall.url}" }`,
      prompt,
      data: { rows: stall.rows, secret: "password" },
      success: JSON.stringify([
        { action: { operation: "POST /till", status: 200 } },
        { action: { operation: "GET /exit" } },
      ]),
    });
    expect(stall.orders()).toHaveLength(20);
    expect(
      stall.orders().every(({ price, shipping, gift }) => price < 50 && shipping === "slow" && !gift),
    ).toBe(true);
    expect(stall.forgeries()).toBe(0);
    expect(JSON.stringify(await folder.events())).not.toContain(stall.rows[0]?.password);
  },
);

test("web: a form that comes back with 422 is filled in again where it complains, until it is taken", {
  timeout: 60_000,
}, async () => {
  const stall = await startStall({ postcode: true });
  closing.push(() => stall.close());
  const folder = await succeed({
    target: `{ kind: web, baseUrl: "${stall.url}" }`,
    prompt: "Log in, find a book under $50, add it to the basket, check out, log out.",
    data: { rows: stall.rows, secret: "password" },
    success: JSON.stringify([
      { action: { operation: "POST /till", status: 200 } },
      { action: { operation: "GET /exit" } },
    ]),
    sessions: 8,
  });
  expect(stall.orders()).toHaveLength(8);
  const sent = (await folder.events()).flatMap((event) =>
    event.type === "step" && event.action?.operation === "POST /till" ? [event.action.status] : [],
  );
  // Refused for being empty.
  expect(sent.sort()).toEqual([
    ...Array.from({ length: 8 }, () => 200),
    ...Array.from({ length: 8 }, () => 422),
  ]);
});

test("MCP over HTTP: a choice from one tool's list goes into another tool, with the trace in _meta", {
  timeout: 60_000,
}, async () => {
  const harbour = await startHarbour();
  closing.push(() => harbour.close());
  await succeed({
    target: `{ kind: mcp, baseUrl: "${harbour.url}" }`,
    prompt: "Find a boat under $50 a day, reserve it for two days, confirm the reservation.",
    success: JSON.stringify([
      { action: { operation: "tool confirm_reservation", body: { "$.state": "confirmed" } } },
    ]),
  });
  expect(harbour.rentals()).toHaveLength(20);
  expect(harbour.rentals().every(({ price }) => price < 50)).toBe(true);
  expect(harbour.traces().every((trace) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(trace))).toBe(true);
});

test("faults of a GraphQL API and of a web application are blamed on them and got over", {
  timeout: 60_000,
}, async () => {
  const bazaar = await startBazaar();
  closing.push(() => bazaar.close());
  bazaar.breakNext(3);
  const asked = await succeed({
    target: `{ kind: graphql, baseUrl: "${bazaar.url}" }`,
    prompt: "Sign in, find a listing under $50, put it into the basket, check out, sign out.",
    data: { rows: bazaar.rows, secret: "password" },
    success: JSON.stringify([
      { action: { operation: "mutation checkout" } },
      { action: { operation: "mutation signOut" } },
    ]),
    sessions: 8,
  });
  const stall = await startStall();
  closing.push(() => stall.close());
  stall.breakNext(3);
  const seen = await succeed({
    target: `{ kind: web, baseUrl: "${stall.url}" }`,
    prompt: "Log in, find a book under $50, add it to the basket, check out, log out.",
    data: { rows: stall.rows, secret: "password" },
    success: JSON.stringify([{ action: { operation: "POST /till", status: 200 } }]),
    sessions: 8,
  });
  for (const folder of [asked, seen]) {
    const failed = (await folder.events()).flatMap((event) =>
      event.type === "step" && event.action?.failed ? [event.action] : [],
    );
    expect(failed.length).toBeGreaterThanOrEqual(2);
    expect(failed.map(({ attribution }) => attribution).filter((whose) => whose !== "target")).toEqual([]);
  }
});

test("a second GraphQL API: connections, inputs and payloads, errors without codes", {
  timeout: 60_000,
}, async () => {
  const clinic = await startClinic();
  closing.push(() => clinic.close());
  await succeed({
    target: `{ kind: graphql, baseUrl: "${clinic.url}" }`,
    prompt: "Log in, search for an appointment under $100, reserve it, confirm it.",
    data: { rows: clinic.rows, secret: "pin" },
    success: JSON.stringify([
      {
        action: { operation: "mutation confirm", body: { "$.data.confirm.appointment.state": "confirmed" } },
      },
    ]),
  });
  expect(clinic.confirmed()).toHaveLength(20);
  expect(clinic.confirmed().every(({ fee }) => fee < 100)).toBe(true);
});

test("no name of these targets stands in the simulated model's code", () => {
  for (const { name: file, code } of plannerSources()) {
    for (const word of [
      "listingId",
      "addToBasket",
      "signIn",
      "boat_number",
      "search_boats",
      "feeUpTo",
      "openingId",
      "appointment",
      "basketName",
    ])
      expect(code.includes(word), `${file} has ${word}`).toBe(false);
  }
});
