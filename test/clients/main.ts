import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { inferenceSchema } from "@ape/core/config/inference";
import { systemClock } from "@ape/engine/host/clock";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import { FOREIGN_CLIENTS, type ForeignClient } from "./clients.ts";

/*
 * Compares what clients of other languages and makers send and get directly and through the proxy. Run by hand, because it
 * installs their packages into a folder that it removes: `npx tsx test/clients/main.ts [part of a name]`.
 */

const run = promisify(execFile);
const NOT_COMPARED =
  /^(?:connection|keep-alive|transfer-encoding|content-length|host|authorization|traceparent|x-ape-.*|sec-.*)$/;

interface Received {
  path: string;
  headers: readonly (readonly [string, string])[];
  body: string;
}

const received: Received[] = [];

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces).toString("utf8");
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    NOT_COMPARED.test(name) ? [] : [[name, String(value)] as const],
  );
  received.push({ path: request.url ?? "", headers: headers.sort(), body });
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const head = { id: "c", created: 1, model: "stub" };
  if ((JSON.parse(body) as { stream?: boolean }).stream !== true) {
    const message = { role: "assistant", content: "Grüße 🐒" };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...head, object: "chat.completion", choices, usage }));
    return;
  }
  const event = (json: object): string =>
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...json })}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const content of ["Grüße", " 🐒"])
    response.write(
      event({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] }),
    );
  response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
  response.end(`${event({ choices: [], usage })}data: [DONE]\n\n`);
}

/** Installs a client into a folder and returns its command. */
async function install(
  { language, packages, program }: ForeignClient,
  folder: string,
): Promise<[string, string]> {
  if (language === "python") {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin/pip"), ["install", "--quiet", ...packages], { maxBuffer: 1e8 });
    const file = join(folder, "program.py");
    await writeFile(file, program);
    return [join(folder, "bin/python"), file];
  }
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--silent", "--no-audit", "--no-fund", ...packages], {
    cwd: folder,
    maxBuffer: 1e8,
  });
  const file = join(folder, "program.mjs");
  await writeFile(file, program);
  return [process.execPath, file];
}

/** The differences between the two results; empty if there are none. */
async function compare(client: ForeignClient, origins: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "ape-client-"));
  try {
    const [command, file] = await install(client, folder);
    const seen: { printed: string; received: Received[] }[] = [];
    for (const origin of origins) {
      received.length = 0;
      const { stdout } = await run(command, [file], { env: { ...process.env, BASE_URL: `${origin}/v1` } });
      seen.push({ printed: stdout, received: [...received] });
    }
    const [direct, proxied] = seen;
    if (isDeepStrictEqual(direct, proxied) && direct?.received.length === 2) return [];
    return [JSON.stringify(direct, null, 1), JSON.stringify(proxied, null, 1)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const server = createServer((request, response) => void take(request, response));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const direct = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const inference = await createInference({
  config: inferenceSchema.parse({
    provider: "custom",
    model: "other",
    baseUrl: `${direct}/v1`,
    apiKey: "sk-own",
  }),
  clock: systemClock,
  recorder: { record: () => undefined, commit: () => undefined },
});
const proxy = await serveInference({ inference, port: 0 });
try {
  const [part = ""] = process.argv.slice(2);
  for (const client of FOREIGN_CLIENTS.filter(({ name }) => name.includes(part))) {
    const differences = await compare(client, [direct, proxy.url]);
    process.stdout.write(
      `${client.name}: ${differences.length === 0 ? "the same" : differences.join("\n")}\n`,
    );
    if (differences.length > 0) process.exitCode = 1;
  }
} finally {
  await proxy.close();
  await inference.close();
  server.close();
}
