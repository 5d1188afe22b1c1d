import { readFileSync } from "node:fs";
import { checkSchema } from "@ape/core/config/goal";
import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { startNotes } from "../targets/notes.ts";
import { startStall } from "../targets/stall.ts";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const csv = (rows: readonly object[]): string =>
  [Object.keys(rows[0] ?? {}).join(","), ...rows.map((row) => Object.values(row).join(","))].join("\n");

/** The pages with a whole configuration, and the system that each is written for. */
const PAGES = {
  "checks.md": async () => {
    const stall = await startStall();
    closing.push(() => stall.close());
    return {
      origin: new URL(stall.url).origin,
      files: { "accounts.csv": csv(stall.rows) },
      done: () => stall.orders().length,
    };
  },
  "rest-without-document.md": async () => {
    const notes = await startNotes();
    closing.push(() => notes.close());
    return { origin: notes.url, files: {}, done: () => notes.notes().length };
  },
};

test("every example of checks follows the schema", () => {
  const text = readFileSync(new URL("../../docs/how-to/checks.md", import.meta.url), "utf8");
  const examples = Array.from(
    text.matchAll(/```yaml\n(success:\n[\s\S]*?)```/g),
    ([, example = ""]) => example,
  );
  expect(examples).toHaveLength(3);
  for (const example of examples)
    for (const check of (parse(example) as { success: unknown[] }).success)
      expect(checkSchema.safeParse(check).error, example).toBeUndefined();
});

test.each(Object.keys(PAGES) as (keyof typeof PAGES)[])(
  "every command of %s does what the page says",
  { timeout: 60_000 },
  async (page) => {
    const text = readFileSync(new URL(`../../docs/how-to/${page}`, import.meta.url), "utf8");
    const { origin, files, done } = await PAGES[page]();
    const config = /```yaml\n(version: 1\n[\s\S]*?)```/.exec(text)?.[1] ?? "";
    expect(config).toContain("http://127.0.0.1:3000");
    const folder = await ProjectFolder.create({
      ...files,
      "ape.config.yaml": config.replaceAll("http://127.0.0.1:3000", origin),
    });
    closing.push(() => folder.remove());
    const commands = Array.from(text.matchAll(/^ {4}ape-test (.+)$/gm), ([, line = ""]) => line.split(" "));
    expect(commands.length).toBeGreaterThanOrEqual(3);
    for (const command of commands) {
      const { exit, stdout, stderr } = await folder.run(command);
      expect({ command, exit }, stdout + stderr).toEqual({ command, exit: 0 });
      expect(stdout).not.toContain("nothing proves");
    }
    const quoted = Array.from(
      text.matchAll(/`ape-test goals suggest "([^"`]+)"`/g),
      ([, words = ""]) => words,
    );
    for (const words of quoted) {
      const { exit, stdout } = await folder.run(["goals", "suggest", words]);
      expect(exit, stdout).toBe(0);
      expect(stdout).toContain("success:");
    }
    // One of the dry run, four of the run.
    expect(done()).toBe(5);
  },
);
