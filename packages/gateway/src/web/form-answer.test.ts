import type { Json } from "@ape/core/lib/json";
import type { Body } from "@ape/core/protocol/tool-call";
import { describe, expect, test } from "vitest";
import { formAnswerFailure } from "./form-answer.ts";
import type { SentForm } from "./sent-form.ts";

const SENT: SentForm = {
  path: "/items",
  data: { name: "Desk lamp" },
  before: undefined,
} as unknown as SentForm;
const LOGIN: SentForm = {
  path: "/login",
  data: { user: "ada", password: "hunter2" },
  before: undefined,
} as unknown as SentForm;
const json = (value: Json): Body => ({ kind: "json", json: value, bytes: 1 });
const text = (said: string): Body => ({ kind: "text", text: said, bytes: said.length, cut: false });
const failed = (body: Body, sent: SentForm = SENT) => formAnswerFailure(body, sent, false)?.message;

describe("the JSON that answers a form", () => {
  test.each<[Record<string, Json>]>([
    [{ ok: false }],
    [{ success: 0 }],
    [{ successful: "false" }],
    [{ is_valid: false }],
    [{ isLoggedIn: false }],
    [{ status: "error" }],
    [{ result: "Failed" }],
    [{ type: "unauthorised" }],
    [{ outcome: "ko" }],
    [{ status: 400 }],
    [{ code: 599 }],
    [{ statusCode: 422 }],
    [{ status_code: 500 }],
    [{ error: "no" }],
    [{ errors: ["no"] }],
    [{ errors: { name: "no" } }],
    [{ error: true }],
    [{ errorMessage: "no" }],
    [{ error_code: "E1" }],
    [{ errorCode: "E1" }],
    [{ validationErrors: ["no"] }],
    [{ errorDescription: "no" }],
    [{ validation_errors: ["no"] }],
    [{ data: { ok: false } }],
  ])("%j says that it failed", (body) => {
    const [name = "", value] = Object.entries(body.data ?? body)[0] as [string, Json];
    expect(failed(json(body))).toContain(`the answer says "${name}": ${JSON.stringify(value)}`);
    expect(failed(json({ ...body, message: "Too long" }))).toContain(
      body.data === undefined ? "Too long" : "says",
    );
  });

  test.each<[Json]>([
    [{ ok: true }],
    [{ success: 1 }],
    [{ xok: false, okx: false }],
    [{ status: "done" }],
    [{ status: "errorx" }],
    [{ typex: "error", xtype: "error" }],
    [{ status: 399 }],
    [{ code: 600 }],
    [{ status: "400" }],
    [{ error: "" }],
    [{ error: false }],
    [{ error: null }],
    [{ error: 0 }],
    [{ errors: [] }],
    [{ errors: {} }],
    [{ xerror: "no", errorx: "no" }],
    [{ status: "terror" }],
    [{ xstatus: 400, codex: 500 }],
    [{ url: "/login" }],
    [{ a: { ok: false }, b: { ok: true } }],
    [{ a: { b: { ok: false } } }],
    [{ message: "Invalid password" }],
    [["error"]],
    [false],
    [null],
    [{}],
  ])("%j does not", (body) => {
    expect(failed(json(body))).toBeUndefined();
  });

  test("is read in a page, too, and its status is that of the refused form", () => {
    const page = (said: string): Body => ({
      kind: "page",
      page: { title: "", path: "/", text: said, links: [], forms: [] },
      bytes: 1,
      cut: false,
    });
    expect(failed(page('{"ok":false}'))).toContain('"ok": false');
    expect(failed(page('{"ok":'))).toBeUndefined();
    expect(formAnswerFailure(json({ ok: false }), SENT, false)).toMatchObject({ code: "failure" });
    expect(formAnswerFailure(json({ ok: false }), { ...SENT, data: "x" } as SentForm, false)).toBeUndefined();
  });
});

describe("the answer to a login", () => {
  test.each<[Json, string]>([
    [false, "the answer is false"],
    [null, "the answer is empty"],
    ["", "the answer is empty"],
    [{}, "the answer is empty"],
    [{ redirect: "/login" }, '"redirect": "/login"'],
    [{ redirect_to: "/login?x" }, '"redirect_to"'],
    [{ redirectUrl: "/login" }, '"redirectUrl"'],
    [{ location: "/login" }, '"location"'],
    [{ next: "/login" }, '"next"'],
    [{ message: "Invalid password" }, "Invalid password"],
    [{ detail: "Wrong credentials" }, "Wrong credentials"],
  ])("%j refuses it", (body, why) => {
    expect(failed(json(body), LOGIN)).toContain(why);
  });

  test.each<[Json]>([
    [{ redirect: "/home" }],
    [{ redirect: 1 }],
    [{ xurl: "/login", urlx: "/login" }],
    [{ message: "Welcome" }],
    [{ xmsg: "Invalid password", msgx: "Invalid password" }],
    [{ message: "", user: "ada" }],
    [true],
    [{ token: "x" }],
  ])("%j does not", (body) => {
    expect(failed(json(body), LOGIN)).toBeUndefined();
  });

  test.each<[Body, string | undefined]>([
    [{ kind: "empty" }, "the answer is empty"],
    [text("  "), "the answer is empty"],
    [text("0"), "0"],
    [text(" false "), "false"],
    [text("-1"), "-1"],
    [text("NOK"), "NOK"],
    [text("x0"), undefined],
    [text("01"), undefined],
    [text("Invalid password"), "Invalid password"],
    [text("1"), undefined],
    [{ kind: "binary", bytes: 3, cut: false }, undefined],
  ])("%j: %j", (body, why) => {
    const found = failed(body, LOGIN);
    if (why === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(why);
  });
});

test.each<[Body, string | undefined]>([
  [{ kind: "empty" }, undefined],
  [text("0"), undefined],
  [text("The name is invalid"), "The name is invalid"],
  [text("Saved"), undefined],
  [text("The name is invalid".padEnd(300, ".")), "The name is invalid"],
  [text("The name is invalid".padEnd(301, ".")), undefined],
])("the line of text %j that answers a form: %j", (body, why) => {
  const found = failed(body);
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(why);
});

test("what the form itself held is no refusal", () => {
  const named = { ...SENT, data: { name: "Sorry, invalid" } } as SentForm;
  expect(failed(text("Sorry, invalid"), named)).toBeUndefined();
  expect(failed(text("Sorry, invalid"))).toBe("Sorry, invalid");
});
