import { expect, test } from "vitest";
import { probeReader } from "./probe-reader.ts";

const call = (name: string, args: string) => ({
  content: "",
  toolCalls: [{ id: "1", name, arguments: args }],
});

test("a call of the tool that was asked for gives its arguments", () => {
  expect(probeReader.call(call("report_order", '{"order":7,"state":"paid"}'))).toEqual({
    order: 7,
    state: "paid",
  });
});

test("what is repaired without loss is no fault", () => {
  expect(probeReader.call(call("report_order", '{"order":"7","state":"paid"}'))).toEqual({
    order: 7,
    state: "paid",
  });
});

test("no call is told apart from a wrong one", () => {
  expect(probeReader.call({ content: "I would rather not.", toolCalls: [] })).toBeUndefined();
  expect(probeReader.call(call("finish", '{"reason":"done"}'))).toBe("finish was called");
  expect(probeReader.call(call("report_order", '{"order":'))).toEqual(expect.any(String));
});

test("JSON of the schema is read as the call", () => {
  expect(probeReader.json('{"order":7,"state":"open"}')).toEqual({ order: 7, state: "open" });
  expect(probeReader.json("not JSON")).toBeUndefined();
});
