import { expect, test } from "vitest";
import { OperationLabels } from "./operation-label.ts";

test("ids are folded, and after 200 operations every new one is other", () => {
  const labels = new OperationLabels();
  expect(labels.of("GET", "/orders/17")).toBe("GET /orders/{id}");
  for (let i = 0; i < 199; i += 1) labels.of("GET", `/${"z".repeat(i + 1)}`);
  expect(labels.of("GET", "/late")).toBe("other");
  expect(labels.of("GET", "/orders/18")).toBe("GET /orders/{id}");
  expect(labels.of("POST", "/orders/17")).toBe("other");
});

test("a name that came again has the same label, however many came between", () => {
  const labels = new OperationLabels();
  for (let round = 0; round < 2; round += 1)
    for (let id = 0; id < 1_500; id += 1) expect(labels.of("GET", `/orders/${id}`)).toBe("GET /orders/{id}");
});
