import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { attributionContext } from "../../test/attribution-context.ts";
import { attributeConflict, attributeContent } from "./refused-content.ts";

const call = (data: Record<string, string | number>): ToolCall => ({
  target: "app",
  method: "POST",
  path: "/visits",
  data,
});
const result = (status: number, json: unknown): ToolResult => ({
  status,
  headers: {},
  body: { kind: "json", json: json as never, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "POST /visits",
});
const VISIT = { title: "Check", date: "2031-01-02", guests: 4, room: "Blue" };

test.each([
  [{ error: "The date is fully booked" }, "date is the session's own choice"],
  [{ message: "too many guests", field: "guests" }, "the answer names guests"],
  [
    { title: "Conflict", status: 409, detail: "2031-01-02 is fully booked" },
    "date is the session's own choice",
  ],
  [{ error: "date and room do not fit" }, "date, room are the session's own choice"],
  [{ error: "no" }, "title is the session's own choice"],
])("a conflict %j is explained by the field that it names", (json, reason) => {
  const known = attributionContext({ api: undefined, operation: undefined });
  expect(attributeConflict(call(VISIT), result(409, json), known).because).toBe(reason);
});

test.each([
  [
    { title: "Validation failed", status: 422, detail: "guests must be at most 3" },
    "the answer names guests",
  ],
  [{ name: "ValidationError", message: "date is in the past" }, "the answer names date"],
  [{ errors: { title: "is too short" }, message: "Validation failed" }, "the answer names title"],
  [{ title: ["is too short"] }, "the answer names title"],
])("a refusal %j names no field by what every error has", (json, reason) => {
  const known = attributionContext({ api: undefined, operation: undefined });
  expect(attributeContent(call(VISIT), result(422, json), known).because).toBe(reason);
});

test("a value of the session's data is blamed only where the refusal names it, or no other one", () => {
  const known = attributionContext({
    api: undefined,
    operation: undefined,
    isData: (value: string) => value === "Check",
  });
  const reason = (json: unknown) => attributeConflict(call(VISIT), result(409, json), known).because;
  expect(reason({ error: "already exists" })).toBe("the target refuses title of the session's data");
  expect(reason({ error: "the date is taken" })).toBe("date is the session's own choice");
});
