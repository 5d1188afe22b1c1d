import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../../test/run-directory.ts";

let folder: TestFolder;
let server: Server | undefined;
beforeEach(async () => {
  folder = await TestFolder.create();
  server = undefined;
});
afterEach(async () => {
  server?.close();
  await folder.remove();
});

test("a goal or a kind that is not there is refused, with those that are", async () => {
  const { exit, io } = await folder.run("evaluate --provider simulated --goal nothing");
  expect(exit).toBe(104);
  expect(io.stderr()).toContain('there is no goal "nothing"');
  expect(io.stderr()).toMatch(/The goals are [\w-]+(?:, [\w-]+)+\./);
  expect(io.stdout()).toBe("");
});

test.each(["--repeat 0", "--repeat 101", "--repeat many"])("evaluate %s is refused", async (options) => {
  const { exit, io } = await folder.run(`evaluate ${options}`);
  expect(exit).toBe(104);
  expect(io.stderr()).toContain("--repeat");
});

test("a server that is not there is named before anything is opened", async () => {
  server = createServer();
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server?.close(resolve));
  const { exit, io } = await folder.run(
    `evaluate --base-url http://127.0.0.1:${port}/v1 --model local --goal rest`,
  );
  expect(exit).toBeGreaterThan(100);
  expect(io.stderr()).toContain(`127.0.0.1:${port}`);
  expect(io.stderr()).toContain("Start the server, or correct `--base-url` or `inference.baseUrl`");
});
