import { expect, test } from "vitest";
import { soak } from "../../bench/soak.ts";

test("a gateway under load is reloaded and restarted: its heap stays flat and no call is lost", {
  timeout: 90_000,
}, async () => {
  const { figures, ratios, notes } = await soak(() => undefined, { seconds: 8, callers: 300 });
  expect(figures.lostCalls, notes.join("\n")).toBe(0);
  expect(figures.calls).toBeGreaterThan(300);
  expect(ratios.heapEndToWarm).toBeLessThan(1.5);
});
