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

test("without a limit of bytes none is passed on", async () => {
  expect(Object.keys(await busAccess(busSettings.parse({}), OWN, folder)).sort()).toEqual([
    "maxAgeMs",
    "replicas",
    "token",
    "url",
  ]);
});

test("only what an existing NATS was given is passed on: no empty credentials, no empty files", async () => {
  const bare = await busAccess(busSettings.parse({ url: "nats://n:1", maxBytes: "1MB" }), OWN, folder);
  expect(Object.keys(bare).sort()).toEqual(["maxAgeMs", "maxBytes", "replicas", "url"]);
  const named = busSettings.parse({ url: "nats://n:1", credentials: { token: "t" } });
  expect(named.credentials).toBeDefined();
  const undefinedUser = { ...named, credentials: { ...named.credentials, user: undefined } };
  const access = await busAccess(undefinedUser as typeof named, OWN, folder);
  expect(Object.keys(access).sort()).toEqual(["maxAgeMs", "replicas", "token", "url"]);
});

test("each file of TLS is read by its own name, from the folder of the configuration or by its whole path", async () => {
  for (const name of ["ca", "cert", "key"]) await writeFile(join(folder, `${name}.pem`), `text of ${name}`);
  const tls = { ca: "ca.pem", cert: join(folder, "cert.pem"), key: "./key.pem" };
  const access = await busAccess(busSettings.parse({ url: "tls://n:1", tls }), OWN, folder);
  expect(access.tls).toEqual({ ca: "text of ca", cert: "text of cert", key: "text of key" });
});

test("a file that cannot be read is named, with the setting and the cause", async () => {
  const settings = busSettings.parse({ url: "tls://n:1", tls: { ca: "none.pem" } });
  await expect(busAccess(settings, OWN, folder)).rejects.toMatchObject({
    code: "FILE_MISSING",
    message: "none.pem, which `bus` names, cannot be read",
    cause: { code: "ENOENT" },
  });
});

test.each<[env: Record<string, string>, access: object | undefined]>([
  [{ APE_TOKEN: "t" }, undefined],
  [{ APE_BUS: "", APE_PLANE: "" }, undefined],
  [{ APE_PLANE: "nats://n:1" }, { url: "nats://n:1", token: "" }],
  [
    { APE_BUS: "", APE_PLANE: "nats://n:1", APE_TOKEN: "t" },
    { url: "nats://n:1", token: "t" },
  ],
  [
    { APE_BUS: '{"url":"nats://n:1","runToken":true}', APE_TOKEN: "t" },
    { url: "nats://n:1", runToken: true, token: "t" },
  ],
  [
    { APE_BUS: '{"url":"nats://n:1","runToken":false}', APE_TOKEN: "t" },
    { url: "nats://n:1", runToken: false },
  ],
  [
    { APE_BUS: '{"url":"nats://n:1","runToken":"yes","user":"u"}', APE_TOKEN: "t" },
    { url: "nats://n:1", runToken: "yes", user: "u" },
  ],
])("the environment %j gives the access %j", (env, access) => {
  expect(busAccessOf(env)).toEqual(access);
});

test.each(["{", "null", "7", '{"url":7}', '{"url":null}'])("APE_BUS of %s is refused, in words", (text) => {
  expect(() => busAccessOf({ APE_BUS: text, APE_PLANE: "nats://n:1" })).toThrow(
    expect.objectContaining({
      code: "ENV_MISSING",
      message: "APE_BUS is not a JSON object with a `url`",
      hint: "`ape-test start` writes the file that APE_BUS_FILE names.",
    }),
  );
});
