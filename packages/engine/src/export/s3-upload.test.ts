import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { S3Upload } from "./s3-upload.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ape-s3-"));
  await mkdir(join(directory, "events"));
  await writeFile(join(directory, "summary.json"), "{}");
  await writeFile(join(directory, "events/agents-0.0000.seg"), Buffer.of(0, 255, 10));
  await writeFile(join(directory, "control.json"), "token");
});
afterEach(() => rm(directory, { recursive: true }));

const KEYS = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

/** A server that keeps what it is sent; `answer` gives the status of each request. */
async function storage(answer: (request: IncomingMessage, count: number) => number = () => 200) {
  const put = new Map<string, Buffer>();
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      headers.push(request.headers);
      response.statusCode = answer(request, headers.length);
      if (response.statusCode === 200) put.set(request.url ?? "", Buffer.concat(chunks));
      response.end(response.statusCode === 200 ? "" : "<Error><Code>AccessDenied</Code></Error>");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { put, headers, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test("every file of the run is put below its id, signed, and what belongs to the engine alone is not", async () => {
  const { put, headers, url, close } = await storage();
  const upload = new S3Upload("s3://load/a b/", {
    ...KEYS,
    AWS_ENDPOINT_URL_S3: `${url}/`,
    AWS_REGION: "eu-1",
  });
  expect(await upload.upload(directory, "r1")).toBe(2);
  close();
  expect([...put.keys()].sort()).toEqual([
    "/load/a%20b/r1/events/agents-0.0000.seg",
    "/load/a%20b/r1/summary.json",
  ]);
  expect(put.get("/load/a%20b/r1/events/agents-0.0000.seg")).toEqual(Buffer.of(0, 255, 10));
  for (const one of headers) {
    expect(one.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/eu-1\/s3\/aws4_request/);
    expect(one["transfer-encoding"]).toBeUndefined();
  }
});

test("storage that is busy is asked again, and a refusal fails with its words", async () => {
  const busy = await storage((_request, count) => (count === 1 ? 503 : 200));
  await new S3Upload("s3://load", { ...KEYS, AWS_ENDPOINT_URL: busy.url }).upload(directory, "r1");
  busy.close();
  expect(busy.put.size).toBe(2);
  const refusing = await storage(() => 403);
  const refused = new S3Upload("s3://load", { ...KEYS, AWS_ENDPOINT_URL: refusing.url }).upload(
    directory,
    "r1",
  );
  await expect(refused).rejects.toMatchObject({
    code: "EXPORT_FAILED",
    message: expect.stringMatching(/s3:\/\/load does not take r1\/.*: 403 AccessDenied/) as string,
  });
  refusing.close();
});

test("without credentials there is no upload", () => {
  expect(() => new S3Upload("s3://load", { AWS_ACCESS_KEY_ID: "id" })).toThrow(/AWS_SECRET_ACCESS_KEY/);
});
