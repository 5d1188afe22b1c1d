import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { OPERATIONS } from "./shop.ts";

test("the demo's checks name operations that the shop has", () => {
  const file = readFileSync(new URL("../ape.config.yaml", import.meta.url), "utf8");
  const config = parse(file) as {
    goals: Array<{ success: Array<Record<string, { operation: string }>>; data: { file: string } }>;
  };
  const [goal] = config.goals;
  const named =
    goal?.success.flatMap((check) => Object.values(check).map(({ operation }) => operation)) ?? [];
  expect(named.length).toBe(3);
  const templates = OPERATIONS.map(({ name }) => name.replaceAll(/\{\w+\}/g, "{}"));
  for (const operation of named) expect(templates).toContain(operation.replaceAll(/\{\w+\}/g, "{}"));
  expect(readFileSync(new URL(`../${goal?.data.file}`, import.meta.url), "utf8")).toMatch(
    /^email,password\n/,
  );
});
