import { EXIT } from "@ape/core/lib/errors";
import { expect, test } from "vitest";
import { testIo } from "../../test/test-io.ts";
import { serveAgents } from "./agents.ts";
import { serveEngine } from "./engine.ts";
import { runEvents } from "./run-events.ts";

const ADDRESS = { host: "127.0.0.1", port: 0 };

test.each([
  [{}, "APE_RUN"],
  [{ APE_RUN: "r" }, "APE_TOKEN"],
  [{ APE_RUN: "r", APE_TOKEN: "t" }, "APE_PLANE"],
])("agents with %j lack %s", async (env, missing) => {
  const io = testIo({ env: env as Record<string, string> });
  await expect(serveAgents(io, ADDRESS)).rejects.toMatchObject({
    code: "ENV_MISSING",
    message: expect.stringContaining(missing),
    hint: expect.stringContaining("--runtime compose"),
  });
});

test("a signal before there is a bus ends agents at once", async () => {
  const io = testIo({ env: { APE_RUN: "r", APE_TOKEN: "t" } });
  await serveAgents(io, ADDRESS).catch(() => undefined);
  io.interrupt("SIGTERM");
  expect(io.left).toEqual([EXIT.drained]);
});

test.each([
  [{}, "APE_RUN", false],
  [{ APE_RUN: "r" }, "APE_BUS", true],
  [{ APE_RUN: "r", APE_BUS: '{"url":"nats://127.0.0.1:1"}' }, "APE_RESULTS", true],
  [{ APE_RUN: "r", APE_PLANE: "nats://127.0.0.1:1" }, "APE_RESULTS", true],
])("an engine with %j lacks %s; it greets as soon as it knows its run", async (env, missing, greets) => {
  const io = testIo({ env: env as Record<string, string> });
  await expect(serveEngine(io)).rejects.toMatchObject({
    code: "ENV_MISSING",
    message: expect.stringContaining(missing),
    hint: expect.stringContaining("--runtime kubernetes"),
  });
  expect(io.stdout() !== "").toBe(greets);
});

test.each([
  {},
  { APE_RUN: "r" },
  { APE_PLANE: "nats://127.0.0.1:1" },
  { APE_RUN: "", APE_PLANE: "nats://127.0.0.1:1" },
])("without a run or a bus no events are sent: %j", async (env) => {
  expect(await runEvents({ env }, "gateway")).toBeUndefined();
});
