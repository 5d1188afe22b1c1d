import { expect, test } from "vitest";
import { raceAbort } from "./race-abort.ts";

const never = new Promise<void>(() => undefined);

test("work that ends first has its own end", async () => {
  const { signal } = new AbortController();
  await expect(raceAbort(Promise.resolve(), signal)).resolves.toBeUndefined();
  await expect(raceAbort(Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");
  await expect(raceAbort(Promise.resolve(), undefined)).resolves.toBeUndefined();
});

test.each([
  ["before", "work that would never end", never],
  ["before", "work that is done", Promise.resolve()],
  ["after", "work that would never end", never],
])("a signal that aborts %s the wait begins gives up %s", async (when, _what, work) => {
  const controller = new AbortController();
  if (when === "before") controller.abort();
  const waited = raceAbort(work, controller.signal);
  if (when === "after") controller.abort();
  await expect(waited).rejects.toMatchObject({ code: "INTERRUPTED" });
});
