import { expect, test } from "vitest";
import { operationText } from "./operation-text.ts";

test("operations that begin alike keep names of their own", () => {
  const long = `POST /${"part/".repeat(60)}`;
  const [one, two] = [operationText(`${long}a`), operationText(`${long}b`)];
  expect(one).not.toBe(two);
  expect(operationText(`${long}a`)).toBe(one);
  expect(one.length).toBeLessThan(220);
  expect(operationText("GET /a")).toBe("GET /a");
});
