import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ProjectFolder } from "./ape.ts";

/** A folder into which `npm i` has brought what test/peers/package.json names. */
const PEERS = join(process.env.APE_PEERS ?? "", "node_modules");

interface JsonServer {
  create(): { use(part: unknown): void; listen(port: number, host: string, listening: () => void): Server };
  defaults(options: { logger: boolean }): unknown;
  router(data: object): unknown;
}

const DOCUMENT = `openapi: 3.0.3
info: { title: Notes, version: "1" }
paths:
  /notes:
    get:
      summary: List the notes
      responses: { 200: { description: all of them } }
    post:
      summary: Write a note
      requestBody:
        required: true
        content:
          application/json:
            schema: { type: object, required: [title], properties: { title: { type: string } } }
      responses: { 201: { description: written } }
  /notes/{id}:
    get:
      summary: Look at a note
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { 200: { description: the note } }
`;

test.skipIf(!existsSync(join(PEERS, "json-server")))(
  "json-server: the simulated model writes a note, lists them all and looks at its own, and the oracle finds what it wrote",
  { timeout: 60_000 },
  async () => {
    const jsonServer = createRequire(join(PEERS, "peers.js"))("json-server") as JsonServer;
    const data = { notes: [{ id: 1, title: "kept" }] };
    const app = jsonServer.create();
    app.use(jsonServer.defaults({ logger: false }));
    app.use(jsonServer.router(data));
    const server = await new Promise<Server>((resolve) => {
      const opened = app.listen(0, "127.0.0.1", () => resolve(opened));
    });
    const folder = await ProjectFolder.create({
      "openapi.yaml": DOCUMENT,
      "ape.config.yaml": `version: 1
targets: { notes: { baseUrl: "http://127.0.0.1:${(server.address() as AddressInfo).port}", spec: ./openapi.yaml } }
goals:
  - name: note
    prompt: Write a note, list the notes, look at the note.
    success:
      - action: { operation: "POST /notes", status: 201, capture: { id: $.id } }
      - action: { operation: "GET /notes", status: 200 }
      - action: { operation: "GET /notes/{id}", status: 200 }
      - probe: { operation: "GET /notes/{id}", expect: { status: 200 } }
load: { agents: 4, sessions: 12 }
thresholds: { session_success: ["rate>=1"] }
`,
    });
    try {
      const { exit, stderr, stdout } = await folder.run(["start", "--seed", "3"]);
      expect(exit, stdout + stderr).toBe(0);
      const ended = (await folder.events()).filter(({ type }) => type === "session_ended");
      expect(ended).toHaveLength(12);
      expect(data.notes).toHaveLength(13);
      const looked = (await folder.events()).flatMap((event) =>
        event.type === "step" && event.action?.operation === "GET /notes/{id}" ? [event.action.path] : [],
      );
      expect(looked.sort()).toEqual(
        data.notes
          .slice(1)
          .map(({ id }) => `/notes/${id}`)
          .sort(),
      );
    } finally {
      await folder.remove();
      server.close();
      (server as Server & { closeAllConnections?(): void }).closeAllConnections?.();
    }
  },
);
