import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { busSettings } from "@ape/core/config/runtime/bus";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasNatsServer } from "../../test/nats-server.ts";
import { freePort } from "../host/free-port.ts";
import { busAccess } from "./bus-access.ts";
import { openNatsBus } from "./nats.ts";

let folder = "";
let port = 0;
let server: ChildProcess | undefined;

/** Makes an authority, and certificates of it for the server and for a client. */
function makeCertificates(): void {
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-days",
    "2",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=authority",
  );
  for (const name of ["server", "client"]) {
    openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    openssl(
      ...[
        "x509",
        "-req",
        "-days",
        "2",
        "-in",
        `${name}.csr`,
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
      ],
      ...["-out", `${name}.pem`, "-extfile", "names"],
    );
  }
}

beforeAll(async () => {
  if (!hasNatsServer) return;
  folder = await mkdtemp(join(tmpdir(), "ape-nats-tls-"));
  await writeFile(join(folder, "names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  makeCertificates();
  port = await freePort();
  await writeFile(
    join(folder, "nats.conf"),
    `listen: "127.0.0.1:${port}"
authorization { user: load, password: secret }
tls { cert_file: "${folder}/server.pem", key_file: "${folder}/server.key", ca_file: "${folder}/ca.pem", verify: true }
jetstream { store_dir: "${folder}/store" }
`,
  );
  server = spawn("nats-server", ["--config", join(folder, "nats.conf")], { stdio: "ignore" });
});
afterAll(async () => {
  if (!hasNatsServer) return;
  const ended = new Promise((resolve) => server?.once("exit", resolve));
  server?.kill("SIGKILL");
  await ended;
  await rm(folder, { recursive: true });
});

/** Opens the bus that `bus` of a configuration describes. */
async function open(tls: object, patienceMs: number) {
  const settings = busSettings.parse({
    url: `nats://127.0.0.1:${port}`,
    credentials: { user: "load", password: "secret" },
    tls,
  });
  return openNatsBus({
    ...(await busAccess(settings, { url: "", token: "" }, folder)),
    run: "tls",
    patienceMs,
  });
}

test.skipIf(!hasNatsServer)(
  "a server with a certificate of a company's authority, which wants one of the client, is a message bus",
  { timeout: 30_000 },
  async () => {
    const bus = await open({ ca: "ca.pem", cert: "client.pem", key: "client.key" }, 20_000);
    try {
      await bus.append("n", "message");
      const read = new Promise((resolve) => {
        void bus.follow("n", "first", ({ text }) => resolve(text));
      });
      expect(await read).toBe("message");
      await bus.forget();
    } finally {
      await bus.close();
    }
  },
);

test.skipIf(!hasNatsServer)(
  "a server whose authority is unknown, or that misses the client's certificate, is given up",
  { timeout: 30_000 },
  async () => {
    await expect(open({ cert: "client.pem", key: "client.key" }, 1_000)).rejects.toThrow(/does not answer/);
    await expect(open({ ca: "ca.pem" }, 1_000)).rejects.toThrow(/does not answer/);
  },
);
