import type { ChatMessage, ChatRequest } from "@ape/core/protocol/chat";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeRequest } from "./encode.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constant("x".repeat(90_000)),
  fc.constant("\ud800"),
);
const message: fc.Arbitrary<ChatMessage> = fc.record({
  role: fc.constantFrom("system", "user", "assistant"),
  content: text,
});

test("a request is encoded as JSON.stringify would, whatever it holds, and earlier ones stay as they were", () => {
  const tools = [{ type: "function" as const, function: { name: "é", description: "d", parameters: {} } }];
  fc.assert(
    fc.property(
      fc.array(
        fc.record<ChatRequest>(
          {
            model: text,
            messages: fc.array(message, { maxLength: 4 }),
            tools: fc.constant(tools),
            seed: fc.integer(),
          },
          { requiredKeys: ["model", "messages"] },
        ),
        { maxLength: 5 },
      ),
      (requests) => {
        const encoded = requests.map(encodeRequest);
        for (const [index, request] of requests.entries())
          expect(JSON.parse(Buffer.from(encoded[index] as Uint8Array).toString("utf8"))).toEqual(
            JSON.parse(Buffer.from(JSON.stringify(request)).toString("utf8")),
          );
      },
    ),
  );
});

test("a system message that changed is encoded anew", () => {
  const system: ChatMessage = { role: "system", content: "a" };
  const contentOf = (): unknown =>
    (JSON.parse(Buffer.from(encodeRequest({ model: "m", messages: [system] })).toString()) as ChatRequest)
      .messages[0]?.content;
  expect(contentOf()).toBe("a");
  system.content = "b";
  expect(contentOf()).toBe("b");
});
