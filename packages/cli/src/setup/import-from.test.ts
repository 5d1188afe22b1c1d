import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImportKind } from "@ape/setup/import/imported";
import { expect, onTestFinished, test } from "vitest";
import { importFrom, importSaid } from "./import-from.ts";

const HAR = JSON.stringify({
  log: {
    entries: [
      {
        startedDateTime: "2026-01-01T00:00:00Z",
        request: { method: "GET", url: "http://shop.example/products", headers: [], queryString: [] },
        response: {
          status: 200,
          headers: [],
          content: { mimeType: "application/json", text: '[{"id":1}]', size: 10 },
        },
      },
    ],
  },
});
const POSTMAN = JSON.stringify({
  info: { name: "Shop", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
  item: [{ name: "List", request: { method: "GET", url: "{{base}}/products" } }],
});
const ENVIRONMENT = JSON.stringify({
  name: "dev",
  values: [{ key: "base", value: "http://dev.example", enabled: true }],
});
const K6 = `import http from "k6/http";
export const options = { vus: 3, duration: "30s" };
export default function () { http.get("http://shop.example/products"); }
`;
const OPENAPI = `openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: "http://shop.example" }]
paths: { /products: { get: { responses: { "200": { description: Products } } } } }
`;

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ape-import-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** A server that answers each path with a status and a text. */
async function serverOf(answers: Record<string, readonly [status: number, text: string]>): Promise<string> {
  const server = createServer((request, response) => {
    const [status, text] = answers[request.url ?? ""] ?? [404, ""];
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each<[Parameters<typeof importSaid>[0], ReturnType<typeof importSaid>]>([
  [{}, undefined],
  [{ har: "a.har" }, { kind: "har", source: "a.har" }],
  [{ openapi: "http://a.example/o.json" }, { kind: "openapi", source: "http://a.example/o.json" }],
  [{ k6: "a.js" }, { kind: "k6", source: "a.js" }],
  [{ postman: "c.json" }, { kind: "postman", source: "c.json" }],
  [
    { postman: "c.json", postmanEnv: "e.json" },
    { kind: "postman", source: "c.json", environment: "e.json" },
  ],
])("%j says %j", (options, said) => {
  expect(importSaid(options)).toEqual(said);
});

test.each<[Parameters<typeof importSaid>[0], RegExp, string]>([
  [{ har: "a", k6: "b" }, /^--(har|k6) and --(har|k6) contradict one another$/, "Give one of them."],
  [{ postmanEnv: "e" }, /^--postman-env goes with --postman$/, "Name the collection, too."],
  [{ har: "a", postmanEnv: "e" }, /^--postman-env goes with --postman$/, "Name the collection, too."],
])("%j is refused", (options, message, hint) => {
  expect(() => importSaid(options)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message), hint }),
  );
});

test("each kind is read from a file of the folder", async () => {
  const cwd = await folderWith({
    "a.har": HAR,
    "c.json": POSTMAN,
    "e.json": ENVIRONMENT,
    "t.js": K6,
    "o.yaml": OPENAPI,
  });
  const read = async (kind: ImportKind, source: string, environment?: string) => {
    const { imported, spec } = await importFrom(kind, source, cwd, environment);
    return [imported.baseUrl, imported.agents, spec];
  };
  expect(await read("har", "a.har")).toEqual(["http://shop.example", undefined, undefined]);
  expect(await read("postman", "c.json", "e.json")).toEqual(["http://dev.example", undefined, undefined]);
  expect(await read("k6", "t.js")).toEqual(["http://shop.example", 3, undefined]);
  expect(await read("openapi", "o.yaml")).toEqual(["http://shop.example", undefined, "o.yaml"]);
});

test("a file may be at a URL; what is not there is named", async () => {
  const url = await serverOf({ "/a.har": [200, HAR], "/gone.har": [410, HAR] });
  const { imported } = await importFrom("har", `${url}/a.har`, "/");
  expect(imported.baseUrl).toBe("http://shop.example");
  for (const source of [`${url}/gone.har`, `${url}/other`, "no-such.har"])
    await expect(importFrom("har", source, tmpdir())).rejects.toMatchObject({
      code: "FILE_MISSING",
      message: `${source} cannot be read`,
      hint: "Name a file or a URL that is there.",
    });
  await expect(importFrom("har", `${url}/gone.har`, "/")).rejects.toMatchObject({
    cause: expect.objectContaining({ message: "it answered 410" }),
  });
});
