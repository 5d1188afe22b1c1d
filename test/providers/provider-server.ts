import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inferenceSchema } from "@ape/core/config/inference";
import { systemClock } from "@ape/engine/host/clock";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import type { ProviderRefusal, ProviderRules, RequestFields } from "./provider-rules.ts";

export const KEY = "sk-test-provider-key";

/** A server that refuses the same as a provider, with the simulated model's answers. */
export interface ProviderServer {
  /** Ends before `/chat/completions`. */
  url: string;
  /** Requests that were refused. */
  refused: number;
  answered: number;
  close(): Promise<void>;
}

export async function openProviderServer(rules: ProviderRules): Promise<ProviderServer> {
  const inference = await createInference({
    config: inferenceSchema.parse({
      provider: "simulated",
      simulation: { firstToken: { median: "1ms", p95: "2ms" }, tokensPerSecond: 1_000_000 },
    }),
    clock: systemClock,
    recorder: { record: () => undefined, commit: () => undefined },
  });
  const simulated = await serveInference({ inference, port: 0 });
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const refusal = refusalOf(rules, request, Buffer.concat(pieces).toString("utf8"));
    if (refusal !== undefined) {
      opened.refused += 1;
      response.writeHead(refusal.status, { "content-type": "application/json" });
      response.end(JSON.stringify(refusal.body));
      return;
    }
    opened.answered += 1;
    const { messages, tools } = JSON.parse(Buffer.concat(pieces).toString("utf8")) as RequestFields;
    const answer = await fetch(`${simulated.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "simulated", stream: true, messages, tools }),
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`${rules.comment ?? ""}${rewritten(rules, await answer.text())}`);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const opened: ProviderServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${rules.path}`,
    refused: 0,
    answered: 0,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await simulated.close();
      await inference.close();
    },
  };
  return opened;
}

function refusalOf(
  rules: ProviderRules,
  { url, headers }: IncomingMessage,
  body: string,
): ProviderRefusal | undefined {
  if (url !== `${rules.path}/chat/completions`) return { status: 404, body: { detail: "Not Found" } };
  const key =
    rules.keyHeader === "api-key" ? headers["api-key"] : headers.authorization?.replace("Bearer ", "");
  if (rules.keyHeader !== undefined && key !== KEY)
    return {
      status: 401,
      body: { error: { message: "Incorrect API key provided", code: "invalid_api_key" } },
    };
  const request = JSON.parse(body) as RequestFields;
  for (const field of Object.keys(request))
    if (rules.taken?.includes(field) === false) return rules.unknown?.(field);
  return rules.refuses?.(request);
}

/** A stream in the provider's form. */
function rewritten({ chunk }: ProviderRules, text: string): string {
  if (chunk === undefined) return text;
  return text.replace(/^data: (\{.*)$/gm, (_, json: string) => {
    const parsed = JSON.parse(json) as Record<string, unknown>;
    return `data: ${JSON.stringify(chunk(parsed))}`;
  });
}
