import { describe, expect, test } from "vitest";
import { ResponseAssembler } from "./response-assembler.ts";

/** An assembler that was sent chunks, with an optional end of the stream. */
function sent(chunks: readonly unknown[], end = true): ResponseAssembler {
  const assembly = new ResponseAssembler(200);
  for (const chunk of chunks) assembly.event(typeof chunk === "string" ? chunk : JSON.stringify(chunk));
  if (end) assembly.end();
  return assembly;
}
const choice = (delta: object, more: object = {}) => ({ choices: [{ index: 0, delta, ...more }] });
const calls = (...parts: object[]) => choice({ tool_calls: parts });
const part = (given: { index?: number; id?: string; name?: string; text?: unknown }) => {
  const { index, id, name, text } = given;
  return {
    ...(index === undefined ? {} : { index }),
    ...(id === undefined ? {} : { id }),
    function: { ...(name === undefined ? {} : { name }), ...(text === undefined ? {} : { arguments: text }) },
  };
};
const assembledCalls = (...chunks: object[]) =>
  sent([...chunks, "[DONE]"]).toolCalls.map(({ name, arguments: text }) => `${name} ${text}`);

describe("parts of calls", () => {
  test.each<[string, object[], string[]]>([
    [
      "an index each, mixed",
      [
        calls(part({ index: 1, name: "b", text: "{" })),
        calls(part({ index: 0, name: "a", text: "{" })),
        calls(part({ index: 1, text: "}" }), part({ index: 0, text: "}" })),
      ],
      ["a {}", "b {}"],
    ],
    [
      "no index, several in one chunk",
      [calls(part({ name: "a", text: "{}" }), part({ name: "b", text: "{}" }))],
      ["a {}", "b {}"],
    ],
    [
      "no index, one after the other",
      [calls(part({ name: "a", text: "{}" })), calls(part({ name: "b", text: "{}" }))],
      ["a {}", "b {}"],
    ],
    [
      "no index, a name again with each part of unfinished arguments",
      [calls(part({ name: "a", text: '{"x":' })), calls(part({ name: "a", text: "1}" }))],
      ['a {"x":1}'],
    ],
    [
      "one index, another id",
      [
        calls(part({ index: 0, id: "1", name: "a", text: "{" })),
        calls(part({ index: 0, id: "2", name: "b", text: "[" })),
      ],
      ["a {", "b ["],
    ],
    [
      "one index, an id where none was",
      [calls(part({ index: 0, text: "{" })), calls(part({ index: 0, id: "1", name: "a", text: "}" }))],
      ["a {}"],
    ],
    [
      "one index, an id that comes after the name",
      [
        calls(part({ index: 0, name: "a", text: "{" })),
        calls(part({ index: 0, id: "1", text: "}" })),
        calls(part({ index: 0, id: "2", text: "x" })),
      ],
      ["a {}", " x"],
    ],
    [
      "no index, parts by their ids",
      [
        calls(part({ id: "1", name: "a", text: "{" })),
        calls(part({ id: "2", name: "b", text: "[" })),
        calls(part({ id: "1", text: "}" })),
        calls(part({ id: "2", text: "]" })),
      ],
      ["a {}", "b []"],
    ],
    [
      "the same id under another index",
      [
        calls(part({ index: 0, id: "1", name: "a", text: "{}" })),
        calls(part({ index: 1, id: "1", name: "b", text: "{}" })),
      ],
      ["a {}", "b {}"],
    ],
    [
      "a name in pieces",
      [calls(part({ index: 0, name: "http_" })), calls(part({ index: 0, name: "get", text: "{}" }))],
      ["http_get {}"],
    ],
    [
      "a name that grows with each part",
      [calls(part({ index: 0, name: "http_" })), calls(part({ index: 0, name: "http_get", text: "{}" }))],
      ["http_get {}"],
    ],
    ["arguments as an object", [calls(part({ index: 0, name: "a", text: { id: 1 } }))], ['a {"id":1}']],
    ["arguments of null", [calls(part({ index: 0, name: "a", text: null }))], ["a "]],
    ["what is no call", [calls([] as never, { function: 3 }, part({ name: "b" }))], ["b "]],
  ])("with %s", (_name, chunks, wanted) => {
    expect(assembledCalls(...chunks)).toEqual(wanted);
  });

  test("arguments as an object keep the digits of large numbers", () => {
    const chunk =
      '{"choices":[{"delta":{"tool_calls":[{"function":{"name":"a","arguments":{"id":12345678901234567890}}}]}}]}';
    expect(sent([chunk, "[DONE]"]).toolCalls).toEqual([
      { name: "a", arguments: '{"id":12345678901234567890}' },
    ]);
  });

  test("each call of a whole answer is one, whatever its ids and names", () => {
    const assembly = new ResponseAssembler(200);
    const call = { id: "1", function: { name: "a", arguments: "{}" } };
    assembly.body(JSON.stringify({ choices: [{ message: { tool_calls: [call, call] } }] }));
    expect(assembly.toolCalls).toHaveLength(2);
  });
});

describe("the beginning of an answer", () => {
  test.each<[string, object, boolean]>([
    ["a role", { role: "assistant" }, false],
    ["empty content", { content: "" }, false],
    ["empty arguments", { tool_calls: [part({ index: 0, text: "" })] }, false],
    ["an empty name", { tool_calls: [part({ index: 0, name: "" })] }, false],
    ["reasoning", { reasoning: "so" }, false],
    ["content", { content: " " }, true],
    ["a name", { tool_calls: [part({ index: 0, name: "a" })] }, true],
    ["arguments", { tool_calls: [part({ index: 0, text: "{" })] }, true],
  ])("%s: begun is %j", (_name, delta, begun) => {
    expect(sent([choice(delta)], false).begun).toBe(begun);
  });

  test.each([
    [{ reasoning: "so" }, true],
    [{ reasoning_content: "so" }, true],
    [{ reasoning: "" }, false],
    [{ reasoning_content: null }, false],
    [{ content: "so" }, false],
  ])("%j has reasoning: %j", (delta, reasoned) => {
    expect(sent([choice(delta)], false).reasoned).toBe(reasoned);
  });
});

describe("the end of an answer", () => {
  test.each<[string, unknown[], string | undefined]>([
    ["nothing", [], "the stream held no answer"],
    ["a role only", [choice({ role: "assistant" })], "the stream held no answer"],
    ["text without an end", [choice({ content: "a" })], "the stream ended without finish_reason and [DONE]"],
    ["a finish reason", [choice({ content: "a" }, { finish_reason: "stop" })], undefined],
    [
      "a finish reason of another choice",
      [choice({ content: "a" }), { choices: [{ index: 1, delta: {}, finish_reason: "stop" }] }],
      "the stream ended without finish_reason and [DONE]",
    ],
    [
      "a finish reason of null",
      [choice({ content: "a" }, { finish_reason: null })],
      "the stream ended without finish_reason and [DONE]",
    ],
    ["[DONE]", [choice({ content: "a" }), "[DONE]"], undefined],
    ["text that is not JSON", [choice({ content: "a" }), "oops"], "a chunk of the stream is not JSON: oops"],
    ["a list", ["[]"], "a chunk of the answer is no JSON object"],
  ])("%s: the error is %j", (_name, chunks, message) => {
    const { error } = sent(chunks);
    expect(error?.message).toBe(message);
    if (message !== undefined) expect(error).toMatchObject({ code: "protocol", status: 200 });
  });

  test("finish, refusal and usage are the last that came", () => {
    const assembly = sent([
      choice({ refusal: "I can" }),
      choice({ refusal: "not" }, { finish_reason: "length" }),
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
      choice({}, { finish_reason: "stop" }),
      "[DONE]",
    ]);
    expect([assembly.refused, assembly.finish, assembly.isDone]).toEqual(["I cannot", "stop", true]);
    expect([assembly.inputTokens, assembly.outputTokens]).toEqual([3, 4]);
    expect(sent([choice({ content: "a" }, { finish_reason: "stop" })]).isDone).toBe(false);
  });

  test("usage that is no number is not taken, and details beside none are", () => {
    const assembly = sent([
      { choices: [], usage: { prompt_tokens: "3", completion_tokens: null } },
      { choices: [], time_info: { total_time: 0.5 } },
    ]);
    expect([assembly.inputTokens, assembly.outputTokens]).toEqual([undefined, undefined]);
    expect(assembly.told).toEqual({ providerMs: 500 });
  });

  test("nothing is read after an error", () => {
    const assembly = sent(["oops", choice({ content: "a" }), "[DONE]"]);
    expect([assembly.content, assembly.isDone]).toEqual(["", false]);
  });
});

describe("errors in place of an answer", () => {
  test("an error before the answer has the status that it names, and is kept as it came", () => {
    const error = { message: "no such model", code: 404 };
    const assembly = sent([{ error }]);
    expect(assembly.error).toEqual({ code: "refused", status: 404, message: "no such model" });
    expect(assembly.refusal).toBe(JSON.stringify({ error }));
  });

  test.each([
    [[], "busy"],
    [[choice({ content: "a" })], "the stream broke off: busy"],
  ])("an error without a status is one of the stream: %j", (before, message) => {
    const assembly = sent([...before, { choices: [], error: { message: "busy" } }]);
    expect(assembly.error).toEqual({ code: "unavailable", status: 200, message });
    expect(assembly.refusal).toBe("");
  });

  test("after the answer has begun, a status in an error does not make it a refusal", () => {
    const assembly = sent([choice({ content: "a" }), { error: { message: "slow", code: 429, type: "x" } }]);
    expect(assembly.error).toEqual({ code: "limit", status: 200, message: "the stream broke off: slow" });
  });

  test("an error of null beside choices is none", () => {
    expect(sent([{ ...choice({ content: "a" }, { finish_reason: "stop" }), error: null }]).content).toBe("a");
  });

  test("what a server could not read as a call is the answer, unless a call came before", () => {
    const failure = { error: { message: "no", code: "tool_use_failed", failed_generation: "<call>" } };
    const assembly = sent([failure]);
    expect([assembly.content, assembly.error]).toEqual(["<call>", undefined]);
    const later = sent([calls(part({ index: 0, name: "a", text: "{}" })), failure]);
    expect([later.content, later.error?.code]).toEqual(["", "unavailable"]);
  });

  test("a whole answer with a chunk's form or without a message says so", () => {
    const assembly = new ResponseAssembler(200);
    assembly.body('{"choices":[{"delta":{"content":"a"}}]}');
    expect(assembly.error?.message).toBe("the answer's choice holds no message");
    const other = new ResponseAssembler(200);
    other.body('{"choices":[{"index":1,"message":{"content":"a"}}]}');
    expect(other.error?.message).toBe("the answer holds no choices");
    const broken = new ResponseAssembler(200);
    broken.body(" nope ");
    expect(broken.error?.message).toBe("the answer is not JSON: nope");
  });
});
