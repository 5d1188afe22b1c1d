import { expect, test } from "vitest";
import { testIo } from "../../test/test-io.ts";
import { allowedHosts, roleAddress } from "./address.ts";
import { roleLog } from "./log.ts";

test("a role listens on loopback, and elsewhere only with the run's token", () => {
  const io = testIo();
  expect(roleAddress(io, undefined, 80)).toEqual({ host: "127.0.0.1", port: 80 });
  for (const host of ["localhost", "127.0.0.1", "::1"])
    expect(roleAddress(io, host, 80)).toEqual({ host, port: 80 });
  for (const env of [{}, { APE_TOKEN: "" }] as Record<string, string>[])
    expect(() => roleAddress(testIo({ env }), "0.0.0.0", 80)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: "a role that listens on 0.0.0.0 needs the run's token",
        hint: expect.stringContaining("APE_TOKEN"),
      }),
    );
  expect(roleAddress(testIo({ env: { APE_TOKEN: "x" } }), "0.0.0.0", 80)).toEqual({
    host: "0.0.0.0",
    port: 80,
  });
});

test("names under which a role is reached come from the environment", () => {
  expect(allowedHosts(testIo())).toEqual([]);
  expect(allowedHosts(testIo({ env: { APE_ALLOWED_HOSTS: " a, b.example ,,c" } }))).toEqual([
    "a",
    "b.example",
    "c",
  ]);
});

test("a role's log is lines of JSON on the standard error, down to a level", () => {
  const written = (env: Record<string, string>): Record<string, unknown>[] => {
    const io = testIo({ env });
    const log = roleLog(io, "gateway");
    log.debug("a");
    log.info("b");
    log.error("c");
    return io
      .stderr()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  expect(written({})).toEqual([
    { level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), service: "gateway", msg: "b" },
    { level: "error", time: expect.any(String), service: "gateway", msg: "c" },
  ]);
  expect(written({ APE_LOG: "" })).toHaveLength(2);
  expect(written({ APE_LOG: "debug" })).toHaveLength(3);
  expect(written({ APE_LOG: "error" })).toHaveLength(1);
  expect(() => written({ APE_LOG: "loud" })).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: 'APE_LOG is "loud", which is no level',
      hint: "The levels are trace, debug, info, warn, error, fatal.",
    }),
  );
});
