import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inferenceSchema as schema } from "@ape/core/config/inference";
import type { Project } from "@ape/engine/project/project";
import { afterEach, expect, test } from "vitest";
import { askProviders } from "./provider-check.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = async (inference: object): Promise<string[]> => {
  const project = { config: { inference: schema.parse(inference) }, directory: ".", secrets: [] };
  const findings = await askProviders(project as unknown as Project);
  return findings.map(({ severity, rule, message, hint }) => `${severity} ${rule}: ${message}; ${hint}`);
};

const listing = (...names: string[]): string => JSON.stringify({ data: names.map((id) => ({ id })) });

test.each<[string, string, object, string]>([
  ["Ollama's default tag", listing("llama3.2:latest"), { provider: "ollama", model: "llama3.2" }, ""],
  ["the tag written out", listing("llama3.2"), { provider: "custom", model: "llama3.2:latest" }, ""],
  ["another tag", listing("llama3.2:1b"), { provider: "ollama", model: "llama3.2" }, "has no model"],
  ["llama.cpp's default", listing("/models/any.gguf"), { provider: "llamacpp" }, ""],
  ["a deployment of Azure", listing("gpt-4o-2024"), { provider: "azure", model: "mine", apiKey: "k" }, ""],
  [
    "a variant of OpenRouter",
    listing("z-ai/glm-4.5-air"),
    { provider: "openrouter", model: "z-ai/glm-4.5-air:nitro", apiKey: "k" },
    "",
  ],
  [
    "a variant of a model that is not there",
    listing("z-ai/glm-4.5"),
    { provider: "openrouter", model: "z-ai/glm-9:nitro", apiKey: "k" },
    'no model "z-ai/glm-9:nitro"; It has z-ai/glm-4.5.',
  ],
  [
    "a variant behind another proxy",
    listing("openai/gpt-4o"),
    { provider: "custom", model: "openai/gpt-4o:nitro" },
    "",
  ],
  [
    "a tag that is not there",
    listing("llama3:latest"),
    { provider: "custom", model: "llama3:8b" },
    'no model "llama3:8b"',
  ],
  [
    "a variant where there are none",
    listing("gpt-oss-120b"),
    { provider: "cerebras", model: "gpt-oss-120b:nitro", apiKey: "k" },
    "has no model",
  ],
  [
    "Google's prefix",
    listing("models/gemini-2.5-flash"),
    { provider: "gemini", model: "gemini-2.5-flash", apiKey: "k" },
    "",
  ],
  ["a list by itself", '[{"id":"m"}]', { provider: "custom", model: "m" }, ""],
  ["a list called models", '{"models":[{"name":"m:latest"}]}', { provider: "custom", model: "m" }, ""],
  [
    "an empty list",
    '{"data":[]}',
    { provider: "custom", model: "m" },
    "warning MODEL_UNKNOWN: custom lists no models",
  ],
  [
    "names like the one that is asked for",
    listing("a-1", "b-1", "c-1", "d-1", "e-1", "f-1", "g-1", "h-1", "qwen3-8b"),
    { provider: "custom", model: "qwen3-4b" },
    "It has qwen3-8b,",
  ],
])("a list of models is read as its server means it: %s", async (_, list, inference, said) => {
  const url = await serve((_request, response) => response.end(list));
  const told = await ask({ baseUrl: `${url}/v1`, ...inference });
  expect(told.join()).toContain(said);
  expect(told).toHaveLength(said === "" ? 0 : 1);
});

test.each<[string, number, Record<string, string>, string, string]>([
  ["404", 404, {}, '{"detail":"Not Found"}', "404: {"],
  ["405", 405, {}, "", "405 and nothing else"],
  ["500", 500, {}, "down", "500: down"],
  ["403", 403, {}, '{"error":{"message":"Missing scopes: api.model.read"}}', "403: "],
  ["a key that may not list", 401, {}, '{"error":"insufficient permissions for this operation"}', "401: "],
  ["a page", 200, { "content-type": "text/html" }, "<!doctype html><title>Sign in</title>", "200 and a page"],
  ["JSON of another kind", 200, {}, '{"ok":true}', '200: {"ok":true}'],
  [
    "a redirect",
    302,
    { location: "https://login.example/" },
    "",
    "302, a redirect to https://login.example/",
  ],
])("an answer that is no list of models proves nothing: %s", async (_, status, headers, body, said) => {
  const url = await serve((_request, response) => response.writeHead(status, headers).end(body));
  const told = await ask({ provider: "custom", baseUrl: `${url}/v1`, model: "m", apiKey: "sk-hidden-1" });
  expect(told).toEqual([
    expect.stringMatching(/^warning PROVIDER_FAILED: whether custom takes the key and has "m"/),
  ]);
  expect(told[0]).toContain(said);
  expect(told[0]).toContain("doctor --model");
});

test("keys are refused, wanted, and sent as the provider wants them", async () => {
  const url = await serve((request, response) => {
    const { authorization, "api-key": azure, "x-team": team } = request.headers;
    const good = authorization === "Bearer right" || azure === "right" || team === "blue";
    response.writeHead(good ? 200 : 401).end(good ? listing("m") : "no");
  });
  const baseUrl = `${url}/v1`;
  const model = "m";
  expect(await ask({ provider: "custom", baseUrl, model, apiKey: "wrong" })).toEqual([
    expect.stringContaining("custom refuses the key (401)"),
  ]);
  expect(await ask({ provider: "custom", baseUrl, model })).toEqual([
    expect.stringContaining("custom wants a key (401)"),
  ]);
  expect(await ask({ provider: "custom", baseUrl, model, apiKey: "right" })).toEqual([]);
  expect(await ask({ provider: "azure", baseUrl, model, apiKey: "right" })).toEqual([]);
  expect(
    await ask({ provider: "custom", baseUrl, model, request: { headers: { "X-Team": "blue" } } }),
  ).toEqual([]);
});

test("a key is tried where the list of models is public", async () => {
  const url = await serve((request, response) => {
    const wanted = request.url === "/api/v1/key";
    response.writeHead(wanted ? 401 : 200).end(wanted ? "no" : listing("m"));
  });
  expect(await ask({ provider: "openrouter", baseUrl: `${url}/api/v1`, model: "m", apiKey: "k" })).toEqual([
    expect.stringContaining("openrouter refuses the key (401)"),
  ]);
});

test.each(["", "/", "/gateway"])("an address that lacks /v1 is said to: %s", async (path) => {
  const url = await serve((request, response) => {
    const found = request.url === `${path.replace(/\/$/, "")}/v1/models`;
    response.writeHead(found ? 200 : 404).end(found ? listing("m") : "Not Found");
  });
  expect(await ask({ provider: "custom", baseUrl: `${url}${path}`, model: "m" })).toEqual([
    expect.stringMatching(
      /^error PROVIDER_FAILED: inference.baseUrl lacks \/v1.*Write `baseUrl: http.*\/v1`/,
    ),
  ]);
});
