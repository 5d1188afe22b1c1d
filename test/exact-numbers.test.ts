import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock as clock } from "@ape/engine/host/clock";
import { createGateway } from "@ape/gateway/gateway";
import { afterEach, expect, test } from "vitest";
import { configOf, keepEvents, runInProcess } from "./in-process.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A target that lists things by number, and knows only exact digits. */
async function startThings(id: string): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const line = `${request.method} ${request.url}`;
      heard.push(body === "" ? line : `${line} ${body}`);
      const answers: Record<string, string> = {
        "GET /big": `{"items":[{"id":${id},"name":"lamp","price":1.10}]}`,
        [`GET /big/${id}`]: `{"id":${id},"name":"lamp","price":1.10}`,
      };
      const answer = line.startsWith("POST /orders")
        ? body.includes(`:${id}`)
          ? `{"orderId":${id}7,"state":"open"}`
          : undefined
        : line === `GET /orders/${id}7`
          ? `{"orderId":${id}7,"state":"open"}`
          : answers[line];
      response.writeHead(answer === undefined ? 404 : line.startsWith("POST") ? 201 : 200, {
        "content-type": "application/json",
      });
      response.end(answer ?? '{"message":"there is no such thing"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

const int64 = { type: "integer", format: "int64" };
const answer = (properties: object) => ({
  description: "ok",
  content: {
    "application/json": { schema: { type: "object", properties, required: Object.keys(properties) } },
  },
});
const DOCUMENT = {
  openapi: "3.0.0",
  info: { title: "Things", version: "1" },
  paths: {
    "/big": {
      get: {
        summary: "List the things",
        responses: {
          200: answer({
            items: {
              type: "array",
              items: { type: "object", properties: { id: int64, name: { type: "string" } } },
            },
          }),
        },
      },
    },
    "/big/{id}": {
      get: {
        summary: "Look at a thing",
        parameters: [{ name: "id", in: "path", required: true, schema: int64 }],
        responses: { 200: answer({ id: int64, price: { type: "number" } }) },
      },
    },
    "/orders": {
      post: {
        summary: "Order a thing",
        requestBody: {
          required: true,
          content: {
            "application/json": { schema: { type: "object", required: ["id"], properties: { id: int64 } } },
          },
        },
        responses: { 201: answer({ orderId: int64 }) },
      },
    },
    "/orders/{orderId}": {
      get: {
        summary: "Read an order",
        parameters: [{ name: "orderId", in: "path", required: true, schema: int64 }],
        responses: { 200: answer({ orderId: int64 }) },
      },
    },
  },
};

test.each([
  "9007199254740993123",
  "-9223372036854775807",
  "18446744073709551615",
  "90071992547409931234567890",
])("the id %s goes from a list into a path, a body and a probe with its digits", async (id) => {
  const { url, heard } = await startThings(id);
  const baseDir = await mkdtemp(join(tmpdir(), "ape-things-"));
  closing.push(() => rm(baseDir, { recursive: true }));
  await writeFile(join(baseDir, "openapi.json"), JSON.stringify(DOCUMENT));
  const config = configOf(`version: 1
targets:
  app: { baseUrl: "${url}", spec: ./openapi.json }
inference: { provider: simulated }
goals:
  - name: order
    prompt: List the things, look at one of them, and order it.
    success:
      - action: { operation: "GET /big/{id}", body: { "$.id": "${id}", "$.price": 1.1 } }
      - action: { operation: "POST /orders", status: 201, capture: { order: $.orderId } }
      - probe: { operation: "GET /orders/{order}", expect: { body: { "$.orderId": "${id}7" } } }
load: { agents: 1, sessions: 1 }
`);
  const gateway = await createGateway({ targets: config.targets, clock, baseDir });
  closing.push(() => gateway.close());
  const { events, recorder } = keepEvents();
  await runInProcess({
    config,
    apis: [gateway.describe("app")],
    tools: gateway.transport,
    clock,
    seed: 7,
    sessions: 1,
    agents: 1,
    recorder,
  });
  expect(heard).toEqual(expect.arrayContaining([`GET /big/${id}`, `POST /orders {"id":${id}}`]));
  expect(events.filter(({ type }) => type === "session_ended")).toMatchObject([{ outcome: "succeeded" }]);
});
