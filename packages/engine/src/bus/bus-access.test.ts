import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { busSettings } from "@ape/core/config/runtime/bus";
import { afterEach, beforeEach, expect, test } from "vitest";
import { busAccess, busAccessOf } from "./bus-access.ts";

const OWN = { url: "nats://127.0.0.1:4222", token: "run" };

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-bus-access-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("without an address it is the run's own bus, with the configured limits", async () => {
  const settings = busSettings.parse({ maxBytes: "10MB", maxAge: "2h" });
  expect(await busAccess(settings, OWN, folder)).toEqual({
    ...OWN,
    replicas: 1,
    maxBytes: 10 * 1024 * 1024,
    maxAgeMs: 7_200_000,
  });
});

test("an existing NATS is entered with its own credentials, never with the run's token", async () => {
  await writeFile(join(folder, "run.creds"), "-----BEGIN NATS USER JWT-----");
  await writeFile(join(folder, "ca.pem"), "-----BEGIN CERTIFICATE-----");
  const at = (credentials: object) =>
    busAccess(busSettings.parse({ url: "tls://nats.example:4222", credentials, replicas: 3 }), OWN, folder);
  const common = { url: "tls://nats.example:4222", replicas: 3, maxAgeMs: expect.any(Number) as number };
  expect(await at({ user: "ape", password: "p" })).toEqual({ ...common, user: "ape", password: "p" });
  expect(await at({ token: "t" })).toEqual({ ...common, token: "t" });
  expect(await at({ file: "run.creds" })).toEqual({ ...common, creds: "-----BEGIN NATS USER JWT-----" });
  const tls = busSettings.parse({ url: "tls://n:1", tls: { ca: "ca.pem" } });
  expect(await busAccess(tls, OWN, folder)).toMatchObject({ tls: { ca: "-----BEGIN CERTIFICATE-----" } });
  await expect(at({ file: "none.creds" })).rejects.toMatchObject({ code: "FILE_MISSING" });
});

test.each([
  ["two kinds of credentials", { url: "nats://n:1", credentials: { user: "a", token: "b" } }],
  ["credentials in the address", { url: "nats://a:b@n:1" }],
  ["replicas of the run's own server", { replicas: 3 }],
  ["credentials of no address", { credentials: { token: "t" } }],
  ["another protocol", { url: "http://n:1" }],
])("%s are refused", (_what, bus) => {
  expect(busSettings.safeParse(bus).success).toBe(false);
});

test("a role reads its access from one JSON object, from an address with the token, or has none", () => {
  expect(busAccessOf({})).toBeUndefined();
  expect(busAccessOf({ APE_PLANE: "nats://n:1", APE_TOKEN: "t" })).toEqual({ url: "nats://n:1", token: "t" });
  expect(busAccessOf({ APE_BUS: '{"url":"nats://n:1"}', APE_PLANE: "nats://other:1" })).toEqual({
    url: "nats://n:1",
  });
  for (const text of ["{", "[]", "{}", '"nats://n:1"'])
    expect(() => busAccessOf({ APE_BUS: text })).toThrow(expect.objectContaining({ code: "ENV_MISSING" }));
});
