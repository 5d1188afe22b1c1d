import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openShop } from "./shop-process.ts";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "ape-shop-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A shop that opens in no time, and writes down at its end what it was called with. */
const SHOP = `
  import { writeFileSync } from "node:fs";
  const args = process.argv.slice(2);
  if (args.includes("closed")) { console.error("shop: closed today"); process.exit(2); }
  process.on("disconnect", () => {
    writeFileSync(args[1], JSON.stringify(args));
    process.exit(0);
  });
  process.send({ url: "http://127.0.0.1:1" });
`;

test("it opens, and closing it waits for its books", async () => {
  await writeFile(join(cwd, "shop.mjs"), SHOP);
  const books = join(cwd, "books.json");
  const shop = await openShop(join(cwd, "shop.mjs"), { faults: "{}", books, cwd });
  expect(shop.url).toBe("http://127.0.0.1:1");
  expect(existsSync(books)).toBe(false);
  await shop.close();
  await shop.close();
  expect(JSON.parse(await readFile(books, "utf8"))).toEqual(["--books", books, "--faults", "{}"]);
});

test("one that does not open is told with its own words", async () => {
  await writeFile(join(cwd, "shop.mjs"), SHOP);
  await expect(
    openShop(join(cwd, "shop.mjs"), { faults: "closed", books: join(cwd, "b.json"), cwd }),
  ).rejects.toMatchObject({
    code: "USAGE",
    message: "the shop did not open: shop: closed today",
    hint: expect.stringContaining("--faults"),
  });
});
