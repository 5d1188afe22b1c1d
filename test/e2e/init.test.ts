import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accountsCsv } from "@ape/shop/credentials";
import { startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { startBazaar } from "../targets/bazaar.ts";
import { startStall } from "../targets/stall.ts";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function folderWith(files: Record<string, string> = {}): Promise<ProjectFolder> {
  const folder = await ProjectFolder.create(files);
  closing.push(() => folder.remove());
  return folder;
}

const csv = (rows: readonly object[]): string =>
  [Object.keys(rows[0] ?? {}).join(","), ...rows.map((row) => Object.values(row).join(","))].join("\n");

test("--yes in an empty folder, with nothing running: every file, a warning, and validate is content", async () => {
  const folder = await folderWith();
  const { exit, stderr } = await folder.run(["init", "--yes", "--ci", "github", "--target", "127.0.0.1:9"]);
  expect(exit, stderr).toBe(0);
  expect(stderr).toContain("nothing answers at http://127.0.0.1:9 now");
  expect((await readdir(folder.directory)).sort()).toEqual(
    expect.arrayContaining([
      ".github",
      ".gitignore",
      "README.md",
      "accounts.csv",
      "ape.config.yaml",
      "ape.env",
      "ape.env.example",
      "ape.prompt.md",
      "package.json",
    ]),
  );
  expect((await stat(join(folder.directory, "ape.env"))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folder.directory, "ape.config.yaml"), "utf8")).toMatch(
    /^# yaml-language-server: \$schema=/,
  );
  expect((await folder.run(["validate"])).exit).toBe(0);
  expect((await folder.run(["generate", "--check"])).exit).toBe(0);
});

test("a second time nothing is written over, and a configuration of one's own ends it", async () => {
  const folder = await folderWith({ "README.md": "mine", "package.json": '{"name":"mine"}' });
  const read = (name: string): Promise<string> => readFile(join(folder.directory, name), "utf8");
  expect((await folder.run(["init", "--yes", "--target", "9"])).stdout).toContain("README.md (kept)");
  expect(await read("README.md")).toBe("mine");
  expect(JSON.parse(await read("package.json"))).toMatchObject({
    name: "mine",
    scripts: { load: "ape-test start" },
  });
  const again = await folder.run(["init", "--yes", "--target", "9"]);
  expect(again.stdout).toContain("ape.config.yaml (as it was)");
  await writeFile(join(folder.directory, "ape.prompt.md"), "my words");
  const other = await folder.run(["init", "--yes", "--target", "10"]);
  expect(other.exit).toBe(104);
  expect(other.stderr).toContain("there is an ape.config.yaml in");
  const over = await folder.run(["init", "--yes", "--target", "10", "--overwrite"]);
  expect(over.stdout).toContain("ape.config.yaml (written over)");
  expect(await read("ape.prompt.md")).not.toBe("my words");
});

test("what ape.prompt.md says stands in the prompts", { timeout: 60_000 }, async () => {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const folder = await folderWith({ "people.csv": accountsCsv(20, 1) });
  await folder.run(["init", "--yes", "--target", shop.url, "--data", "people.csv", "--agents", "2"]);
  const file = join(folder.directory, "ape.config.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("provider: simulated", "provider: simulated\n  logPrompts: true"));
  await writeFile(
    join(folder.directory, "ape.prompt.md"),
    "<!-- an editorial remark -->\nAlways greet the owl.",
  );
  expect((await folder.runSessions(4)).succeeded).toBe(4);
  const events = JSON.stringify(await folder.events());
  expect(events.includes("Always greet the owl.")).toBe(true);
  expect(events.includes("an editorial remark")).toBe(false);
});

test("from nothing to a good run: the shop's own document gives goals, checks and columns", {
  timeout: 60_000,
}, async () => {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const folder = await folderWith({ "people.csv": accountsCsv(50, 1) });
  const made = await folder.run([
    "init",
    "--yes",
    "--target",
    shop.url,
    "--data",
    "people.csv",
    "--agents",
    "4",
  ]);
  expect(made.stdout).toContain("orders, browse");
  expect(await folder.runSessions(12)).toMatchObject({ ended: 12, succeeded: 12 });
});

test("from nothing to a good run against GraphQL and against a form application", {
  timeout: 60_000,
}, async () => {
  const bazaar = await startBazaar();
  closing.push(() => bazaar.close());
  const stall = await startStall();
  closing.push(() => stall.close());
  for (const { url, rows, words } of [
    {
      url: bazaar.url,
      rows: bazaar.rows,
      words: "Sign in, find a listing under $50, put it into the basket, check out, sign out.",
    },
    {
      url: stall.url,
      rows: stall.rows,
      words: "Log in, find a book under $50, add it to the basket, check out, log out.",
    },
  ]) {
    const folder = await folderWith({ "people.csv": csv(rows) });
    const made = await folder.run([
      "init",
      "--yes",
      "--target",
      url,
      "--data",
      "people.csv",
      "--goal",
      words,
    ]);
    expect(made.exit, made.stderr).toBe(0);
    const config = await readFile(join(folder.directory, "ape.config.yaml"), "utf8");
    expect(await folder.runSessions(8), config).toMatchObject({ ended: 8, succeeded: 8 });
  }
});

test("from a k6 script and from an OpenAPI document to a good run", { timeout: 60_000 }, async () => {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const script = `import http from "k6/http";
import { check } from "k6";
export const options = { vus: 3, duration: "30s", thresholds: { http_req_failed: ["rate<0.1"] } };
export default () => {
  http.get("${shop.url}/products");
};
`;
  const folder = await folderWith({ "load.js": script });
  const scripted = await folder.run(["init", "a", "--yes", "--k6", "load.js"]);
  expect(scripted.exit, scripted.stderr).toBe(0);
  const config = await readFile(join(folder.directory, "a/ape.config.yaml"), "utf8");
  expect(config).toContain("agents: 3");
  expect(config).toContain("GET /products");
  expect(config).toContain("rate<0.1");
  const described = await folder.run(["init", "b", "--yes", "--openapi", `${shop.url}/openapi.yaml`]);
  expect(described.exit, described.stderr).toBe(0);
  expect(described.stderr).toContain("left out: DELETE /cart/items/{productId}");
  expect(await readFile(join(folder.directory, "b/ape.config.yaml"), "utf8")).toContain("POST /orders");
  for (const name of ["a", "b"])
    expect((await folder.run(["validate", "--config", `${name}/ape.config.yaml`])).exit).toBe(0);
  const sessions = await folder.runSessions(4, ["--config", "a/ape.config.yaml"]);
  expect(sessions.succeeded).toBe(4);
});

test("without a terminal and without --yes it ends at once and says what to add", async () => {
  const folder = await folderWith();
  const { exit, stderr } = await folder.run(["init"]);
  expect(exit).toBe(104);
  expect(stderr).toContain("--yes");
  expect(await readdir(folder.directory)).toEqual([]);
});
