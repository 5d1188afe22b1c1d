import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTlsFiles } from "./tls-files.ts";

const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = (key: ReturnType<typeof pair>["privateKey"]) =>
  key.export({ type: "pkcs8", format: "pem" }) as string;

/** A self-signed certificate of P-256, valid until 2126 and used nowhere, and its key: made with `openssl req -x509`. */
const CERT = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUQl6Xsy8BbpgdL5NXVkK35BkihRowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODA5MDUxMFoYDzIxMjYxMTA0
MDkwNTEwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS3bNQd08/Khpy/dQxb90jVmYPCOGsYB8Q4MuzIOfKBAGW+/JWtgkQ8
HVan0kO+cWvlONU0gdGbklSw7RXTgp/Lo1MwUTAdBgNVHQ4EFgQUrGzpR2x6EIDJ
r68F1bM606LKMMgwHwYDVR0jBBgwFoAUrGzpR2x6EIDJr68F1bM606LKMMgwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBkp2RekD5hylxgFpR/iwrK
bkaw8bFNuJZtFjyKV3UQSwIgXqIQiBPnrq+OEzwKgEVImZyELzTVzOAIax2FlSLq
IBE=
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiFE3Q5Oy3kpYBBAU
mEnvO2m+scJkJ1pRclsJJjpZaf+hRANCAAS3bNQd08/Khpy/dQxb90jVmYPCOGsY
B8Q4MuzIOfKBAGW+/JWtgkQ8HVan0kO+cWvlONU0gdGbklSw7RXTgp/L
-----END PRIVATE KEY-----
`;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-tls-"));
  await writeFile(join(folder, "key.pem"), KEY);
  await writeFile(join(folder, "cert.pem"), CERT);
  await writeFile(join(folder, "other.pem"), pem(pair().privateKey));
  await writeFile(join(folder, "empty.pem"), "");
  await writeFile(
    join(folder, "garbage.pem"),
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  );
  await writeFile(join(folder, "cut.pem"), CERT.slice(0, 100));
  await writeFile(
    join(folder, "secret.pem"),
    pair().privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const open = (files: { ca?: string; cert?: string; key?: string }) =>
  readTlsFiles("shop", { insecure: false, ...files }, folder);

test.each([
  [{ cert: "cert.pem" }, "targets.shop.tls: `cert` is given without `key`"],
  [{ key: "key.pem" }, "targets.shop.tls: `key` is given without `cert`"],
  [{ ca: "empty.pem" }, "targets.shop.tls: empty.pem holds no certificate in PEM"],
  [{ ca: "key.pem" }, "targets.shop.tls: key.pem holds no certificate in PEM"],
  [{ ca: "cut.pem" }, "targets.shop.tls: cut.pem holds no certificate in PEM"],
  [{ ca: "garbage.pem" }, "targets.shop.tls: a certificate in garbage.pem cannot be read"],
  [{ cert: "key.pem", key: "cert.pem" }, "targets.shop.tls: key.pem holds no certificate in PEM"],
])("%j: %s", async (files, message) => {
  await expect(open(files)).rejects.toMatchObject({ code: "CONFIG_INVALID", message });
});

test("a certificate goes with its own key, in PEM and without a passphrase", async () => {
  for (const [wrong, message] of [
    ["other.pem", "other.pem is not the key of the certificate in cert.pem"],
    ["empty.pem", "empty.pem holds no private key in PEM"],
    ["cert.pem", "cert.pem holds no private key in PEM"],
    ["secret.pem", "the key in secret.pem is encrypted"],
  ] as const)
    await expect(open({ cert: "cert.pem", key: wrong })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: `targets.shop.tls: ${message}`,
    });
  const files = await open({ ca: "cert.pem", cert: "cert.pem", key: "key.pem" });
  expect(files.cert?.toString()).toBe(CERT);
  expect(files.ca?.toString()).toBe(CERT);
});
