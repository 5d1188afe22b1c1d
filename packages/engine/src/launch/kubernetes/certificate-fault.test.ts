import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateFault } from "./certificate-fault.ts";
import type { KubeAccess } from "./kube-access.ts";
import { KubeApi } from "./kube-api.ts";

let folder = "";
const pem: Record<string, string> = {};
let server: ReturnType<typeof createServer>;
let url = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-certificates-"));
  for (const name of ["server", "client"]) {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const files = ["-keyout", `${name}.key`, "-out", `${name}.crt`];
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", ...key, ...files, "-days", "2", "-subj", `/CN=${name}`],
        ...["-addext", "subjectAltName=IP:127.0.0.1"],
      ],
      { cwd: folder, stdio: "ignore" },
    );
    for (const kind of ["key", "crt"])
      pem[`${name}.${kind}`] = await readFile(join(folder, `${name}.${kind}`), "utf8");
  }
  // As the API server does: it refuses an unknown client in its answer.
  server = createServer(
    { cert: pem["server.crt"], key: pem["server.key"], requestCert: true, rejectUnauthorized: false },
    (_request, answer) => answer.writeHead(401).end('{"message":"Unauthorized"}'),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function failureWith(access: Partial<KubeAccess>): Promise<unknown> {
  const api = new KubeApi({ server: url, namespace: "team", ...access });
  const failure = await api.version().catch((thrown: unknown) => thrown);
  await api.close();
  return failure;
}

test.each<[string, () => Partial<KubeAccess>, RegExp]>([
  ["no authority", () => ({}), /is of an authority that is not known, and the kubeconfig has no/],
  ["a broken authority", () => ({ ca: "CA" }), /the certificate-authority of the kubeconfig is no cert/],
  [
    "another authority",
    () => ({ ca: pem["client.crt"] as string }),
    /is not of the certificate-authority of the/,
  ],
  ["another name", () => ({ ca: pem["server.crt"] as string, serverName: "k.example" }), /for another name/],
  ["a broken client certificate", () => own({ cert: "x" }), /client-certificate is no certificate/],
  ["a broken client key", () => own({ key: "x" }), /client-key is no private key/],
  ["the key of another certificate", () => own({ key: pem["server.key"] as string }), /does not belong to/],
])("%s is named in place of a cluster that does not answer", async (_what, access, words) => {
  expect(await failureWith(access())).toMatchObject({
    code: "CONTAINERS_FAILED",
    message: expect.stringMatching(words) as string,
    hint: expect.stringMatching(/./) as string,
  });
});

function own(more: Partial<KubeAccess>): Partial<KubeAccess> {
  return { ca: pem["server.crt"], cert: pem["client.crt"], key: pem["client.key"], ...more } as KubeAccess;
}

test("a refusal names a client certificate that has expired, and no certificate if there is nothing wrong with it", async () => {
  expect(await failureWith(own({}))).toMatchObject({
    message: "Kubernetes refuses (401): Unauthorized",
    hint: expect.stringMatching(/credentials of the kubeconfig are refused/) as string,
  });
  const access = own({}) as KubeAccess;
  const in3Days = Date.now() + 3 * 24 * 60 * 60 * 1_000;
  expect(certificateFault(access, 401, in3Days)?.message).toMatch(/client-certificate expired on /);
  expect(certificateFault(access, 401, 0)?.message).toMatch(/client-certificate is not valid before /);
});

test("a cluster that is not there is no matter of certificates", () => {
  const access = { server: "https://10.0.0.1:6443", cert: "x", key: "y" };
  expect(certificateFault(access, { code: "ECONNREFUSED" }, 0)).toBeUndefined();
  expect(certificateFault(access, new Error("odd"), 0)).toBeUndefined();
  expect(
    certificateFault({ ...access, server: "http://10.0.0.1" }, { code: "UND_ERR_SOCKET" }, 0),
  ).toBeUndefined();
});
