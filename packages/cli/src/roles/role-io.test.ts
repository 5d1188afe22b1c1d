import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { busAccessOf } from "@ape/engine/bus/bus-access";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testIo } from "../../test/test-io.ts";
import { roleIo } from "./role-io.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-role-io-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("token and variables come from the files; the environment itself wins over the file of variables", async () => {
  await writeFile(join(folder, "token"), "run-token\n");
  await writeFile(join(folder, "variables"), JSON.stringify({ KEY: "from file", OTHER: "multi\nline # x" }));
  const { env } = await roleIo(
    testIo({
      env: {
        APE_TOKEN_FILE: join(folder, "token"),
        APE_VARIABLES_FILE: join(folder, "variables"),
        KEY: "from environment",
      },
    }),
  );
  expect(env).toMatchObject({ APE_TOKEN: "run-token", KEY: "from environment", OTHER: "multi\nline # x" });
});

test("without such files the environment stays as it is, and a missing file is named", async () => {
  const io = testIo({ env: { APE_TOKEN: "t" } });
  expect(await roleIo(io)).toBe(io);
  await expect(roleIo(testIo({ env: { APE_TOKEN_FILE: join(folder, "none") } }))).rejects.toMatchObject({
    code: "FILE_MISSING",
    message: expect.stringContaining("APE_TOKEN_FILE"),
  });
});

test("the access to the message bus comes from its file", async () => {
  const file = join(folder, "bus.json");
  await writeFile(file, JSON.stringify({ url: "nats://nats:4222", token: "t" }));
  const { env } = await roleIo(testIo({ env: { APE_BUS_FILE: file } }));
  expect(busAccessOf(env)).toEqual({ url: "nats://nats:4222", token: "t" });
});
