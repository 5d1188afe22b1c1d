import fc from "fast-check";
import { expect, test } from "vitest";
import { offAbort, onAbort } from "./abort.ts";

test("every listener that still stands is called once", () => {
  const controller = new AbortController();
  const heard: string[] = [];
  const gone = (): void => void heard.push("gone");
  onAbort(controller.signal, () => {
    heard.push("one");
    offAbort(controller.signal, gone);
  });
  onAbort(controller.signal, gone);
  const early = (): void => void heard.push("early");
  onAbort(controller.signal, early);
  offAbort(controller.signal, early);
  controller.abort();
  controller.abort();
  expect(heard).toEqual(["one", "gone"]);
});

test("few or many, those that were taken away are not called", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (stays) => {
      const controller = new AbortController();
      const heard = new Set<number>();
      const listeners = stays.map((_, index) => () => void heard.add(index));
      for (const listener of listeners) onAbort(controller.signal, listener);
      for (const [index, listener] of listeners.entries())
        if (stays[index] !== true) offAbort(controller.signal, listener);
      controller.abort();
      expect([...heard].sort((a, b) => a - b)).toEqual(stays.flatMap((stay, index) => (stay ? [index] : [])));
    }),
  );
});
