import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accountsCsv } from "@ape/shop/credentials";
import { startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { startBazaar } from "../targets/bazaar.ts";
import { startNotes } from "../targets/notes.ts";
import { startStall } from "../targets/stall.ts";
import { ProjectFolder } from "./ape.ts";
import { screenOf } from "./screen.ts";
import { CTRL_U, DOWN, ENTER, hasTerminal, SPACE, sitDown, UP } from "./terminal.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const csv = (rows: readonly object[]): string =>
  `${[Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map((row) => row.join(",")).join("\n")}\n`;

interface Story {
  url: string;
  /** Rows of accounts; absent if none are needed. */
  accounts?: string;
  /** The part of the goal that the last line of the wizard names as proven. */
  proven: string;
  /** Answers that only this story has. */
  kind: string[];
  spec?: string[];
  goals: (readonly [words: string, ...keys: string[]])[];
  close(): Promise<unknown>;
}

const WORDS = "The goal, as you would say it";
const STORIES: Record<string, () => Promise<Story>> = {
  async rest() {
    const shop = await startShop({});
    return {
      url: shop.url,
      accounts: accountsCsv(20, 1),
      kind: [ENTER],
      spec: [ENTER],
      goals: [["What do agents want?", ENTER]],
      proven: "check out",
      close: () => shop.close(),
    };
  },
  async graphql() {
    const bazaar = await startBazaar();
    return {
      url: bazaar.url,
      accounts: csv(bazaar.rows),
      kind: [ENTER],
      spec: [ENTER],
      goals: [["What do agents want?", ENTER]],
      proven: "check out",
      close: () => bazaar.close(),
    };
  },
  async web() {
    const stall = await startStall();
    return {
      url: stall.url,
      accounts: csv(stall.rows),
      kind: [ENTER],
      goals: [
        ["What do agents want?", SPACE, DOWN, DOWN, SPACE, ENTER],
        [WORDS, "Log in, find a book under $50, add it to the basket, check out, log out.", ENTER],
        // What is bought cannot be seen before the login: the form that ends it is typed.
        ["What proves that it was reached?", UP, SPACE, ENTER],
        ["An operation that proves it", "POST /till", ENTER],
        ["Another goal?", ENTER],
      ],
      proven: "check out",
      close: () => stall.close(),
    };
  },
  async undocumented() {
    const notes = await startNotes();
    return {
      url: notes.url,
      kind: [ENTER],
      spec: [ENTER],
      goals: [
        ["What do agents want?", SPACE, DOWN, SPACE, ENTER],
        [WORDS, "List the notes, then create a note.", ENTER],
        ["An operation that proves it", "POST /notes 201", ENTER],
        ["Another goal?", ENTER],
        ["Which calls may agents make", ENTER],
      ],
      proven: "create a note",
      close: () => notes.close(),
    };
  },
};

/**
 * Each session is played at a pseudo-terminal, from an empty folder to a good run, no file opened by hand. What the
 * terminal shows must be what the page shows; APE_RECORD=1 writes it again.
 */
test.skipIf(!hasTerminal).each(Object.keys(STORIES))(
  "the recorded session %s is what happens",
  { timeout: 90_000 },
  async (name) => {
    const story = await (STORIES[name] as (typeof STORIES)[string])();
    closing.push(story.close);
    const { accounts } = story;
    const folder = await ProjectFolder.create(accounts === undefined ? {} : { "people.csv": accounts });
    closing.push(() => folder.remove());
    const sitting = sitDown(["init", "load"], folder.directory);
    closing.push(() => sitting.leave());
    await sitting.answer("What do you begin with?", ENTER);
    await sitting.answer("Where does it run?", ENTER);
    await sitting.answer("What is under test?", CTRL_U, story.url, ENTER);
    await sitting.answer("What is it?", ...story.kind);
    if (story.spec !== undefined) await sitting.answer("Where is its", ...story.spec);
    await sitting.answer("Which credentials does every call carry?", ENTER);
    if (accounts === undefined) await sitting.answer("Which accounts do agents use?", DOWN, ENTER);
    else {
      await sitting.answer("Which accounts do agents use?", DOWN, DOWN, ENTER);
      await sitting.answer("The file", "people.csv", ENTER);
    }
    for (const [words, ...keys] of story.goals) await sitting.answer(words, ...keys);
    await sitting.answer("How many agents at once?", CTRL_U, "4", ENTER);
    await sitting.answer("For how long?", CTRL_U, "30s", ENTER);
    await sitting.answer("Who decides what agents do?", ENTER);
    await sitting.answer("A workflow for CI?", ENTER);
    await sitting.answer("Is this right?", ENTER);
    await sitting.answer("files?", ENTER);
    await sitting.answer("Make it a git repository?", "n");
    await sitting.answer("Install ape-test there now?", "n");
    await sitting.answer("Try one session now", ENTER);
    expect(await sitting.finished, sitting.shown()).toBe(0);

    expect(sitting.shown()).toMatch(
      new RegExp(`one session reached the goal "[\\w-]+"; proven: [^\n]*"${story.proven}"`),
    );
    const shown = (await screenOf(sitting.raw()))
      .replaceAll(story.url, "http://127.0.0.1:4010")
      .replaceAll(new URL(story.url).origin, "http://127.0.0.1:4010")
      .replaceAll(folder.directory, "/home/ada");
    const lines = shown.split("\n").map((line) => line.replace(/[─╮╯│]+\s*$/, "").trimEnd());
    const page = join(ROOT, "docs/sessions", `${name}.txt`);
    const text = `$ ape-test init load\n${lines.join("\n").trim()}\n`;
    if (process.env.APE_RECORD === "1") await writeFile(page, text);
    expect(text).toBe(await readFile(page, "utf8"));

    const sessions = await folder.runSessions(4, ["--config", "load/ape.config.yaml"]);
    expect(sessions.succeeded).toBe(4);
  },
);
