import { afterAll, expect, test } from "vitest";
import { Folder } from "../../test/openapi.ts";
import { ApiReader } from "./api-reader.ts";

const folder = new Folder();
afterAll(() => folder.remove());

const documentOf = (description: string) => ({
  openapi: "3.0.3",
  info: { title: "T", version: "1", description },
  paths: { "/a": { get: { responses: { "200": { description: "" } } } } },
});

test("a document is read once by a reader, whatever its path is relative to, and again by another", async () => {
  const path = await folder.of({ "api.json": documentOf("At most 10 requests per second."), "b/c.txt": "" });
  const reader = new ApiReader();
  const read = await reader.read("./api.json", path);
  expect(read.operations.map(({ method, path: own }) => `${method} ${own}`)).toEqual(["GET /a"]);
  expect(await reader.read("../api.json", `${path}/b`)).toBe(read);
  expect(await new ApiReader().read("./api.json", path)).not.toBe(read);
});

test("what cannot be read is an error each time", async () => {
  const path = await folder.of({ "api.json": "{}" });
  const reader = new ApiReader();
  for (const _ of [1, 2])
    await expect(reader.read("./api.json", path)).rejects.toMatchObject({ code: "SPEC_INVALID" });
});

test.each([
  ["At most 10 requests per second.", true],
  ["Answers 429 for too many calls.", false],
])("a stated request limit is found: %s", async (description, announced) => {
  const path = await folder.of({ "api.json": documentOf(description) });
  expect((await new ApiReader().read("api.json", path)).announcesLimit).toBe(announced);
});
