import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startBazaar } from "../targets/bazaar.ts";
import { startDepot } from "../targets/depot.ts";
import { startHarbour } from "../targets/harbour.ts";
import { startLending } from "../targets/lending.ts";
import { startStall } from "../targets/stall.ts";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Stage {
  /** Variables that the template reads. */
  env: Record<string, string>;
  rows?: readonly object[];
  /** What the system itself wrote down of goals that were reached. */
  done?: () => number;
}

/** The systems that the templates are written for. */
const STAGES: Record<string, () => Promise<Stage & { close(): Promise<unknown> }>> = {
  async rest() {
    const library = await startLending();
    return { env: { LIBRARY_URL: library.url }, rows: library.rows, close: library.close };
  },
  async graphql() {
    const market = await startBazaar();
    return {
      env: { MARKET_URL: market.url },
      rows: market.rows,
      done: () => market.purchases().length,
      close: market.close,
    };
  },
  async web() {
    const stall = await startStall();
    return {
      env: { STALL_URL: stall.url },
      rows: stall.rows,
      done: () => stall.orders().length,
      close: stall.close,
    };
  },
  async mcp() {
    const harbour = await startHarbour();
    return { env: { HARBOUR_URL: harbour.url }, done: () => harbour.rentals().length, close: harbour.close };
  },
  async services() {
    const depot = await startDepot();
    return {
      env: {
        TOKEN_URL: depot.tokenUrl,
        CATALOGUE_URL: depot.catalogueUrl,
        ORDERS_URL: depot.ordersUrl,
        CLIENT_SECRET: depot.clientSecret,
      },
      done: () => {
        // Whether something answers at all, validate and start ask each service once, without a token.
        expect(depot.refused()).toBeLessThanOrEqual(4);
        expect(depot.tokens()).toBeLessThanOrEqual(6);
        return depot.orders().length;
      },
      close: depot.close,
    };
  },
};

const csv = (rows: readonly object[]): string =>
  `${[Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map((row) => row.join(",")).join("\n")}\n`;

test.each(Object.keys(STAGES))(
  "the template %s, from --template to a good run",
  { timeout: 90_000 },
  async (name) => {
    const stage = await (STAGES[name] as (typeof STAGES)[string])();
    closing.push(stage.close);
    const folder = await ProjectFolder.create();
    closing.push(() => folder.remove());
    const made = await folder.run(["init", "--yes", "--template", name, "--ci", "github"]);
    expect(made.exit, made.stderr).toBe(0);
    const files = await readdir(folder.directory);
    expect(files).toEqual(
      expect.arrayContaining(["README.md", "ape.config.yaml", "ape.prompt.md", "package.json"]),
    );
    if (stage.rows !== undefined) {
      const before = await readFile(join(folder.directory, "accounts.csv"), "utf8");
      expect(before.split("\n")[0]).toBe(Object.keys(stage.rows[0] ?? {}).join(","));
      await writeFile(join(folder.directory, "accounts.csv"), csv(stage.rows));
    }
    const looked = await folder.run(["validate"], stage.env);
    expect(looked.exit, looked.stdout).toBe(0);
    expect(looked.stdout).not.toContain("nothing proves");
    const { ended, succeeded, byGoal } = await folder.runSessions(8, ["--seed", "3"], stage.env);
    expect({ ended, succeeded }, JSON.stringify((await folder.summary()).failures)).toEqual({
      ended: 8,
      succeeded: 8,
    });
    if (stage.done !== undefined) expect(stage.done()).toBe(8);
    else expect(Object.keys(byGoal).sort()).toEqual(["browse", "reserve"]);
  },
);

test("--list-templates says what each is", async () => {
  const folder = await ProjectFolder.create();
  closing.push(() => folder.remove());
  const { stdout, exit } = await folder.run(["init", "--list-templates"]);
  expect(exit).toBe(0);
  for (const name of Object.keys(STAGES)) expect(stdout).toMatch(new RegExp(`^${name} {2,}\\S.{10,}$`, "m"));
  const wrong = await folder.run(["init", "--yes", "--template", "grapql"]);
  expect(wrong.exit).toBe(104);
  expect(wrong.stderr).toContain('did you mean "graphql"?');
});
