import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@ape/core/lib/json";
import type { ChatRequest } from "@ape/core/protocol/chat";

/** The part of node-llama-cpp that is used here; the package is installed beside the repository, if at all. */
export interface LlamaCpp {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      tokenize(text: string): readonly unknown[];
      createContext(options: object): Promise<{ getSequence(): unknown }>;
    }>;
    createGrammarForJsonSchema(schema: object): Promise<unknown>;
    dispose(): Promise<void>;
  }>;
  LlamaCompletion: new (options: {
    contextSequence: unknown;
  }) => {
    generateCompletion(
      prompt: string,
      options: {
        grammar: unknown;
        maxTokens: number;
        seed: number;
        temperature: number;
        onTextChunk(text: string): void;
      },
    ): Promise<string>;
  };
}

export interface Engine {
  /** Base URL of the server. */
  url: string;
  /** The engine's own counts, call by call. */
  counted: { input: number; output: number }[];
  close(): Promise<void>;
}

/** The model sees only the end of a prompt: each token is a byte, and its context is small. */
const SHOWN = 2_000;
const MOST_TOKENS = 400;
/** Characters that may belong to the end of the whole object, not to its arguments. */
const HELD_BACK = 12;

/**
 * Serves a model in OpenAI's wire format, one call at a time; a grammar makes every answer a call of an offered tool.
 */
export async function openEngine(
  { getLlama, LlamaCompletion }: LlamaCpp,
  modelPath: string,
): Promise<Engine> {
  const llama = await getLlama({ gpu: false, build: "never", progressLogs: false, maxThreads: 1 });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: 4_096, threads: 1 });
  const completion = new LlamaCompletion({ contextSequence: context.getSequence() });
  const counted: Engine["counted"] = [];
  let turn: Promise<unknown> = Promise.resolve();

  const answer = async (request: ChatRequest, response: ServerResponse): Promise<void> => {
    const prompt = request.messages
      .map(({ content }) => content ?? "")
      .join("\n")
      .slice(-SHOWN);
    const tools = request.tools ?? [];
    const grammar = await llama.createGrammarForJsonSchema({
      oneOf: tools.map(({ function: { name, parameters } }) => ({
        type: "object",
        properties: { name: { const: name }, arguments: bounded(parameters) },
      })),
    });
    const base = { id: "c1", object: "chat.completion.chunk", created: 1, model: request.model };
    const chunk = (delta: object, finish: string | null = null): void => {
      if (request.stream !== true) return;
      const choices = [{ index: 0, delta, finish_reason: finish }];
      response.write(`data: ${JSON.stringify({ ...base, choices })}\n\n`);
    };
    const call = (id: object, part: { name?: string; arguments: string }): void =>
      chunk({ tool_calls: [{ index: 0, ...id, function: part }] });
    if (request.stream === true) response.writeHead(200, { "content-type": "text/event-stream" });
    let text = "";
    let begins = -1;
    let sent = 0;
    const whole = await completion.generateCompletion(prompt, {
      grammar,
      maxTokens: MOST_TOKENS,
      seed: request.seed ?? 0,
      temperature: 1,
      onTextChunk: (part) => {
        text += part;
        const head = /^\s*\{\s*"name"\s*:\s*"(\w+)"\s*,\s*"arguments"\s*:\s*/.exec(text);
        if (head === null) return;
        if (begins < 0) {
          begins = head[0].length;
          sent = begins;
          call({ id: "call_0", type: "function" }, { name: head[1] as string, arguments: "" });
        }
        if (text.length - HELD_BACK <= sent) return;
        call({}, { arguments: text.slice(sent, text.length - HELD_BACK) });
        sent = text.length - HELD_BACK;
      },
    });
    const args = whole.slice(0, whole.trimEnd().length - 1);
    if (sent < args.length) call({}, { arguments: args.slice(sent) });
    const usage = {
      prompt_tokens: model.tokenize(prompt).length,
      completion_tokens: model.tokenize(whole).length,
    };
    counted.push({ input: usage.prompt_tokens, output: usage.completion_tokens });
    if (request.stream === true) {
      chunk({}, "tool_calls");
      response.write(`data: ${JSON.stringify({ ...base, choices: [], usage })}\n\n`);
      response.end("data: [DONE]\n\n");
      return;
    }
    const { name, arguments: given } = JSON.parse(whole) as { name: string; arguments: JsonObject };
    const calls = [{ id: "call_0", type: "function", function: { name, arguments: JSON.stringify(given) } }];
    const message = { role: "assistant", content: null, tool_calls: calls };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        ...base,
        object: "chat.completion",
        choices: [{ index: 0, message, finish_reason: "tool_calls" }],
        usage,
      }),
    );
  };

  const server = createServer((incoming, response) => {
    read(incoming).then((request) => {
      turn = turn.then(() => answer(request, response)).catch(() => response.destroy());
    }, response.destroy.bind(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    counted,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await turn;
      await llama.dispose();
    },
  };
}

/** The grammar ends texts, which a model of random weights would never end. */
function bounded(parameters: JsonObject): object {
  const properties: Record<string, object> = {};
  for (const [name, schema] of Object.entries(parameters.properties as Record<string, JsonObject>)) {
    if (schema.type === "string") properties[name] = { type: "string", maxLength: 16 };
    else if (schema.type === "number") properties[name] = { enum: [1, 20] };
    else if (schema.type === "object") properties[name] = { type: "object", properties: {} };
  }
  return { type: "object", properties };
}

async function read(incoming: IncomingMessage): Promise<ChatRequest> {
  let body = "";
  for await (const part of incoming.setEncoding("utf8") as AsyncIterable<string>) body += part;
  return JSON.parse(body) as ChatRequest;
}
