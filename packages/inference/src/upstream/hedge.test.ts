import { afterEach, describe, expect, test } from "vitest";
import { closeAfterEach, closeAll, MODEL_TRANSPORTS } from "../../test/model-transports.ts";
import {
  callOf,
  chat,
  configFor,
  GOOD,
  GOOD_CALL,
  openPeer,
  type PeerHandler,
  stream,
} from "../../test/peer.ts";
import { VirtualClock } from "../../test/virtual-clock.ts";
import { ClientAbort } from "../server/client-abort-signal.ts";
import { emptyResponse } from "./failed-attempt.ts";
import { HedgedUpstream } from "./hedge.ts";
import type { StreamSink, Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

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

describe("a hedged call", () => {
  /** An upstream whose answers a test gives, each to the request of its number. */
  function rig(signal?: ClientAbort) {
    const clock = new VirtualClock();
    const asked: { ask: UpstreamRequest; end: (response: Partial<UpstreamResponse>) => void }[] = [];
    const inner: Upstream = {
      ask: (ask) =>
        new Promise((resolve) => {
          asked.push({ ask, end: (response) => resolve({ ...emptyResponse(), ...response }) });
        }),
      close: async () => undefined,
    };
    const heard: string[] = [];
    const tap: StreamSink = {
      head: (status, _, queueMs) => void heard.push(`head ${status} ${queueMs}`),
      data: (bytes) => {
        heard.push(String(bytes));
        return false;
      },
      whenDrained: (resume) => resume(),
      end: () => void heard.push("end"),
    };
    const answer = new HedgedUpstream(inner, 100, clock).ask({ signal, tap } as unknown as UpstreamRequest);
    const begin = (at: number): void => {
      asked[at]?.ask.tap?.head(200, {}, at);
      asked[at]?.ask.tap?.data(`part of ${at}`);
    };
    const cancelled = () => asked.map(({ ask }) => ask.signal?.aborted);
    return { clock, asked, heard, answer, begin, cancelled };
  }
  const FAILED = { error: { code: "refused", status: 400, message: "" } } as const;

  test("is asked once where its answer begins or ends in time", async () => {
    const begun = rig();
    await begun.clock.pass(99);
    begun.begin(0);
    await begun.clock.pass(10_000);
    begun.asked[0]?.end({ content: "first" });
    expect(await begun.answer).toMatchObject({ content: "first", extra: 0 });
    expect(begun.heard).toEqual(["head 200 0", "part of 0"]);
    const ended = rig();
    ended.asked[0]?.end(FAILED);
    expect(await ended.answer).toMatchObject({ ...FAILED, extra: 0 });
    await ended.clock.pass(1_000);
    expect([begun.asked.length, ended.asked.length]).toEqual([1, 1]);
  });

  test("a head alone is no beginning", async () => {
    const { clock, asked } = rig();
    asked[0]?.ask.tap?.head(200, {}, 0);
    await clock.pass(100);
    expect(asked).toHaveLength(2);
  });

  test.each([0, 1])(
    "takes the answer that begins first, number %d, and cancels the other",
    async (winner) => {
      const { clock, asked, heard, answer, begin, cancelled } = rig();
      await clock.pass(100);
      begin(winner);
      begin(1 - winner);
      expect(cancelled()).toEqual([winner === 1, winner === 0]);
      asked[1 - winner]?.ask.tap?.end();
      asked[1 - winner]?.end({ content: "other" });
      asked[winner]?.ask.tap?.end();
      asked[winner]?.end({ content: "winner" });
      expect(await answer).toMatchObject({ content: "winner", extra: 1 });
      expect(heard).toEqual([`head 200 ${winner}`, `part of ${winner}`, "end"]);
    },
  );

  test("a reader that is slow holds the winner back, not the loser", async () => {
    const { clock, asked, begin } = rig();
    await clock.pass(100);
    begin(1);
    expect(asked.map(({ ask }) => ask.tap?.data("more"))).toEqual([true, false]);
    let drained = 0;
    asked[1]?.ask.tap?.whenDrained(() => {
      drained += 1;
    });
    expect(drained).toBe(1);
  });

  test("that is not streamed takes the first good answer, and the first one's error only where both fail", async () => {
    const good = rig();
    await good.clock.pass(100);
    good.asked[0]?.end(FAILED);
    await good.clock.pass(50);
    good.asked[1]?.end({ content: "second" });
    expect((await good.answer).content).toBe("second");
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const bad = rig();
      await bad.clock.pass(100);
      for (const at of order) bad.asked[at]?.end({ ...FAILED, content: `${at}` });
      expect(await bad.answer).toMatchObject({ content: "0", extra: 1 });
    }
  });

  test("that was cancelled before is asked as it is, and one that is cancelled is not asked again", async () => {
    const gone = new ClientAbort();
    gone.abort();
    const early = rig(gone);
    expect(early.asked.map(({ ask }) => ask.signal)).toEqual([gone]);
    early.asked[0]?.end(FAILED);
    expect((await early.answer).extra).toBeUndefined();
    const stop = new ClientAbort();
    const waits = rig(stop);
    stop.abort();
    await waits.clock.pass(100);
    expect(waits.cancelled()).toEqual([true]);
    const both = new ClientAbort();
    const runs = rig(both);
    await runs.clock.pass(100);
    both.abort();
    expect(runs.cancelled()).toEqual([true, true]);
    const over = new ClientAbort();
    const done = rig(over);
    done.asked[0]?.end({});
    await done.answer;
    over.abort();
    expect(done.cancelled()).toEqual([false]);
  });
});
