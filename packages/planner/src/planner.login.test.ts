import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** What a login gets whose inputs and whose data columns have different names. */
async function login(inputs: string[], row: Record<string, string>): Promise<unknown> {
  const { api, answer } = fake(
    "app",
    [
      operation(
        "POST /auth/login",
        "Log in",
        inputs.map((text) =>
          field("body", text.replace("!", ""), `string${text.endsWith("!") ? "!" : ""}`, ""),
        ),
      ),
      operation("GET /items*", "List items", [field("answer", "[].id", "string", "")]),
    ],
    { "POST /auth/login": () => reply(200, { token: "t" }), "GET /items": () => reply(200, []) },
  );
  const { calls } = await runPlannerSession({
    planner: createPlanner(),
    apis: [api],
    goal: "Log in and list the items.",
    row,
    secret: Object.keys(row).filter((name) => /pass|pw/.test(name)),
    answer,
  });
  return JSON.parse(/\{.*\}/.exec(calls[0] ?? "")?.[0] ?? "{}");
}

const ROWS = [
  [{ city: "Oslo", username: "kim", password: "x" }, "kim", "{{password}}"],
  [{ full_name: "Kim Li", pw: "x", email: "kim@mail.example" }, "kim@mail.example", "{{pw}}"],
  [{ branch: "7", passcode: "x", login: "kim", home_city: "Oslo" }, "kim", "{{passcode}}"],
] as const;

test.each([
  ["user!", "pass!"],
  ["user", "pass"],
  ["login", "pw"],
  ["account_handle!", "secret!"],
  ["identifier!", "password!"],
  ["nick!", "passphrase!"],
])(
  "%s and %s are filled with who logs in and the secret, whatever the columns are called",
  async (user, secret) => {
    for (const [row, who, phrase] of ROWS)
      expect(await login([user, secret], row)).toEqual({
        [user.replace("!", "")]: who,
        [secret.replace("!", "")]: phrase,
      });
  },
);

test("an e-mail address is preferred where one is asked for, and a tenant keeps its own column", async () => {
  const row = { tenant: "acme", username: "kim", email: "kim@mail.example", password: "x" };
  expect(await login(["tenant!", "mail!", "password!"], row)).toEqual({
    tenant: "acme",
    mail: "kim@mail.example",
    password: "{{password}}",
  });
});
