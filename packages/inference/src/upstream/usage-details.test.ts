import { afterEach, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../../test/model-transports.ts";
import { callOf, chat, chunk, configFor, openPeer } from "../../test/peer.ts";
import { parseUsageDetails } from "./usage-details.ts";

afterEach(closeAll);

test.each([
  [{}, {}, undefined],
  [{ time_info: { total_time: 0.0222 } }, {}, { providerMs: 22.2 }],
  [{}, { total_time: 0.5 }, { providerMs: 500 }],
  [{}, { prompt_tokens_details: { cached_tokens: 64 } }, { cachedTokens: 64 }],
  [{}, { completion_tokens_details: { reasoning_tokens: 9 } }, { reasoningTokens: 9 }],
  [{ time_info: "soon" }, { prompt_tokens_details: { cached_tokens: "64" } }, undefined],
  [{ time_info: { total_time: -1 } }, { prompt_tokens_details: null }, undefined],
])("of %j with the usage %j it reads %j", (json, usage, told) => {
  expect(parseUsageDetails(json, usage, undefined)).toEqual(told);
});

test("what a later chunk does not tell stays told", () => {
  expect(parseUsageDetails({ time_info: { total_time: 1 } }, {}, { cachedTokens: 3 })).toEqual({
    cachedTokens: 3,
    providerMs: 1_000,
  });
});

test("the event of a call tells reasoning, cache and the provider's time", async () => {
  const peer = await openPeer(async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk({ role: "assistant", content: "" }));
    response.write(chunk({ reasoning: "Let me see" }));
    await realClock.sleep(40);
    response.write(chunk({ content: "Yes." }));
    response.end(
      chunk({}, "stop", {
        usage: {
          prompt_tokens: 900,
          completion_tokens: 20,
          prompt_tokens_details: { cached_tokens: 768 },
          completion_tokens_details: { reasoning_tokens: 12 },
        },
        time_info: { queue_time: 0.001, total_time: 0.04 },
      }),
    );
  });
  closeAfterEach(peer);
  const [, open] = MODEL_TRANSPORTS[0] as (typeof MODEL_TRANSPORTS)[number];
  const { transport, kept } = await open(configFor(peer.url, { price: { input: 1, cached: 0, output: 0 } }));
  await transport.complete(callOf(chat()));
  const [event] = kept.events;
  expect(event).toMatchObject({ cachedTokens: 768, reasoningTokens: 12, providerMs: 40 });
  expect(event?.costUsd).toBeCloseTo(132 / 1e6, 12);
  expect(event?.firstTokenMs).toBeGreaterThanOrEqual(event?.firstReasoningMs ?? Number.NaN);
});
