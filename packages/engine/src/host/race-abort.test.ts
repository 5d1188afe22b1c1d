import { expect, test } from "vitest";
import { interruptible } from "./race-abort.ts";

const never = new Promise<void>(() => undefined);

test("work that ends first has its own end", async () => {
  const { signal } = new AbortController();
  await expect(interruptible(Promise.resolve(), signal)).resolves.toBeUndefined();
  await expect(interruptible(Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");
  await expect(interruptible(Promise.resolve(), undefined)).resolves.toBeUndefined();
});

test.each([
  ["before", "work that would never end", never],
  ["before", "work that is done", Promise.resolve()],
  ["after", "work that would never end", never],
])("a signal that aborts %s the wait begins gives up %s", async (when, _what, work) => {
  const controller = new AbortController();
  if (when === "before") controller.abort();
  const waited = interruptible(work, controller.signal);
  if (when === "after") controller.abort();
  await expect(waited).rejects.toMatchObject({ code: "INTERRUPTED" });
});
