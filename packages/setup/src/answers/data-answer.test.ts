import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountData, dataFrom, projectPath, sampleData } from "./data-answer.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-data-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ["rows.csv", "/work", "/work", "./rows.csv"],
  ["rows.csv", "/work", "/work/project", "../rows.csv"],
  ["project/rows.csv", "/work", "/work/project", "./rows.csv"],
  ["/data/rows.csv", "/work", "/work", "../data/rows.csv"],
  [".hidden.csv", "/work", "/work", ".hidden.csv"],
])("%s, given in %s, is for %s the file %s", (path, cwd, directory, file) => {
  expect(projectPath(path, { cwd, directory })).toBe(file);
});

/** What is read of a data file with this name and text. */
async function read(name: string, text: string) {
  await writeFile(join(folder, name), text);
  return dataFrom(name, { cwd: folder, directory: folder });
}

test.each([
  ["a.csv", "user,password\nann,x\nben,y\n"],
  ["b.csv", "\uFEFFuser, password\n\nann,x\n ben , y\n"],
  ["c.json", '[{"user":"ann","password":"x"},{"user":"ben","password":"y"}]'],
])("%s has columns, secret ones among them, and rows", async (name, text) => {
  expect(await read(name, text)).toEqual({
    file: `./${name}`,
    secret: ["password"],
    columns: ["user", "password"],
    rows: 2,
    first: { user: "ann", password: "x" },
  });
});

test.each([
  ["d.csv", "user,password\n", "d.csv has no row"],
  ["e.csv", "", "e.csv has no row"],
  ["f.json", "[]", "f.json has no row"],
  ["g.json", '{"user":"ann"}', "g.json has no row"],
  ["h.json", '[{"user":"ann"},1]', "h.json has no row"],
  ["i.json", "[{", "i.json is neither CSV nor JSON"],
  ["j.csv", 'user,password\n"ann,x\n', "j.csv is neither CSV nor JSON"],
])("%s with %j is refused", async (name, text, message) => {
  await expect(read(name, text)).rejects.toMatchObject({
    code: "DATA_INVALID",
    message,
    hint: expect.stringMatching(/line of a CSV file|CSV file with a header line/),
  });
});

test("a file that is not there is told", async () => {
  await expect(dataFrom("none.csv", { cwd: folder, directory: folder })).rejects.toMatchObject({
    code: "FILE_MISSING",
    message: "none.csv cannot be read",
    hint: expect.stringContaining("CSV"),
  });
});

test.each([
  [1, 10],
  [10, 10],
  [11, 11],
  [5_000, 1_000],
])("for %i agents there are %i accounts", (agents, count) => {
  const { file, secret, sample } = sampleData(undefined, agents);
  expect([file, secret, sample?.columns]).toEqual(["./accounts.csv", ["password"], ["email", "password"]]);
  expect(sample?.rows).toHaveLength(count);
  expect(sample?.rows[0]).toEqual(["user1@example.com", "change-me-1"]);
  expect(sample?.rows.at(-1)).toEqual([`user${count}@example.com`, `change-me-${count}`]);
});

test("accounts have the fields of the sign-in that the target has", () => {
  const api: ApiDescription = {
    target: "app",
    title: "t",
    documented: true,
    auth: [],
    operations: [
      {
        method: "POST",
        path: "/login",
        summary: "Log in",
        secured: false,
        fields: ["member", "pin"].map((name) => ({
          in: "body",
          name,
          type: "string",
          required: true,
          description: "",
        })),
      },
    ],
  };
  const { secret, sample } = sampleData(api, 1);
  expect([secret, sample?.columns, sample?.rows[0]]).toEqual([
    ["pin"],
    ["member", "pin"],
    ["user1", "change-me-1"],
  ]);
});

test("the account of another tool's file is the only row", () => {
  expect(accountData({ user: "ann", password: "x", city: "Rome" })).toEqual({
    file: "./accounts.csv",
    secret: ["password"],
    sample: { columns: ["user", "password", "city"], rows: [["ann", "x", "Rome"]] },
  });
});
