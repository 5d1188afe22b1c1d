import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import type { ViewFact } from "@ape/core/protocol/view";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { requestFor } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";
import type { ViewResult } from "../prompt/view-reader.ts";

const data = (name: string, value: string): ViewFact => ({ name, value, origin: "data" });
const ROW = [data("username", "kim"), data("password", "{{password}}")];

const text = (name: string, type = "string", traits: Partial<ApiField> = {}) =>
  field("body", name, type, "", traits);

/** APIs whose login takes a token in place of a password. */
const LOGINS: Record<string, ApiField[]> = {
  "a grant type with options": [
    text("grant_type", "string!", { enum: ["refresh_token", "password"] }),
    text("username"),
    text("password"),
    text("refresh_token"),
  ],
  "a grant type without options": [
    text("grantType", "string!"),
    text("username"),
    text("password"),
    text("refreshToken"),
  ],
  "either a password or a token": [text("username"), text("password"), text("refreshToken")],
  "two forms of the body": [
    text("username", "string!", { form: 1 }),
    text("password", "string!", { form: 1 }),
    text("refreshToken", "string", { form: 2, neededInForm: true }),
  ],
};

/** What the planner sends next, after calls with these answers. */
function next(
  login: ApiField[],
  past: (Pick<ViewResult, "call" | "status"> & { body?: Json })[],
  facts: ViewFact[] = [],
) {
  const api = {
    target: "app",
    title: "The app",
    documented: true,
    auth: [],
    operations: [
      operation("POST /token", "Log in or refresh a token", [
        ...login,
        field("answer", "token", "string", ""),
      ]),
      operation("GET /notes*", "List notes", [field("answer", "[].id", "string", "")]),
    ],
  };
  const results = past.map(
    (one, index): ViewResult => ({ step: index + 1, target: "app", body: null, ...one }),
  );
  const { toolCalls } = createPlanner().plan(
    requestFor({ apis: [api], goal: "Log in and list the notes." }, [...ROW, ...facts], results),
  );
  const sent = JSON.parse(toolCalls[0]?.arguments ?? "{}") as Json;
  return isJsonObject(sent) ? (sent.data ?? sent) : sent;
}

const refreshed = (name: string): ViewFact => ({ name, value: "{{refresh}}", origin: "step 1 POST /token" });

test.each(Object.entries(LOGINS))(
  "%s: the password first, then the token, then the password again",
  (_, login) => {
    const token = login.at(-1)?.name ?? "";
    const grant = login.find(({ name }) => /grant/.test(name))?.name;
    const who = { username: "kim", password: "{{password}}" };
    const first = { ...(grant === undefined ? {} : { [grant]: "password" }), ...who };
    const again = { ...(grant === undefined ? {} : { [grant]: "refresh_token" }), [token]: "{{refresh}}" };
    const done = { call: `POST /token ${JSON.stringify(first)}`, status: 200, body: { token: "t" } };
    const expired = { call: "GET /notes", status: 401, body: { error: "token expired" } };
    expect(next(login, [])).toEqual(first);
    expect(next(login, [done, expired], [refreshed(token)])).toEqual(again);
    const refused = {
      call: `POST /token ${JSON.stringify(again)}`,
      status: 401,
      body: { error: "invalid_grant" },
    };
    expect(next(login, [done, expired, refused], [refreshed(token)])).toEqual(first);
  },
);
