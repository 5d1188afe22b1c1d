import fc from "fast-check";
import { expect, test } from "vitest";
import { callsInText } from "./calls-in-text.ts";

const TOOLS = ["http_get", "http_post", "finish", "listProducts"];
const isTool = (name: string): boolean => TOOLS.includes(name);
const GET = { name: "http_get", arguments: '{"path":"/a"}' };

test.each([
  ["Hermes", '<tool_call>\n{"name": "http_get", "arguments": {"path":"/a"}}\n</tool_call>'],
  ["Hermes without an end", 'I look.\n<tool_call>{"name":"http_get","arguments":{"path":"/a"}}'],
  [
    "Hermes with a fence",
    '<tool_call>\n```json\n{"name":"http_get","arguments":{"path":"/a"}}\n```\n</tool_call>',
  ],
  ["Llama 3", '{"name": "http_get", "parameters": {"path":"/a"}}'],
  ["Llama 3.1", '<|python_tag|>{"type":"function","name":"http_get","parameters":{"path":"/a"}}'],
  ["Llama with a named function", '<function=http_get>{"path":"/a"}</function>'],
  ["Mistral", '[TOOL_CALLS][{"name": "http_get", "arguments": {"path":"/a"}}]'],
  ["Mistral, newer", '[TOOL_CALLS]http_get[ARGS]{"path":"/a"}'],
  ["a fence", 'Here it is:\n```json\n{"tool": "http_get", "arguments": {"path":"/a"}}\n```'],
  ["a fence without an end", '```\n{"name":"http_get","args":{"path":"/a"}}'],
  [
    "OpenAI's own form",
    '{"tool_calls":[{"id":"1","type":"function","function":{"name":"http_get","arguments":"{\\"path\\":\\"/a\\"}"}}]}',
  ],
  ["a legacy call", '{"function_call":{"name":"http_get","arguments":{"path":"/a"}}}'],
  ["an agent framework", '{"action":"http_get","action_input":{"path":"/a"}}'],
  ["MiniMax's tag around JSON", '<tool_calls>\n{"name":"http_get","arguments":{"path":"/a"}}\n</tool_calls>'],
  ["Nemotron", '<TOOLCALL>[{"name":"http_get","arguments":{"path":"/a"}}]</TOOLCALL>'],
  ["Hunyuan", '<tool_calls><tool_call>http_get\n```json\n{"path":"/a"}\n```\n</tool_call></tool_calls>'],
  ["Command R", 'Action: ```json\n[{"tool_name": "http_get", "parameters": {"path":"/a"}}]\n```'],
  [
    "Command A",
    '<|START_ACTION|>[{"tool_call_id":"0","tool_name":"http_get","parameters":{"path":"/a"}}]<|END_ACTION|>',
  ],
  ["Qwen2.5-Coder", '<tools>\n{"name":"http_get","arguments":{"path":"/a"}}\n</tools>'],
  [
    "an editor's agent",
    '<use_mcp_tool><server_name>s</server_name><tool_name>http_get</tool_name><arguments>{"path":"/a"}</arguments></use_mcp_tool>',
  ],
  ["tags called like the tool", "<http_get>\n<path>/a</path>\n</http_get>"],
  ["a name before a fence", '**http_get**\n```json\n{"path":"/a"}\n```'],
  ["a name before the arguments", 'http_get {"path":"/a"}'],
  ["Functionary", '>>>http_get\n{"path":"/a"}'],
  ["a name as an attribute", '<tool_call name="http_get">{"path":"/a"}</tool_call>'],
  ["an announced name", 'Calling the tool `http_get` with arguments: {"path":"/a"}'],
  ["steps of reasoning that wait", 'Action: http_get\nAction Input: {"path":"/a"}\nObservation:'],
  ["steps of reasoning", 'Thought: I look.\nAction: http_get\nAction Input: {"path":"/a"}'],
  ["the tool's name as a key", '{"http_get":{"path":"/a"}}'],
  [
    "several calls of OpenAI's models",
    '{"tool_uses":[{"recipient_name":"http_get","parameters":{"path":"/a"}}]}',
  ],
  ["prose before it", 'I will call this: {"name":"http_get","arguments":{"path":"/a"}}.'],
  [
    "reasoning before it",
    '<think>maybe {"name":"http_post","arguments":{}}?</think>{"name":"http_get","arguments":{"path":"/a"}}',
  ],
])("a call in text is found: %s", (_, text) => {
  const calls = callsInText(text, isTool);
  expect(calls.map((call) => ({ ...call, arguments: JSON.stringify(JSON.parse(call.arguments)) }))).toEqual([
    GET,
  ]);
});

test.each([
  [
    "Qwen3-Coder",
    "<tool_call>\n<function=http_get>\n<parameter=path>\n/a\n</parameter>\n</function>\n</tool_call>",
  ],
  [
    "gpt-oss",
    '<|channel|>commentary to=functions.http_get <|constrain|>json<|message|>{"path":"/a"}<|call|>',
  ],
  [
    "Kimi",
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.http_get:0<|tool_call_argument_begin|>{"path":"/a"}<|tool_call_end|>',
  ],
  ["GLM", "<tool_call>http_get\n<arg_key>path</arg_key>\n<arg_value>/a</arg_value>\n</tool_call>"],
  [
    "DeepSeek",
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>http_get\n```json\n{"path":"/a"}\n```<｜tool▁call▁end｜>',
  ],
  ["DeepSeek, newer", '<｜tool▁call▁begin｜>http_get<｜tool▁sep｜>{"path":"/a"}<｜tool▁call▁end｜>'],
  [
    "MiniMax",
    '<minimax:tool_call>\n<invoke name="http_get">\n<parameter name="path">/a</parameter>\n</invoke>\n</minimax:tool_call>',
  ],
  [
    "Claude",
    '<function_calls><invoke name="http_get"><parameter name="path">/a</parameter></invoke></function_calls>',
  ],
  [
    "Claude, cut at its end",
    '<function_calls>\n<invoke name="http_get">\n<parameter name="path">/a</parameter>',
  ],
  [
    "DeepSeek V3.2",
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="http_get">\n<｜DSML｜parameter name="path" string="true">/a</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
  ],
  [
    "Step 3",
    '<steptml:invoke name="http_get"><steptml:parameter name="path">/a</steptml:parameter></steptml:invoke>',
  ],
  ["Seed", "<seed:tool_call><function=http_get><parameter=path>/a</parameter></function></seed:tool_call>"],
  ["OLMo", '<function_calls>\nhttp_get(path="/a")\n</function_calls>'],
  ["LFM2", '<|tool_call_start|>[http_get(path="/a")]<|tool_call_end|>'],
  ["Llama 4", '<|python_start|>[http_get(path="/a")]<|python_end|>'],
  ["Gemma, a fence", '```tool_code\nhttp_get(path="/a")\n```'],
  ["Gemini, printed", '```python\nprint(http_get(path="/a"))\n```'],
  ["Python's literals", "{'name': 'http_get', 'arguments': {'path': '/a'}}"],
  ["Python", "[http_get(path='/a')]"],
  ["Python without a list", 'http_get(path="/a")'],
])("a call in the template of %s is found", (_, text) => {
  const [call] = callsInText(text, (name) => isTool(name.replace(/^functions\.|:0$/g, "")));
  expect(call?.name).toMatch(/http_get/);
  expect(JSON.parse(call?.arguments ?? "")).toEqual({ path: "/a" });
});

test("calls one behind the other, and Python's own values, are read", () => {
  expect(
    callsInText('{"name":"http_get","parameters":{}}; {"name":"finish","parameters":{}}', isTool),
  ).toHaveLength(2);
  const [call] = callsInText(
    `http_post(data={"ok": True, 'n': None, "list": [1, 'a"b']}, path="/x")`,
    isTool,
  );
  expect(JSON.parse(call?.arguments ?? "")).toEqual({
    data: { ok: true, n: null, list: [1, 'a"b'] },
    path: "/x",
  });
});

test("values in tags keep their types as far as their form tells them", () => {
  const dsml = (text: string, value: string) =>
    `<｜DSML｜invoke name="http_post">\n<｜DSML｜parameter name="data" string="${text}">${value}</｜DSML｜parameter>\n</｜DSML｜invoke>`;
  const dataOf = (text: string): unknown => JSON.parse(callsInText(text, isTool)[0]?.arguments ?? "").data;
  expect(dataOf(dsml("false", '{"n":5}'))).toEqual({ n: 5 });
  expect(dataOf(dsml("true", "5"))).toBe("5");
  expect(
    dataOf("http_post(data={'a': 'it\\'s', \"b\": 'say \"x\"', 'c': (None), })".replace("(None)", "None")),
  ).toEqual({
    a: "it's",
    b: 'say "x"',
    c: null,
  });
});

test("calls in several lines of Python, or in several tags, are several calls", () => {
  const two = [GET, { name: "listProducts", arguments: "{}" }];
  for (const text of [
    '```tool_code\nhttp_get(path="/a")\nlistProducts()\n```',
    '<invoke name="http_get"><parameter name="path">/a</parameter></invoke><invoke name="listProducts"></invoke>',
    '{"tool_uses":[{"recipient_name":"http_get","parameters":{"path":"/a"}},{"recipient_name":"listProducts","parameters":{}}]}',
  ])
    expect(callsInText(text, isTool)).toEqual(two);
});

test("several tagged calls are several calls", () => {
  const tagged = (path: string) =>
    `<tool_call>{"name":"http_get","arguments":{"path":"${path}"}}</tool_call>`;
  expect(callsInText(`${tagged("/a")}\n${tagged("/b")}`, isTool)).toHaveLength(2);
});

test("a tool without arguments needs none", () => {
  expect(callsInText('{"name":"listProducts"}', isTool)).toEqual([{ name: "listProducts", arguments: "{}" }]);
});

test.each([
  ["an answer's data", 'The product is {"name":"Flask","price":3}.'],
  ["the name of no tool", '{"name":"rm","arguments":{}}'],
  [
    "two different examples",
    'Either {"name":"http_get","arguments":{}} or {"name":"http_post","arguments":{}}.',
  ],
  [
    "an example that words follow",
    'I could call {"name":"http_post","arguments":{}} but I need to know more. What do you want?',
  ],
  ["a call in the middle of a sentence", 'Calling {"name":"http_get","arguments":{}} would help.'],
  ["a denial", 'I must not send {"name":"http_post","arguments":{}} yet.'],
  [
    "a tag that words follow",
    'One could use <tool_call>{"name":"http_get","arguments":{}}</tool_call> but I will not.',
  ],
  [
    "a fence that words follow",
    'I would do:\n```json\n{"name":"http_get","arguments":{}}\n```\nShall I proceed?',
  ],
  [
    "reasoning of which only the end is marked",
    'maybe {"name":"http_post","arguments":{}}</think>I am not sure.',
  ],
  ["an example in HTML", "<ul><li>http_get</li><li>{}</li></ul>"],
  ["a denied name", 'I must not use http_get {"path":"/a"}'],
  ["two names", 'http_get or http_post {"path":"/a"}'],
  ["a name that words follow", 'http_get {"path":"/a"} would show it'],
  ["a script", '```python\nresult = http_get(path="/a")\nprint(result)\n```'],
  ["a list of other names", '{"products":{"path":"/a"}}'],
  [
    "steps of reasoning that words follow",
    'Action: http_get\nAction Input: {"path":"/a"}\nObservation: what I would see',
  ],
  ["words", "I am ready to help."],
  ["a call that was cut off", '{"name":"http_get","arguments":{"path":"/a'],
  ["only reasoning", '<think>{"name":"http_get","arguments":{}}'],
])("what is no call stays text: %s", (_, text) => {
  expect(callsInText(text, isTool)).toEqual([]);
});

test("any text is read in bounded time and never throws", () => {
  const part = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    "<tool_call>",
    "</tool_call>",
    "```",
    "<think>",
    "[TOOL_CALLS]",
    '<invoke name="http_get">',
    '<parameter name="a">',
    "Action: http_get\nAction Input: ",
    "http_get(a='",
    "<|",
    '{"name":"http_get",',
    '"arguments":',
    "\\",
    "x",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 400 }), (parts) => {
      for (const { name } of callsInText(parts.join(""), isTool)) expect(TOOLS).toContain(name);
    }),
  );
  expect(callsInText("{".repeat(200_000), isTool)).toEqual([]);
  expect(callsInText("<tool_call>".repeat(20_000), isTool)).toEqual([]);
  expect(callsInText(`{}${"`".repeat(60_000)}x`, isTool)).toEqual([]);
});

test("a GraphQL operation in a fence, with its variables", () => {
  const fence = "```graphql\nmutation($sku: ID!) { add(sku: $sku) { id } }\n```";
  const query = "mutation($sku: ID!) { add(sku: $sku) { id } }";
  expect(callsInText(fence, () => true).map(({ name, arguments: args }) => [name, JSON.parse(args)])).toEqual(
    [["graphql", { query }]],
  );
  const [call] = callsInText(`I add it.\n${fence}\n\n\`\`\`json\n{"sku":"a"}\n\`\`\``, () => true);
  expect(JSON.parse(call?.arguments ?? "")).toEqual({ query, variables: { sku: "a" } });
  for (const text of [
    `${fence}\n${fence}`,
    `${fence}\nShall I send this?`,
    "```graphql\ntype A { b: C }\n```",
  ])
    expect(callsInText(text, (name) => name === "graphql")).toEqual([]);
});
