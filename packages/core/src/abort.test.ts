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
