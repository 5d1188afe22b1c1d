import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PageApi, type RefusedError } from "./api.ts";

const fetched = vi.fn<typeof fetch>();
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetched);
  fetched.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An answer whose text is pushed by the test, and that ends with an error when its request is aborted. */
function stream(): { push(text: string): void } {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  fetched.mockImplementationOnce(async (_, options) => {
    const body = new ReadableStream<Uint8Array>({
      start: (one) => {
        controller = one;
      },
    });
    options?.signal?.addEventListener("abort", () => controller?.error(new Error("aborted")));
    return new Response(body);
  });
  return { push: (text) => controller?.enqueue(new TextEncoder().encode(text)) };
}

test("a connection that is silent for ten seconds is dead: the page connects again", async () => {
  const states: string[] = [];
  const first = stream();
  stream();
  const end = new PageApi("t").follow(
    () => undefined,
    (state) => states.push(state),
    () => undefined,
  );
  for (let second = 0; second < 30; second += 5) {
    await vi.advanceTimersByTimeAsync(5_000);
    first.push(": alive\n\n");
  }
  await vi.advanceTimersByTimeAsync(9_000);
  expect(fetched).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(states).toEqual(["lost"]);
  expect(fetched).toHaveBeenCalledTimes(2);
  end();
});

test("a refusal is passed on, and the page tries again", async () => {
  fetched.mockImplementation(async () => Response.json({ error: "20 pages are open" }, { status: 503 }));
  const refused: RefusedError[] = [];
  const end = new PageApi("t").follow(
    () => undefined,
    () => undefined,
    (error) => refused.push(error),
  );
  await vi.advanceTimersByTimeAsync(1_500);
  expect(refused.map(({ status, message }) => [status, message])).toEqual([
    [503, "20 pages are open"],
    [503, "20 pages are open"],
  ]);
  end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(fetched).toHaveBeenCalledTimes(2);
});
