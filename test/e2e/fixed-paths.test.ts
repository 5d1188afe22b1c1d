import { afterEach, expect, test } from "vitest";
import { listenOnLoopback } from "../targets/loopback.ts";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const answer = { "application/json": { schema: { type: "object", properties: { id: { type: "string" } } } } };
const parameter = (name: string, options?: string[]) => ({
  name,
  in: "path",
  required: true,
  schema: { type: "string", ...(options === undefined ? {} : { enum: options }) },
});
const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Library", version: "1" },
  paths: {
    "/shelves/{shelf}/books": {
      post: {
        summary: "Add a book to a shelf",
        parameters: [parameter("shelf", ["novels"])],
        responses: { 201: { description: "Added.", content: answer } },
      },
    },
    "/shelves/{shelf}/books/{book}": {
      get: {
        summary: "Show a book",
        parameters: [parameter("shelf", ["novels"]), parameter("book")],
        responses: { 200: { description: "The book.", content: answer } },
      },
    },
  },
};

/** A project whose checks have a shelf in place of the documented parameter. */
async function shelves(shelf: string): Promise<ProjectFolder> {
  const books: string[] = [];
  const server = await listenOnLoopback((request, response) => {
    const { method, url = "" } = request;
    const json = (status: number, body: unknown) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (method === "POST" && url === "/shelves/novels/books") {
      books.push(`b${books.length + 1}`);
      return json(201, { id: books.at(-1) });
    }
    const id = /^\/shelves\/novels\/books\/(\w+)$/.exec(url)?.[1];
    if (id !== undefined && books.includes(id)) return json(200, { id });
    json(404, { error: "no such thing" });
  });
  closing.push(() => server.close());
  const folder = await ProjectFolder.create({
    "api.json": JSON.stringify(DOCUMENT),
    "ape.config.yaml": `version: 1
targets: { library: { baseUrl: "${server.url}", spec: ./api.json } }
inference: { provider: simulated }
goals:
  - name: add-book
    prompt: Add a book to the novels shelf.
    success:
      - anyOf:
          - action: { operation: POST /shelves/${shelf}/books, capture: { book: $.id } }
          - action: { operation: POST /shelves/archive/books }
      - probe: { operation: "GET /shelves/${shelf}/books/{book}", deadline: 1s }
load: { agents: 1, sessions: 2 }
`,
  });
  closing.push(() => folder.remove());
  return folder;
}

test("checks hold for calls with the values that they have in place of documented parameters", async () => {
  const folder = await shelves("novels");
  const valid = await folder.run(["validate"]);
  expect(valid.exit, valid.stdout).toBe(0);
  expect(valid.stdout).not.toMatch(/\d warnings?/);
  expect(await folder.runSessions(2)).toMatchObject({ ended: 2, succeeded: 2 });
  const ended = (await folder.events()).find((event) => event.type === "session_ended");
  expect(ended?.checks.map(({ label, held }) => [label, held])).toEqual([
    ["action POST /shelves/novels/books or action POST /shelves/archive/books", true],
    ["probe GET /shelves/novels/books/{book}", true],
  ]);
});

test("calls with other values are not what such a check asks for", async () => {
  const folder = await shelves("poetry");
  expect((await folder.run(["validate"])).exit).toBe(0);
  const { exit } = await folder.run(["start", "--sessions", "1"]);
  expect(exit).toBe(99);
  const ended = (await folder.events()).find((event) => event.type === "session_ended");
  expect(ended).toMatchObject({ outcome: "failed", attribution: "simulation" });
});
