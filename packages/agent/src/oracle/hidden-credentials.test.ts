import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { hideCredentials } from "./hidden-credentials.ts";

test("credentials of a probe's answer are replaced wherever they occur, from six characters on", () => {
  const answer = jsonResult({ token: "abc123", secret: "abc12", title: "lamp" });
  expect(hideCredentials("got abc123, wanted abc123 for a lamp", answer)).toBe(
    "got {{token}}, wanted {{token}} for a lamp",
  );
  expect(hideCredentials("got abc12", answer)).toBe("got abc12");
});

test("an answer that is no JSON hides nothing", () => {
  const text = { kind: "text", text: "token=abc123", bytes: 12, cut: false } as const;
  expect(hideCredentials("got abc123", jsonResult(null, { body: text }))).toBe("got abc123");
});
