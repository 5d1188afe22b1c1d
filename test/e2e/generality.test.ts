import { readFileSync } from "node:fs";
import type { Books } from "@ape/shop/books";
import { accountsCsv } from "@ape/shop/credentials";
import { startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { plannerSources } from "../planner-sources.ts";
import { reconcile } from "../reconcile.ts";
import { LENDING_GOAL, type Lending, startLending } from "../targets/lending.ts";
import { startRenamed } from "../targets/renamed-server.ts";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const csv = (rows: readonly object[]): string =>
  [Object.keys(rows[0] ?? {}).join(","), ...rows.map((row) => Object.values(row).join(","))].join("\n");

/** Runs 20 sessions of a goal against an API that is known by its document alone. */
async function sessions(options: {
  url: string;
  document: unknown;
  prompt: string;
  data: string;
  secret: string;
  success: string;
}) {
  const folder = await ProjectFolder.create({
    "api.json": JSON.stringify(options.document),
    "rows.csv": options.data,
    "ape.config.yaml": `version: 1
targets: { api: { baseUrl: "${options.url}", spec: ./api.json } }
goals:
  - name: goal
    prompt: ${JSON.stringify(options.prompt)}
    data: { file: ./rows.csv, unique: true, secret: [${options.secret}] }
    success: ${options.success}
load: { agents: 4, sessions: 20 }
thresholds: { session_success: ["rate>=0.95"] }
`,
  });
  closing.push(() => folder.remove());
  const { exit, stderr, stdout } = await folder.run(["start", "--seed", "3"]);
  const failed = (await folder.events()).filter(
    (event) => event.type === "session_ended" && event.outcome !== "succeeded",
  );
  expect(failed, stdout + stderr).toEqual([]);
  expect(exit).toBe(0);
  return folder;
}

async function lending(): Promise<Lending> {
  const library = await startLending();
  closing.push(() => library.close());
  return library;
}

test("the simulated model solves a second API: other words, another login, another way to page", {
  timeout: 60_000,
}, async () => {
  const library = await lending();
  await sessions({
    url: library.url,
    document: library.document,
    prompt: LENDING_GOAL,
    data: csv(library.rows),
    secret: "pin",
    success:
      '[{ action: { operation: "POST /reservations/{reservationNumber}/confirmation" } }, { action: { operation: "DELETE /desk/visits/{visitNumber}" } }]',
  });
  expect(library.books().reached).toHaveLength(20);
});

test.each([1, 2, 3])(
  "the second API under made-up names, seed %i: descriptions alone suffice",
  { timeout: 60_000 },
  async (seed) => {
    const library = await lending();
    const renamed = await startRenamed({ upstreamUrl: library.url, document: library.document, seed });
    closing.push(() => renamed.close());
    const { word } = renamed.renaming;
    await sessions({
      url: renamed.url,
      document: renamed.renaming.document,
      prompt: LENDING_GOAL,
      data: csv(library.rows),
      secret: "pin",
      success: `[{ action: { operation: "POST /${word("reservations")}/{${word("reservationNumber")}}/${word("confirmation")}" } }]`,
    });
    expect(library.books().reached).toHaveLength(20);
  },
);

test.each([1, 2])("the shop under made-up names, seed %i", { timeout: 60_000 }, async (seed) => {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const document = parse(
    readFileSync(new URL("../../examples/shop/openapi.yaml", import.meta.url), "utf8"),
  ) as Record<string, unknown>;
  const renamed = await startRenamed({ upstreamUrl: shop.url, document, seed });
  closing.push(() => renamed.close());
  const { word } = renamed.renaming;
  const folder = await sessions({
    url: renamed.url,
    document: renamed.renaming.document,
    prompt: "Log in, find a product under $50, add it to the cart, check out, log out.",
    data: accountsCsv(50, 1),
    secret: "password",
    success: `[{ action: { operation: "POST /${word("orders")}", status: 201 } }, { action: { operation: "POST /${word("logout")}" } }]`,
  });
  const record = reconcile(await folder.events(), shop.books() as Books);
  expect(record).toMatchObject({ reached: 20, onlyApe: [], onlyShop: [] });
});

test("no path and no name of the shop's fields stands in the simulated model's code", () => {
  const text = readFileSync(new URL("../../examples/shop/openapi.yaml", import.meta.url), "utf8");
  const document = parse(text) as { paths: Record<string, unknown> };
  const compound = new Set(
    Array.from(text.matchAll(/^\s+([a-z]+[A-Z]\w*):/gm), (match) => match[1] as string),
  );
  for (const standard of [
    "operationId",
    "requestBody",
    "additionalProperties",
    "bearerFormat",
    "securitySchemes",
    "minLength",
    "maxLength",
    "readOnly",
  ])
    compound.delete(standard);
  expect(compound.size).toBeGreaterThan(5);
  for (const { name, code } of plannerSources()) {
    for (const word of [...Object.keys(document.paths), ...compound])
      expect(code, `${name} has "${word}"`).not.toContain(word);
  }
});
