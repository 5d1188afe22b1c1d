import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "@ape/core/lib/json";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const rig = new Rig();
afterEach(() => rig.close());

/** The body and the content type of one POST /a whose document has the media type object. */
async function sent(bodyType: string, media: object, data: Json): Promise<{ type: string; text: string }> {
  let body = "";
  let type = "";
  const url = await rig.serve((request, response) => {
    type = request.headers["content-type"] ?? "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
  });
  const post = { requestBody: { content: { [bodyType]: media } }, responses: {} };
  await writeFile(
    join(await rig.directory(), "api.json"),
    JSON.stringify({ openapi: "3.1.0", paths: { "/a": { post } } }),
  );
  const gateway = await rig.open({ baseUrl: url, spec: "api.json" });
  expect(await rig.call(gateway, { method: "POST", path: "/a", data })).toMatchObject({ status: 200 });
  return { type, text: body };
}

const FORM = "application/x-www-form-urlencoded";
const schema = {
  type: "object",
  properties: {
    o: { type: "object", properties: { k: { type: "string" } } },
    l: { type: "array", items: { type: "string" } },
    s: { type: "string" },
  },
};

test.each<[string, object, string]>([
  ["deepObject", { o: { style: "deepObject", explode: true } }, "o%5Bk%5D=v&l=p&l=q&s=x+y"],
  ["a list with commas", { l: { style: "form", explode: false } }, "o=%7B%22k%22%3A%22v%22%7D&l=p,q&s=x+y"],
  ["a list with bars", { l: { style: "pipeDelimited" } }, "o=%7B%22k%22%3A%22v%22%7D&l=p%7Cq&s=x+y"],
  ["an object in pieces", { o: { style: "form", explode: true } }, "k=v&l=p&l=q&s=x+y"],
  [
    "a list as JSON",
    { l: { contentType: "application/json" } },
    "o=%7B%22k%22%3A%22v%22%7D&l=%5B%22p%22%2C%22q%22%5D&s=x+y",
  ],
  ["nothing of it", {}, "o=%7B%22k%22%3A%22v%22%7D&l=p&l=q&s=x+y"],
])("a form is written as its document's encoding says: %s", async (_, encoding, wanted) => {
  const { text } = await sent(FORM, { schema, encoding }, { o: { k: "v" }, l: ["p", "q"], s: "x y" });
  expect(text).toBe(wanted);
});

const part = (text: string, name: string): string =>
  text.split(/--ape-\w+/).find((one) => one.includes(`name="${name}"`)) ?? "";

test("parts of a multipart form have the media types of the document, and files have names", async () => {
  const multipart = {
    schema: {
      type: "object",
      properties: {
        meta: { type: "object", properties: { a: { type: "integer" } } },
        tags: { type: "array", items: { type: "string" } },
        note: { type: "string" },
        doc: { type: "string", format: "binary" },
        images: { type: "array", items: { type: "string", format: "binary" } },
        csv: { type: "string" },
      },
    },
    encoding: {
      tags: { contentType: "application/json" },
      csv: { contentType: "text/csv; charset=utf-8" },
      images: { contentType: "image/png, image/jpeg" },
      note: { contentType: "text/*" },
    },
  };
  const { type, text } = await sent("multipart/form-data", multipart, {
    meta: { a: 1 },
    tags: ["x", "y"],
    note: "n",
    doc: "hello",
    images: ["1", { filename: "b.png", content: "2" }],
    csv: "a,b",
  });
  expect(type).toMatch(/^multipart\/form-data; boundary=/);
  expect(part(text, "meta")).toBe(
    '\r\ncontent-disposition: form-data; name="meta"\r\ncontent-type: application/json\r\n\r\n{"a":1}\r\n',
  );
  expect(part(text, "tags")).toMatch(/content-type: application\/json\r\n\r\n\["x","y"\]\r\n$/);
  expect(part(text, "note")).not.toContain("content-type");
  expect(part(text, "doc")).toMatch(
    /name="doc"; filename="doc"\r\ncontent-type: application\/octet-stream\r\n\r\nhello\r\n$/,
  );
  expect(part(text, "csv")).toMatch(/content-type: text\/csv; charset=utf-8\r\n\r\na,b\r\n$/);
  expect(text).toMatch(/filename="images"\r\ncontent-type: image\/png\r\n\r\n1\r\n/);
  expect(text).toMatch(/filename="b.png"\r\ncontent-type: image\/png\r\n\r\n2\r\n/);
});

test("a body that is a plain value is one field, and a GET has the body that its document describes", async () => {
  const seen: string[] = [];
  const url = await rig.serve((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      seen.push(`${request.method} ${request.headers["content-type"] ?? "-"} ${body}`);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  const taking = (type: string, own: object) => ({
    requestBody: { required: true, content: { [type]: { schema: own } } },
    responses: {},
  });
  const paths = {
    "/note": { post: taking("text/plain", { type: "string", minLength: 3 }) },
    "/count": { put: taking("application/json", { type: "integer" }) },
    "/search": { get: taking("application/json", { type: "object", properties: { q: { type: "string" } } }) },
    "/plain": { get: { responses: {} } },
  };
  await writeFile(join(await rig.directory(), "api.json"), JSON.stringify({ openapi: "3.1.0", paths }));
  const gateway = await rig.open({ baseUrl: url, spec: "api.json" });
  expect(
    gateway.describe("api").operations.map(({ path, fields, needsBody }) => [path, fields[0], needsBody]),
  ).toEqual([
    ["/note", { in: "body", name: "", type: "string", required: true, description: "", minLength: 3 }, true],
    ["/count", { in: "body", name: "", type: "integer", required: true, description: "" }, true],
    ["/search", { in: "body", name: "q", type: "string", required: false, description: "" }, true],
    ["/plain", undefined, undefined],
  ]);
  await rig.call(gateway, { method: "POST", path: "/note", data: "hello" });
  await rig.call(gateway, { method: "PUT", path: "/count", data: 7 });
  await rig.call(gateway, { method: "GET", path: "/search", data: { q: "x" } });
  await rig.call(gateway, { method: "GET", path: "/plain", data: { q: "x" } });
  expect(seen).toEqual([
    "POST text/plain hello",
    "PUT application/json 7",
    'GET application/json {"q":"x"}',
    "GET - ",
  ]);
});
