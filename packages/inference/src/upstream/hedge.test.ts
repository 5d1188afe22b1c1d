import { afterEach, describe, expect, test } from "vitest";
import { realClock } from "../../test/clock.ts";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../../test/model-transports.ts";
import {
  callOf,
  chat,
  chunk,
  configFor,
  GOOD,
  GOOD_CALL,
  json,
  openPeer,
  type PeerHandler,
  stream,
} from "../../test/peer.ts";

afterEach(closeAll);

describe.each(MODEL_TRANSPORTS)("a call asked twice, %s", (_name, open) => {
  async function ask(answering: PeerHandler, request: object = {}, hedgeAfter = "60ms") {
    const peer = await openPeer(answering);
    closeAfterEach(peer);
    const { transport, kept } = await open(configFor(peer.url, { hedgeAfter, timeout: "10s" }));
    const answer = await transport.complete(callOf(chat(request)));
    return { answer, peer, kept };
  }

  test("takes the second answer where the first hangs, cancels the first and counts both", async () => {
    const { answer, peer, kept } = await ask((response, _received, turn) => {
      if (turn === 1) response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      else stream(response, GOOD);
    });
    expect(answer.toolCalls).toEqual([GOOD_CALL]);
    await expect.poll(() => peer.cancelled).toBe(1);
    expect(kept.events).toMatchObject([{ attempts: 2, status: 200 }]);
  });

  test("takes the first answer where it begins before the second, however long it goes on", async () => {
    let askAgain = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      askAgain = resolve;
    });
    const { answer, peer, kept } = await ask(async (response, _received, turn) => {
      if (turn > 1) {
        askAgain();
        return;
      }
      await asked;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(chunk({ role: "assistant", content: "first" }));
      await realClock.sleep(120);
      response.end(chunk({}, "stop"));
    });
    expect(answer.content).toBe("first");
    expect(peer.received.length).toBe(2);
    await expect.poll(() => peer.cancelled).toBe(1);
    expect(kept.events).toMatchObject([{ attempts: 2 }]);
  });

  test("is asked once where it begins in time", async () => {
    const hedgeMs = 1_500;
    const { answer, peer, kept } = await ask(
      async (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(chunk({ role: "assistant", content: "in time" }));
        await realClock.sleep(hedgeMs + 100);
        response.end(chunk({}, "stop"));
      },
      {},
      `${hedgeMs}ms`,
    );
    expect(answer.content).toBe("in time");
    expect(peer.received.length).toBe(1);
    expect(kept.events).toMatchObject([{ attempts: 1 }]);
  });

  test("that is not streamed takes the first whole answer, and an error only where both fail", async () => {
    const message = { role: "assistant", content: "second" };
    const { answer } = await ask(
      async (response, _received, turn) => {
        if (turn === 1) await realClock.sleep(150);
        if (turn === 1) json(response, 400, { error: { message: "first fails" } });
        else {
          await realClock.sleep(200);
          json(response, 200, { choices: [{ index: 0, message, finish_reason: "stop" }] });
        }
      },
      { stream: false },
    );
    expect(answer.content).toBe("second");
    const failed = await ask(
      async (response, _received, turn) => {
        if (turn === 1) await realClock.sleep(150);
        json(response, 400, { error: { message: `${turn} fails` } });
      },
      { stream: false },
    );
    expect(failed.answer.error?.message).toBe("1 fails");
  });

  test("that is cancelled cancels both", async () => {
    const stop = new AbortController();
    const peer = await openPeer((_response, _received, turn) => {
      if (turn === 2) stop.abort();
    });
    closeAfterEach(peer);
    const { transport } = await open(configFor(peer.url, { hedgeAfter: "20ms" }));
    const answer = await transport.complete(callOf(chat(), { signal: stop.signal }));
    expect(answer.error?.code).toBe("cancelled");
    await expect.poll(() => peer.cancelled).toBe(2);
  });
});
