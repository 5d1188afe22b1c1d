import { writeJson } from "@ape/core/lib/lossless-number";
import { expect, test } from "vitest";
import { toolResultBody } from "./result.ts";

const MANY = 10_000;
const textOf = (body: ReturnType<typeof toolResultBody>): string =>
  body.kind === "json" ? writeJson(body.json) : "";

test("a tool's numbers keep their digits, as text and where the same is structured", () => {
  const text = '{"id":9007199254740993123,"price":12345678901234567890.5}';
  expect(textOf(toolResultBody({ content: [{ type: "text", text }] }, MANY))).toBe(text);
  const structuredContent = JSON.parse(text) as Record<string, unknown>;
  expect(textOf(toolResultBody({ content: [{ type: "text", text }], structuredContent }, MANY))).toBe(text);
});

test("words beside a structured result are not taken for it", () => {
  const structuredContent = { id: 9007199254740992 };
  for (const text of ["done", '{"id":1}', "9007199254740993"])
    expect(toolResultBody({ content: [{ type: "text", text }], structuredContent }, MANY)).toMatchObject({
      json: structuredContent,
    });
});
