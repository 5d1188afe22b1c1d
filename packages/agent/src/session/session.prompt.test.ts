import { expect, test } from "vitest";
import { api, finishTool, goal, login, order, play, shop, type Tool } from "../../test/session.ts";
import { createModelPolicy } from "../policy/model-policy.ts";

test("with endWhen: checks a session whose checks all hold ends without asking", async () => {
  const { report, prompts, ended } = await play([login, order, finishTool], shop, {
    goal: goal({ endWhen: "checks" }),
  });
  expect(report).toMatchObject({ outcome: "succeeded", steps: 2 });
  expect(prompts).toHaveLength(2);
  expect(ended?.checks.map(({ held }) => held)).toEqual([true, true]);
});

test("with endWhen: checks calls that were planned behind the goal are not made", async () => {
  const late: Tool = ["http_get", { path: "/things" }];
  const { calls } = await play([login, { calls: [order, late] }], shop, {
    goal: goal({ endWhen: "checks" }),
  });
  expect(calls.some(({ path }) => path === "/things")).toBe(false);
});

test("with endWhen: checks a session goes on while a check does not hold", async () => {
  const { report, prompts } = await play([login, finishTool], shop, { goal: goal({ endWhen: "checks" }) });
  expect(report).toMatchObject({ outcome: "failed", steps: 2 });
  expect(prompts).toHaveLength(2);
});

test("by default the model ends a session", async () => {
  const { prompts } = await play([login, order, finishTool], shop);
  expect(prompts).toHaveLength(3);
});

test("prompts tell the date, the steps that are left, what was sent and what the answer's headers say", async () => {
  const { prompts } = await play(
    [
      ["http_get", { path: "/things/1" }],
      ["http_get", { path: "/things/1", headers: { "If-None-Match": '"v1"' } }],
      finishTool,
    ],
    () => ({ status: 200, json: { id: "t1" }, headers: { etag: '"v1"' } }),
  );
  expect(prompts[0]).toContain("Today is Thursday, 1970-01-01.");
  expect(prompts[0]).toContain("Steps left: 30");
  expect(prompts[2]).toContain("Steps left: 28");
  expect(prompts[1]).toContain(String.raw`headers {"etag":"\"v1\""}`);
  expect(prompts[2]).toContain(String.raw`sent headers {"If-None-Match":"\"v1\""}`);
});

test("a token against forged requests is shown as a placeholder, and sent as its value", async () => {
  const { prompts, calls, events } = await play(
    [
      ["http_get", { path: "/form" }],
      ["http_post", { path: "/things", headers: { "X-CSRF-Token": "{{x-csrf-token}}" } }],
      finishTool,
    ],
    () => ({ status: 200, json: { id: "t1" }, headers: { "x-csrf-token": "forge-4711-abcdef" } }),
  );
  expect(prompts[1]).toContain('"x-csrf-token":"{{x-csrf-token}}"');
  expect(calls[1]?.headers?.["x-csrf-token"]).toBe("forge-4711-abcdef");
  expect(JSON.stringify(events) + prompts.join()).not.toContain("forge-4711");
});

test("what a model writes beside a call is in the next prompt, bounded and without its reasoning", async () => {
  const prompts: string[] = [];
  const answers = [
    {
      content: `<think>${"hm ".repeat(50)}</think>I look at things\nfirst. ${"x".repeat(500)}`,
      toolCalls: [{ name: "http_get", arguments: '{"path":"/things"}' }],
    },
    { content: "", toolCalls: [{ name: "finish", arguments: "{}" }] },
  ];
  await play([finishTool], () => ({ status: 200, json: [] }), {
    policy: createModelPolicy({
      model: {
        complete: async ({ request }) => {
          prompts.push(request.messages.map(({ content }) => content).join("\n"));
          const answer = answers[prompts.length - 1] ?? { content: "", toolCalls: [] };
          return { inference: "i", inputTokens: 1, outputTokens: 1, queueMs: 0, ...answer };
        },
      },
      modelName: "m",
      maxCompletionTokens: 100,
      temperature: 0,
      apis: [api],
    }),
  });
  const said = /^said "(.*)"$/m.exec(prompts[1] ?? "")?.[1] ?? "";
  expect(said).toMatch(/^I look at things first\. x+\.\.\.$/);
  expect(said).toHaveLength(200);
});

test("a long cursor is shown as one placeholder in both places, and sent as its latest value", async () => {
  const cursor = (page: number): string => `eyJw${String(page).repeat(80)}==`;
  const next: Tool = ["http_get", { path: "/things", query: { after: "{{nextCursor}}" } }];
  const { prompts, calls } = await play(
    [["http_get", { path: "/things" }], next, next, finishTool],
    (_, n) => ({
      status: 200,
      json: { items: [], nextCursor: cursor(n), shortCursor: "abc" },
    }),
  );
  expect(prompts[1]).toContain('"nextCursor":"{{nextCursor}}"');
  expect(prompts[1]).toContain('nextCursor: "{{nextCursor}}"');
  expect(prompts[1]).toContain('"shortCursor":"abc"');
  expect(prompts.join()).not.toContain("eyJw");
  expect(calls.slice(1).map(({ query }) => query?.after)).toEqual([cursor(1), cursor(2)]);
});

test("hundreds of long cursors push no secret out of what is hidden", async () => {
  const script: Tool[] = [
    login,
    ...Array.from({ length: 27 }, (_, n): Tool => ["http_get", { path: `/things/${n}` }]),
    finishTool,
  ];
  const { prompts, events } = await play(script, (call, n) =>
    call.path === "/login"
      ? { status: 200, json: { accessToken: "tok-abcdef-123456" } }
      : {
          status: 200,
          json: Object.fromEntries(
            Array.from({ length: 10 }, (_, at) => [`c${n}x${at}Cursor`, `${n}${at}`.repeat(40)]),
          ),
        },
  );
  expect(prompts.length).toBeGreaterThan(25);
  expect(prompts.join() + JSON.stringify(events)).not.toContain("tok-abcdef");
  expect(prompts.join() + JSON.stringify(events)).not.toContain("hunter22");
});
