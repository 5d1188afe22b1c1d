import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realClock } from "../test/clock.ts";
import { callOf, chat, configFor, RecordedEvents } from "../test/peer.ts";
import { createInference } from "./inference.ts";

const mock = new LLMock({ port: 0 });
beforeAll(async () => {
  mock.onMessage("buy something", {
    toolCalls: [{ name: "http_post", arguments: '{"path":"/cart/items"}' }],
  });
  mock.onMessage("talk", { content: "Grüße from somebody else's server." });
  mock.onMessage("fail", { error: { message: "planted", type: "invalid_request_error" }, status: 400 });
  await mock.start();
});
afterAll(async () => {
  await mock.stop();
});

async function ask(content: string, streamed: boolean) {
  const kept = new RecordedEvents();
  const inference = await createInference({
    config: configFor(`${mock.url}/v1`),
    clock: realClock,
    recorder: kept,
  });
  const answer = await inference.transport.complete(
    callOf(chat({ stream: streamed, messages: [{ role: "user", content }] })),
  );
  await inference.close();
  return { answer, event: kept.events[0] };
}

test.each([true, false])("an independent server's answers are understood, streamed %s", async (streamed) => {
  const called = await ask("buy something", streamed);
  expect(called.answer.toolCalls).toEqual([{ name: "http_post", arguments: '{"path":"/cart/items"}' }]);
  expect(called.event).toMatchObject({ status: 200, streamed });
  expect((await ask("talk", streamed)).answer.content).toBe("Grüße from somebody else's server.");
  expect((await ask("fail", streamed)).answer.error).toEqual({
    code: "refused",
    status: 400,
    message: "planted",
  });
});
