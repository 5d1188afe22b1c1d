import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../../test/run-directory.ts";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(() => folder.remove());

test.each([
  ["demo --port 8400", "--port says nothing without --serve", "The demo takes any free port."],
  ["demo --serve --port 1023", "1024", "--port"],
  ["demo --serve --port 65536", "65535", "--port"],
  ["demo --agents 0", "at least 1", "--agents"],
])("%s is refused", async (line, message, hint) => {
  const { exit, io } = await folder.run(line);
  expect(exit).toBe(104);
  expect(io.stderr()).toContain(message);
  expect(io.stderr()).toContain(hint);
});

test("a folder that cannot be written is named", async () => {
  await folder.write(".ape", "a file");
  const { exit, io } = await folder.run("demo");
  expect(exit).toBeGreaterThan(100);
  expect(io.stderr()).toContain("RUN_DIRECTORY");
  expect(io.stderr()).toContain(".ape/demo cannot be written");
  expect(io.stderr()).toContain("use one that is writable");
});
