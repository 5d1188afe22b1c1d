import fc from "fast-check";
import { expect, test } from "vitest";
import { readTextCalls } from "./text-call.ts";

const CALL = { name: "http_get", arguments: '{"path":"/products"}' };

test.each([
  ["tagged", '<tool_call>\n{"name": "http_get", "arguments": {"path": "/products"}}\n</tool_call>'],
  [
    "tagged, the end cut off by the turn's",
    '<tool_call>{"name":"http_get","arguments":{"path":"/products"}}<|im_end|>',
  ],
  [
    "fenced after a sentence",
    'I look first.\n```json\n{"name":"http_get","arguments":{"path":"/products"}}\n```\nThen I buy.',
  ],
  ["Llama's parameters", '<|python_tag|>{"name":"http_get","parameters":{"path":"/products"}}<|eot_id|>'],
  ["Llama's function", '<function=http_get>{"path":"/products"}</function>'],
  ["Mistral's list", '[TOOL_CALLS] [{"name":"http_get","arguments":{"path":"/products"}}]</s>'],
  [
    "a legacy function_call",
    '{"function_call":{"name":"http_get","arguments":"{\\"path\\":\\"/products\\"}"}}',
  ],
  [
    "a whole message",
    '{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"http_get","arguments":"{\\"path\\":\\"/products\\"}"}}]}',
  ],
  ["the form of decisions as JSON", 'Sure: {"tool":"http_get","arguments":{"path":"/products"}}'],
  ["arguments beside the name", '{"tool":"http_get","path":"/products"}'],
  [
    "after reasoning that names another",
    '<think>{"name":"finish"} no</think>{"name":"http_get","arguments":{"path":"/products"}}',
  ],
])("a call is read from text: %s", (_, content) => {
  expect(readTextCalls(content)).toEqual([CALL]);
});

test("several calls are read in order", () => {
  const one = '{"name":"a","arguments":{}}';
  const two = '{"name":"b","arguments":{}}';
  const names = (text: string) => readTextCalls(text).map(({ name }) => name);
  expect(names(`${one}; ${two}`)).toEqual(["a", "b"]);
  expect(names(`[${one},${two}]`)).toEqual(["a", "b"]);
  expect(names(`<tool_call>${one}</tool_call>\n<tool_call>${two}</tool_call>`)).toEqual(["a", "b"]);
});

test.each([
  ["prose", "I would buy the cup now."],
  ["an answer about a call", 'I could send {"name":"finish","arguments":{}} but that would be too early.'],
  ["JSON that is no call", '{"id":"p1","price":5}'],
  ["a call that is cut off", '{"name":"http_post","arguments":{"path":"/orders","data":{"id":'],
  [
    "one call of two that cannot be read",
    '<tool_call>{"name":"a","arguments":{}}</tool_call><tool_call>{"na</tool_call>',
  ],
])("%s is read as no call", (_, content) => {
  expect(readTextCalls(content)).toEqual([]);
});

test("any arguments survive any of the forms", () => {
  const forms: ((call: string) => string)[] = [
    (call) => call,
    (call) => `<tool_call>${call}</tool_call>`,
    (call) => `Text before: ${call}`,
  ];
  fc.assert(
    fc.property(
      fc
        .dictionary(fc.string(), fc.jsonValue())
        .filter((args) => !/tool_call|think|\[TOOL|<\||<\/s>/.test(JSON.stringify(args))),
      fc.constantFrom(...forms),
      (args, form) => {
        const text = JSON.stringify({ name: "t", arguments: args });
        const [call] = readTextCalls(form(text));
        expect(call?.name).toBe("t");
        expect(JSON.parse(call?.arguments ?? "")).toEqual(JSON.parse(JSON.stringify(args)));
      },
    ),
  );
});

test("no text is an error", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          "{",
          "}",
          "[",
          "]",
          '"',
          "\\",
          "name",
          ":",
          ",",
          "<tool_call>",
          "```json\n",
          "```",
          " ",
          "x",
        ),
      ),
      (parts) => {
        expect(Array.isArray(readTextCalls(parts.join("")))).toBe(true);
      },
    ),
  );
});
