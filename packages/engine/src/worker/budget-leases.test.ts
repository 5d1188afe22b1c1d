import { expect, test } from "vitest";
import { BudgetLeases } from "./budget-leases.ts";
import type { FromWorker } from "./protocol.ts";

test("a worker asks the engine for money and gets what it grants", async () => {
  const sent: FromWorker[] = [];
  const leases = new BudgetLeases((message) => sent.push(message));
  const first = leases.ask(0.25);
  expect(sent).toEqual([{ type: "budget", usd: 0.25 }]);
  leases.grant(0.02);
  expect(await first).toBe(0.02);
  const second = leases.ask(0.5);
  leases.grant(0);
  expect(await second).toBe(0);
});

test("a grant that was not asked for is passed over", async () => {
  const leases = new BudgetLeases(() => undefined);
  leases.grant(1);
  const asked = leases.ask(1);
  leases.grant(0.5);
  expect(await asked).toBe(0.5);
});
