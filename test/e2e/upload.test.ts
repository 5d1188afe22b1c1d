import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@ape/engine/host/free-port";
import { startShop } from "@ape/shop/shop";
import { AwsClient } from "aws4fetch";
import { expect, test } from "vitest";
import { eventually, ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

const KEYS = {
  AWS_ACCESS_KEY_ID: "owner",
  AWS_SECRET_ACCESS_KEY: "secret-of-owner",
  AWS_REGION: "us-east-1",
};

/** Whether this machine has `versitygw`, a server of the S3 protocol that checks signatures. */
const hasServer = ((): boolean => {
  try {
    execFileSync("versitygw", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** Storage with the bucket `load`, as a folder. */
async function openStorage(directory: string) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    ROOT_ACCESS_KEY: KEYS.AWS_ACCESS_KEY_ID,
    ROOT_SECRET_KEY: KEYS.AWS_SECRET_ACCESS_KEY,
  };
  const child = spawn("versitygw", ["--port", `127.0.0.1:${port}`, "posix", "--nometa", directory], {
    env,
    stdio: "ignore",
  });
  const client = new AwsClient({
    accessKeyId: KEYS.AWS_ACCESS_KEY_ID,
    secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY,
    region: KEYS.AWS_REGION,
    service: "s3",
  });
  await eventually(async () => (await client.fetch(`${url}/load`, { method: "PUT" })).ok, 20_000);
  return {
    url,
    get: async (key: string): Promise<string> => (await client.fetch(`${url}/load/${key}`)).text(),
    close: async (): Promise<void> => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

test.skipIf(!hasServer)(
  "versitygw: a run's folder is uploaded whole to storage that checks signatures, and a refusal is the run's failure",
  { timeout: 90_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "ape-storage-"));
    const storage = await openStorage(directory);
    const shop = await startShop();
    const folder = await ProjectFolder.create(
      shopping(shop.url, {
        load: "{ agents: 2, sessions: 4 }",
        more: "results: { upload: 's3://load/team a' }\n",
      }),
    );
    const keys = { ...KEYS, AWS_ENDPOINT_URL_S3: storage.url };
    try {
      const { exit, stdout } = await folder.start(["start", "--json", "--no-page"], keys).finished;
      expect(exit).toBe(0);
      const { run } = JSON.parse(stdout) as { run: { id: string } };
      const own = join(folder.directory, ".ape/runs", run.id);
      for (const path of ["summary.json", "run.json", "report.html"])
        expect(await storage.get(`team%20a/${run.id}/${path}`)).toBe(readFileSync(join(own, path), "utf8"));
      for (const name of readdirSync(join(own, "events")))
        expect((await storage.get(`team%20a/${run.id}/events/${name}`)).length).toBeGreaterThan(0);

      const wrong = { ...keys, AWS_SECRET_ACCESS_KEY: "wrong" };
      const refused = await folder.start(["start", "--no-page"], wrong).finished;
      expect(refused.exit).toBe(107);
      expect(refused.stderr).toMatch(/EXPORT_FAILED[\s\S]*403 SignatureDoesNotMatch/);

      const missing = await folder.start(["start", "--no-page"], { AWS_ACCESS_KEY_ID: "owner" }).finished;
      expect(missing.exit).toBe(104);
      expect(missing.stderr).toMatch(/AWS_SECRET_ACCESS_KEY/);
    } finally {
      await storage.close();
      await shop.close();
      await folder.remove();
      await rm(directory, { recursive: true });
    }
  },
);
