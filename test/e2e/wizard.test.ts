import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startBazaar } from "../targets/bazaar.ts";
import { startNotes } from "../targets/notes.ts";
import { startStall } from "../targets/stall.ts";
import { ProjectFolder } from "./ape.ts";
import { CTRL_C, CTRL_U, DOWN, ENTER, hasTerminal, SPACE, sitDown, UP } from "./terminal.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A newcomer's answers from the address of a system on, up to the files; what needs no thought is Enter. */
interface Newcomer {
  start(): Promise<{ url: string; rows?: readonly object[]; close(): Promise<void> }>;
  answers: readonly (readonly [question: string, ...keys: string[]])[];
  /** What the wizard says at the end, in one line. */
  proven: RegExp;
}

const goal = (words: string, ...proof: (readonly [string, ...string[]])[]): Newcomer["answers"] => [
  ["The goal, as you would say it", words, ENTER],
  ...proof,
  ["Another goal?", ENTER],
];

const SIGN_IN: readonly (readonly [string, ...string[]])[] = [
  ["Which accounts do agents use?", DOWN, DOWN, ENTER],
  ["The file", "people.csv", ENTER],
];

/** What each kind of newcomer types, besides Enter. */
const NEWCOMERS: readonly (readonly [string, Newcomer])[] = [
  [
    "a REST API without a document",
    {
      start: startNotes,
      answers: [
        ["What is it?", ENTER],
        ["Where is its OpenAPI document?", ENTER],
        ["Which credentials does every call carry?", ENTER],
        ["Which accounts do agents use?", ENTER],
        ["What do agents want?", DOWN, SPACE, UP, SPACE, ENTER],
        ...goal('Write a note with the text "Hello there".', [
          "An operation that proves it",
          "POST /notes 201",
          ENTER,
        ]),
        ["Which calls may agents make", ENTER],
      ],
      proven: /proven: .*Write a note/,
    },
  ],
  [
    "a GraphQL API",
    {
      start: () => startBazaar(),
      answers: [
        ["What is it?", ENTER],
        ["Where is its schema?", ENTER],
        ["Which credentials does every call carry?", ENTER],
        ...SIGN_IN,
        ["What do agents want?", DOWN, DOWN, SPACE, UP, UP, SPACE, ENTER],
        ...goal("Sign in, find a listing under $50, put it into the basket and check out.", [
          "What proves that it was reached?",
          ENTER,
        ]),
      ],
      proven: /proven: .*check out/,
    },
  ],
  [
    "a form application",
    {
      start: () => startStall(),
      answers: [
        ["What is it?", ENTER],
        ["Which credentials does every call carry?", ENTER],
        ...SIGN_IN,
        ["What do agents want?", DOWN, DOWN, SPACE, UP, UP, SPACE, ENTER],
        ...goal(
          "Log in, find a book under $40, put it into the basket and check out.",
          ["What proves that it was reached?", UP, SPACE, ENTER],
          ["An operation that proves it", "POST /till", ENTER],
        ),
      ],
      proven: /proven: .*check out/,
    },
  ],
];

test.skipIf(!hasTerminal).each(NEWCOMERS)(
  "at a real terminal: from nothing to a proven test of %s",
  { timeout: 90_000 },
  async (_, { start, answers, proven }) => {
    const system = await start();
    closing.push(() => system.close());
    const { rows = [] } = system;
    const csv = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].join("\n");
    const folder = await ProjectFolder.create(rows.length > 0 ? { "people.csv": csv } : {});
    closing.push(() => folder.remove());
    const sitting = sitDown(["init", "load"], folder.directory);
    closing.push(() => sitting.leave());
    await sitting.answer("What do you begin with?", ENTER);
    await sitting.answer("Where does it run?", ENTER);
    await sitting.answer("What is under test?", CTRL_U, system.url, ENTER);
    for (const [question, ...keys] of answers) await sitting.answer(question, ...keys);
    await sitting.answer("How many agents at once?", CTRL_U, "3", ENTER);
    await sitting.answer("For how long?", CTRL_U, "20s", ENTER);
    await sitting.answer("Who decides what agents do?", ENTER);
    await sitting.answer("A workflow for CI?", ENTER);
    await sitting.answer("Is this right?", ENTER);
    await sitting.answer("files?", ENTER);
    await sitting.answer("Make it a git repository?", "n");
    await sitting.answer("Install ape-test there now?", "n");
    await sitting.answer("Try one session now", ENTER);
    expect(await sitting.finished, sitting.shown()).toBe(0);
    expect(sitting.shown()).toMatch(proven);
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
