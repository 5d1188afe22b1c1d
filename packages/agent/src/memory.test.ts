import { renderView } from "@ape/core/view";
import { expect, test } from "vitest";
import { Memory } from "./memory.ts";

const filled = (steps: number): Memory => {
  const memory = new Memory("buy", undefined, { email: "a@b.c", password: "hunter22" }, ["password"]);
  for (let step = 1; step <= steps; step += 1) {
    memory.learn(`id${step}`, `value-${step}`, false, `step ${step}`);
    memory.remember({
      step,
      target: "shop",
      call: "GET /things/1",
      status: 200,
      body: `{"id":${1000 + step}}`,
    });
  }
  return memory;
};

test("a view of a thousand steps is no larger than one of thirty", () => {
  const long = renderView(filled(1000).view(undefined)).length;
  expect(long).toBeLessThan(renderView(filled(30).view(undefined)).length * 1.2);
  expect(filled(1000).view(undefined)).toMatchObject({ dropped: 980 });
});

test("secrets are placeholders in the view and real when read", () => {
  const memory = filled(1);
  memory.learn("accessToken", "tok-123456", true, "step 1");
  const text = renderView(memory.view("why"));
  expect(text).not.toMatch(/hunter22|tok-123456/);
  expect(text).toContain("{{password}}");
  expect(memory.read("password")).toBe("hunter22");
  expect(memory.read("accessToken")).toBe("tok-123456");
  expect([...memory.secrets()]).toEqual(["hunter22", "tok-123456"]);
});

test("what a target issued is known from what the row or the model brought", () => {
  const memory = filled(3);
  expect(memory.hasGained("value-2")).toBe(true);
  expect(memory.hasGained("1003")).toBe(true);
  expect(memory.hasGained("100")).toBe(false);
  expect(memory.hasGained("a@b.c")).toBe(false);
});

test("an answer cannot overwrite the data row", () => {
  const memory = filled(0);
  expect(memory.learn("email", "evil@b.c", false, "step 1")).toBe(false);
  expect(memory.read("email")).toBe("a@b.c");
});
