import { Buffer } from "node:buffer";
import { inferenceSchema as schema } from "@ape/core/config/inference";
import type { PlannedAnswer } from "@ape/planner/planner";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chat } from "../../test/peer.ts";
import { ResponseAssembler } from "../upstream/response-assembler.ts";
import { SseReader } from "../upstream/sse.ts";
import { drawResponse } from "./simulated-response.ts";
import { chunksOf, completionOf } from "./simulated-wire.ts";

const answer: fc.Arbitrary<PlannedAnswer> = fc.record({
  content: fc.string({ unit: "grapheme", maxLength: 60 }),
  toolCalls: fc.array(fc.record({ name: fc.constantFrom("http_get", "finish"), arguments: fc.json() }), {
    maxLength: 3,
  }),
});
const { simulation } = schema.parse({});

test("streamed or whole, cut anywhere, the wire gives the planned answer back", () => {
  fc.assert(
    fc.property(answer, fc.integer({ min: 1, max: 50 }), (planned, size) => {
      const response = drawResponse({ plan: () => planned }, simulation, chat(), 1, 1);
      const streamed = new ResponseAssembler(200);
      const reader = new SseReader((data) => streamed.event(data));
      const bytes = Buffer.from(
        chunksOf(chat(), response)
          .map((chunk) => chunk.text)
          .join(""),
      );
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      reader.end();
      streamed.end();
      const whole = new ResponseAssembler(200);
      whole.body(JSON.stringify(completionOf(chat(), response)));
      for (const assembly of [streamed, whole]) {
        expect(assembly.error).toBeUndefined();
        expect({ content: assembly.content, toolCalls: assembly.toolCalls }).toEqual(planned);
        expect([assembly.inputTokens, assembly.outputTokens]).toEqual([
          response.inputTokens,
          response.outputTokens,
        ]);
      }
    }),
  );
});

test("chunks are due in order, from the first token to the last", () => {
  const response = drawResponse(
    { plan: () => ({ content: "x".repeat(100), toolCalls: [] }) },
    simulation,
    chat(),
    1,
    1,
  );
  const shares = chunksOf(chat(), response).map((chunk) => chunk.share);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect([shares[0], shares[1], shares.at(-1)]).toEqual([0, 0, 1]);
});

test("usage comes only where it is asked for", () => {
  const { stream_options: _, ...silent } = chat();
  const response = drawResponse({ plan: () => ({ content: "x", toolCalls: [] }) }, simulation, silent, 1, 1);
  expect(chunksOf(silent, response).some((chunk) => chunk.text.includes("usage"))).toBe(false);
});
