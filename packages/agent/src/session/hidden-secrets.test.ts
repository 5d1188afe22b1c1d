import type { Json } from "@ape/core/lib/json";
import type { PageForm } from "@ape/core/protocol/page";
import { expect, test } from "vitest";
import { play, type Tool } from "../../test/session.ts";

const call: Tool = ["http_post", { path: "/echo", data: { password: "{{password}}", cvv: "{{cvv}}" } }];

/** Makes two calls of a target that answers with the JSON; returns all that models and events saw. */
async function shown(json: Json, headers: Record<string, string | string[]> = {}): Promise<string> {
  const { prompts, events } = await play(
    [call, ["http_get", { path: "/order" }], ["finish", { reason: "done" }]],
    () => ({ status: 404, json, headers }),
    {
      row: { values: { password: "p&ss wörd/1", cvv: "123" }, secret: ["password", "cvv"] },
      secrets: ["key-of-config-77"],
    },
  );
  return prompts.join("\n") + JSON.stringify(events);
}
const password = "p&ss wörd/1";

test.each<[string, string]>([
  ["a column's value", password],
  ["a column's value, percent-encoded", encodeURIComponent(password)],
  ["a column's value as a form sends it", new URLSearchParams({ p: password }).toString().slice(2)],
  ["a column's value in HTML", "p&amp;ss wörd/1"],
  ["a column's value in base64", Buffer.from(password).toString("base64").replace(/=+$/, "")],
  ["a secret of the configuration", "key-of-config-77"],
  ["a session cookie", "c00kie-0123456789"],
])("%s that a target echoes reaches neither model nor event", async (_, echoed) => {
  const seen = await shown(
    { you: `sent <${echoed}>`, deep: [{ [`k ${echoed}`]: echoed }] },
    { "set-cookie": ["sid=c00kie-0123456789; Path=/", "lang=en-gb; Path=/"], "x-echo": echoed },
  );
  expect(seen).not.toContain(echoed);
  expect(seen).not.toContain(JSON.stringify(echoed).slice(1, -1));
  expect(seen).toContain("sent <");
});

test("a short secret is hidden as a value, and settings in cookies hide nothing", async () => {
  const seen = await shown(
    { cvv: "123", again: 123, order: "A-123-X", text: "in en-gb of order" },
    { "set-cookie": ["lang=en-gb; Path=/", "view=order; Path=/"] },
  );
  expect(seen).not.toContain('"123"');
  expect(seen).not.toContain('\\"123\\"');
  expect(seen).not.toMatch(/again\W+123/);
  expect(seen).toContain("A-123-X");
  expect(seen).toContain("in en-gb of order");
  expect(seen).toContain("/order");
});

test("an id that is a cookie's value too is hidden, and can be sent back to the target that gave it", async () => {
  const { calls, prompts, events } = await play(
    [
      ["http_post", { path: "/carts" }],
      ["http_get", { path: "/carts/{{cookie cart_id}}" }],
      ["finish", { reason: "done" }],
    ],
    () => ({
      status: 200,
      json: { cart: { number: "c-7f3e9a1b2c4d5e6f" } },
      headers: { "set-cookie": "cart_id=c-7f3e9a1b2c4d5e6f; Path=/" },
    }),
  );
  expect(prompts.join("\n")).toContain("{{cookie cart_id}}");
  expect(prompts.join("\n") + JSON.stringify(events)).not.toContain("7f3e9a1b2c4d5e6f");
  expect(calls[1]?.path).toBe("/carts/c-7f3e9a1b2c4d5e6f");
});

test("a short secret of the configuration does not break ids that hold its letters", async () => {
  const { prompts } = await play(
    [call, ["finish", { reason: "done" }]],
    () => ({ status: 200, json: { id: "demo-4711", tenant: "demo" } }),
    { secrets: ["demo"], row: { values: { password: "hunter22", cvv: "123" }, secret: ["password", "cvv"] } },
  );
  expect(prompts.at(-1)).toContain("demo-4711");
  expect(prompts.at(-1)).not.toMatch(/tenant\W+demo/);
});

test.each<[string, string, string, boolean]>([
  ["hidden", "csrf_token", "f7a9c3e1", true],
  ["hidden", "csrf_token", "f7a9c3e", false],
  ["text", "csrf_token", "f7a9c3e1", false],
  ["hidden", "colour", "f7a9c3e1", false],
])("a page's %s control %s of %s is a secret from then on: %j", async (type, name, value, secret) => {
  const control = { type, name, value, label: "", required: false };
  const form: PageForm = {
    id: "1",
    label: "Pay",
    method: "POST",
    path: "/pay",
    enctype: "application/x-www-form-urlencoded",
    controls: [control],
  };
  const page = { title: "T", path: "/", text: "", links: [], forms: [form] };
  let calls = 0;
  const { prompts, events } = await play(
    [
      ["http_get", { path: "/" }],
      ["http_get", { path: "/echo" }],
      ["finish", { reason: "done" }],
    ],
    () => ({ status: 200 }),
    {
      tools: {
        call: async ({ path, method }) => ({
          status: 200,
          headers: {},
          body:
            calls++ === 0
              ? { kind: "page", page, bytes: 1, cut: false }
              : { kind: "json", json: { said: `<${value}>` }, bytes: 1 },
          timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
          attempts: [{ status: 200, duration: 1, backoff: 0 }],
          operation: `${method} ${path}`,
        }),
      },
    },
  );
  const seen = prompts.at(-1) + JSON.stringify(events);
  expect(seen.includes(`<${value}>`)).toBe(!secret);
});
