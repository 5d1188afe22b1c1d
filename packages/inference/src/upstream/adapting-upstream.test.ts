import type { ChatRequest } from "@ape/core/protocol/chat";
import { afterEach, describe, expect, test } from "vitest";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../../test/model-transports.ts";
import { callOf, chat, configFor, GOOD, GOOD_CALL, json, openPeer, stream } from "../../test/peer.ts";

afterEach(closeAll);

/** A server that takes only these fields, and names one other at a time. */
const strictPeer = (
  taken: readonly string[],
  refuse: (field: string, value: unknown) => string | undefined = () => undefined,
) =>
  openPeer((response, { body }) => {
    for (const [field, value] of Object.entries(JSON.parse(body) as object)) {
      const known = ["model", "messages", "stream", "tools", ...taken].includes(field);
      const message = refuse(field, value) ?? (known ? undefined : `Unknown parameter: '${field}'.`);
      if (message === undefined || message === "") continue;
      json(response, 400, { error: { message, type: "invalid_request_error", param: null, code: null } });
      return;
    }
    stream(response, GOOD);
  });

/** A server that refuses some requests, always with the same words. */
async function refusingPeer(refuses: (request: ChatRequest) => boolean, message: string) {
  const peer = await openPeer((response, { body }) => {
    if (refuses(JSON.parse(body) as ChatRequest)) json(response, 400, { error: { message } });
    else stream(response, GOOD);
  });
  closeAfterEach(peer);
  return peer;
}

describe.each(MODEL_TRANSPORTS)("a refusal that names a field, %s", (_name, open) => {
  test("is learned once for the run and said once", async () => {
    const peer = await strictPeer(["max_tokens", "tool_choice"]);
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url));
    for (let at = 0; at < 3; at += 1)
      expect(await transport.complete(callOf(chat()))).toMatchObject({ toolCalls: [GOOD_CALL] });
    // The first call is refused for temperature, seed, stream_options and the limit, each once.
    expect(peer.received.length).toBe(4 + 3);
    expect(kept.events.map(({ attempts, error }) => [attempts, error])).toEqual([
      [5, undefined],
      [1, undefined],
      [1, undefined],
    ]);
    expect(JSON.parse(peer.received.at(-1)?.body ?? "")).toMatchObject({
      max_tokens: 512,
      tool_choice: "required",
    });
    expect(kept.logs.length).toBe(4);
    expect(kept.logs.join("\n")).toMatch(
      /custom refuses the field `seed` for stub: it is left out for the rest of the run/,
    );
  });

  test("of JSON of a schema makes it any JSON object first, and leaves it out last", async () => {
    const request: ChatRequest = {
      ...chat(),
      response_format: { type: "json_schema", json_schema: { name: "d", schema: {} } },
    };
    const asked = async (taken: readonly string[]): Promise<unknown> => {
      const peer = await strictPeer(Object.keys(chat()), (field, value) =>
        field !== "response_format" || taken.includes((value as { type: string }).type)
          ? field === "response_format"
            ? ""
            : undefined
          : "This response_format type is unavailable now",
      );
      closeAfterEach(peer);
      const { transport } = await open(configFor(peer.url));
      await transport.complete(callOf(request));
      return (JSON.parse(peer.received.at(-1)?.body ?? "") as { response_format?: unknown }).response_format;
    };
    expect(await asked(["json_object"])).toEqual({ type: "json_object" });
    expect(await asked([])).toBeUndefined();
  });

  test("of a system message makes its text the beginning of the user's", async () => {
    const peer = await refusingPeer(
      ({ messages }) => messages[0]?.role === "system",
      "Only user and assistant roles are supported!",
    );
    const { transport, kept } = await open(configFor(peer.url));
    const request: ChatRequest = {
      ...chat(),
      messages: [
        { role: "system", content: "Act." },
        { role: "user", content: "Go." },
      ],
    };
    for (let at = 0; at < 2; at += 1)
      expect(await transport.complete(callOf(request))).toMatchObject({ toolCalls: [GOOD_CALL] });
    expect(peer.received.length).toBe(3);
    expect(JSON.parse(peer.received.at(-1)?.body ?? "").messages).toEqual([
      { role: "user", content: "Act.\n\nGo." },
    ]);
    expect(kept.logs).toHaveLength(1);
  });

  test("of streams makes answers whole", async () => {
    const peer = await openPeer((response, { body }) => {
      if ((JSON.parse(body) as ChatRequest).stream === true)
        json(response, 400, {
          error: {
            message: "Unsupported value: 'stream' does not support true with this model.",
            param: "stream",
          },
        });
      else
        json(response, 200, {
          choices: [
            {
              index: 0,
              message: {
                role: "assistant",
                tool_calls: [{ id: "a", type: "function", function: GOOD_CALL }],
              },
              finish_reason: "tool_calls",
            },
          ],
          usage: { prompt_tokens: 3, completion_tokens: 2 },
        });
    });
    closeAfterEach(peer);
    const { transport } = await open(configFor(peer.url));
    expect(await transport.complete(callOf(chat()))).toMatchObject({
      toolCalls: [GOOD_CALL],
      inputTokens: 3,
    });
    const sent = JSON.parse(peer.received.at(-1)?.body ?? "") as object;
    expect("stream_options" in sent).toBe(false);
  });

  test.each([
    "Failed to parse grammar",
    "The provided JSON schema contains features not supported by xgrammar.",
  ])("of the grammar of a required call asks for one: %s", async (words) => {
    const peer = await refusingPeer(({ tool_choice: choice }) => choice === "required", words);
    const { transport } = await open(configFor(peer.url));
    expect(await transport.complete(callOf(chat()))).toMatchObject({ toolCalls: [GOOD_CALL] });
    expect(JSON.parse(peer.received.at(-1)?.body ?? "").tool_choice).toBe("auto");
  });

  test.each([
    "* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties: should be non-empty for OBJECT type",
    "Unable to submit request because `f` functionDeclaration `parameters.data` schema didn't specify the schema type field.",
    "Invalid JSON payload received. Unknown name \"type\" at 'tools[0].function_declarations[0].parameters.properties[0].value': Proto field is not repeating, cannot start list.",
    "Unsupported JSON schema fields: {'anyOf'}",
  ])("of the schemas of tools makes them simpler: %s", async (words) => {
    const peer = await refusingPeer(({ tools }) => JSON.stringify(tools).includes('"type":["'), words);
    const { transport, kept } = await open(configFor(peer.url));
    const parameters = { type: "object", properties: { a: { type: "integer", description: "<or null>" } } };
    const request: ChatRequest = {
      ...chat(),
      tools: [{ type: "function", function: { name: "f", description: "", parameters } }],
    };
    expect((await transport.complete(callOf(request))).error).toBeUndefined();
    expect(JSON.parse(peer.received.at(-1)?.body ?? "")).toMatchObject({
      tool_choice: "required",
      tools: request.tools,
    });
    expect(kept.logs.join()).toMatch(
      /refuses the schemas of tools for stub: they are sent in a simpler form/,
    );
  });

  test("without a name tries the simplest request once, by one of the calls under way, and keeps it", async () => {
    const peer = await refusingPeer((request) => "stream_options" in request, "Bad Request");
    const { transport, kept } = await open(configFor(peer.url));
    const answers = await Promise.all(Array.from({ length: 4 }, () => transport.complete(callOf(chat()))));
    for (const { error, toolCalls } of answers) expect([error, toolCalls]).toEqual([undefined, [GOOD_CALL]]);
    expect(kept.logs).toHaveLength(1);
    expect(kept.logs[0]).toMatch(
      /without naming a field: .*`stream_options`.* are left out for the rest of the run/,
    );
    const before = peer.received.length;
    await transport.complete(callOf(chat()));
    expect(peer.received.length).toBe(before + 1);
  });

  test("that the simplest request meets too is given as it came, and is not tried again", async () => {
    const peer = await refusingPeer(() => true, "Bad Request");
    const { transport, kept } = await open(configFor(peer.url));
    for (let at = 0; at < 3; at += 1)
      expect((await transport.complete(callOf(chat()))).error).toMatchObject({
        code: "refused",
        message: "Bad Request",
      });
    expect(peer.received.length).toBe(4);
    expect(JSON.parse(peer.received.at(-1)?.body ?? "")).toMatchObject({ seed: chat().seed });
    expect(kept.logs).toEqual([]);
  });

  test.each([
    "Incorrect API key provided",
    "The model `stub` does not exist",
    "This model does not support tools",
    "max_tokens must be less than or equal to 16",
  ])("for another cause than the form is given at once: %s", async (words) => {
    const peer = await refusingPeer(() => true, words);
    const { transport } = await open(configFor(peer.url));
    expect((await transport.complete(callOf(chat()))).error?.message).toContain(words);
    expect(peer.received.length).toBe(1);
  });

  test("is learned by calls that are under way together", async () => {
    const peer = await strictPeer(["max_completion_tokens", "tool_choice", "temperature", "stream_options"]);
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url));
    const answers = await Promise.all(Array.from({ length: 8 }, () => transport.complete(callOf(chat()))));
    for (const answer of answers) expect(answer.error).toBeUndefined();
    expect(peer.received.length).toBeLessThanOrEqual(16);
    expect(kept.logs.length).toBe(1);
  });

  test("that no change answers ends, with the provider's words", async () => {
    const refuse = (field: string): string | undefined =>
      field === "tools" ? "no call of seed, temperature, tool_choice is supported" : undefined;
    const peer = await strictPeer([], refuse);
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url));
    const answer = await transport.complete(callOf(chat()));
    expect(answer.error).toMatchObject({
      code: "refused",
      status: 400,
      message: expect.stringContaining("is supported"),
    });
    expect(peer.received.length).toBeLessThan(12);
    expect(kept.events.length).toBe(1);
  });

  test("of a field that the configuration adds is the user's to hear", async () => {
    const peer = await strictPeer(Object.keys(chat()));
    closeAfterEach(peer);
    const { transport } = await open(configFor(peer.url, { request: { add: { reasoning_effort: "low" } } }));
    const answer = await transport.complete(callOf(chat()));
    expect(answer.error?.message).toContain("remove `reasoning_effort` from `inference.request.add`");
    expect(peer.received.length).toBe(1);
  });

  test("is not needed where the configuration omits, adds and sets headers", async () => {
    const peer = await strictPeer(["max_tokens", "tool_choice", "user"]);
    closeAfterEach(peer);
    const { transport, kept } = await open(
      configFor(peer.url, {
        request: {
          omit: ["seed", "temperature", "stream_options"],
          add: { max_tokens: 99, user: "ape" },
          headers: { "Api-Key": "k-1\n", authorization: "Basic x" },
        },
      }),
    );
    expect((await transport.complete(callOf(chat()))).error).toBeUndefined();
    expect(peer.received.length).toBe(1);
    expect(JSON.parse(peer.received[0]?.body ?? "")).toMatchObject({ max_tokens: 99, user: "ape" });
    expect(peer.received[0]?.headers).toMatchObject({ "api-key": "k-1", authorization: "Basic x" });
    expect(kept.logs).toEqual([]);
  });
});

const [[, openInProcess]] = MODEL_TRANSPORTS as [(typeof MODEL_TRANSPORTS)[number]];

test.each<[string, (response: Parameters<typeof stream>[0], error: object) => void]>([
  [
    "an event of a stream",
    (response, error) => stream(response, [`data: ${JSON.stringify({ error })}\n\n`, "data: [DONE]\n\n"]),
  ],
  ["a body with status 200", (response, error) => json(response, 200, { error })],
])("a refusal within %s changes the form like one with its own status", async (_where, refuse) => {
  const peer = await openPeer((response, { body }) => {
    const { tool_choice: choice, seed } = JSON.parse(body) as ChatRequest;
    if (choice === "required") refuse(response, { message: "Failed to parse grammar", code: 400 });
    else if (seed !== undefined)
      refuse(response, { message: "unexpected field seed", type: "BadRequestError" });
    else stream(response, GOOD);
  });
  closeAfterEach(peer);
  const { transport, kept } = await openInProcess(configFor(peer.url));
  expect(await transport.complete(callOf(chat()))).toMatchObject({ toolCalls: [GOOD_CALL] });
  expect(kept.logs.length).toBe(3);
});

test.each([
  ["has begun", GOOD.slice(0, 3), { message: "seed is not supported", code: 400 }],
  ["names no status", [], { message: "seed is not supported" }],
])("an error of a stream that %s is no refusal", async (_what, begun, error) => {
  const peer = await openPeer((response) =>
    stream(response, [...begun, `data: ${JSON.stringify({ error })}\n\n`]),
  );
  closeAfterEach(peer);
  const { transport, kept } = await openInProcess(configFor(peer.url));
  expect((await transport.complete(callOf(chat()))).error?.code).toBe("unavailable");
  expect(kept.logs).toEqual([]);
});
