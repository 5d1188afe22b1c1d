import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accountsCsv } from "@ape/shop/credentials";
import { startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { ProjectFolder } from "./ape.ts";
import { CTRL_C, CTRL_U, DOWN, ENTER, hasTerminal, sitDown } from "./terminal.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test.skipIf(!hasTerminal)(
  "at a real terminal: questions, a look at the answers, the files, a good run",
  {
    timeout: 90_000,
  },
  async () => {
    const shop = await startShop({});
    closing.push(() => shop.close());
    const folder = await ProjectFolder.create({ "people.csv": accountsCsv(20, 1) });
    closing.push(() => folder.remove());
    const sitting = sitDown(["init", "load"], folder.directory);
    closing.push(() => sitting.leave());
    await sitting.answer("What do you begin with?", ENTER);
    await sitting.answer("Where does it run?", ENTER);
    await sitting.answer("What is under test?", CTRL_U, shop.url, ENTER);
    await sitting.answer("What is it?", ENTER);
    await sitting.answer("Where is its OpenAPI document?", ENTER);
    await sitting.answer("Which credentials does every call carry?", ENTER);
    await sitting.answer("Which accounts do agents use?", ENTER);
    await sitting.answer("What do agents want?", ENTER);
    await sitting.answer("How many agents at once?", CTRL_U, "3", ENTER);
    await sitting.answer("For how long?", CTRL_U, "20s", ENTER);
    await sitting.answer("Who decides what agents do?", ENTER);
    await sitting.answer("A workflow for CI?", ENTER);
    await sitting.answer("change: Accounts", DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, ENTER);
    await sitting.answer("Which accounts do agents use?", DOWN, DOWN, ENTER);
    await sitting.answer("The file", "people.csv", ENTER);
    await sitting.answer("20 rows of email, password; hidden from models: password");
    await sitting.answer("Is this right?", ENTER);
    await sitting.answer("ape.config.yaml  new");
    await sitting.answer("files?", ENTER);
    await sitting.answer("Make it a git repository?", ENTER);
    await sitting.answer("Install ape-test there now?", "n");
    await sitting.answer("Try one session now", "n");
    expect(await sitting.finished, sitting.shown()).toBe(0);
    const made = join(folder.directory, "load");
    expect(await readdir(made)).toEqual(expect.arrayContaining([".git", "ape.config.yaml", "package.json"]));
    expect(await readFile(join(made, "ape.config.yaml"), "utf8")).toContain("file: ../people.csv");
    const sessions = await folder.runSessions(4, ["--config", "load/ape.config.yaml"]);
    expect(sessions.succeeded).toBe(4);
  },
);

test.skipIf(!hasTerminal)(
  "at a real terminal: Ctrl-C ends it with 105 and nothing is written",
  {
    timeout: 30_000,
  },
  async () => {
    const folder = await ProjectFolder.create();
    closing.push(() => folder.remove());
    await writeFile(join(folder.directory, "there"), "");
    const sitting = sitDown(["init"], folder.directory);
    closing.push(() => sitting.leave());
    await sitting.answer("What do you begin with?", CTRL_C);
    expect(await sitting.finished).toBe(105);
    expect(sitting.shown()).toContain("cancelled: nothing was written");
    expect(await readdir(folder.directory)).toEqual(["there"]);
  },
);
