import { join } from "node:path";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { type ProvingCheck, proofOf } from "./goal-proof.ts";

const TANKS = apiOf(
  "rest",
  "POST /login | Log in | email! password! | token",
  "POST /logout | Log out",
  "POST /tanks | Add a tank | name note | id",
  "GET /tanks | Tanks | | [].id",
  "GET /tanks/{id} | A tank | | id note",
  "PATCH /tanks/{id} | Change a tank | note",
  "DELETE /tanks/{id} | Remove a tank",
  "POST /tanks/{id}/close | Close a tank",
  "POST /tanks/{id}/plants | Add a plant | name! | id",
  "POST /orders | Order a tank | tankId! | id",
  "GET /lamps | Lamps | | [].id",
);

const GOALS: readonly string[] = [
  "Add a tank",
  "Add 2 tanks, then remove one",
  'Add a tank, change its note to "Hi", then remove it',
  "Add a tank and close it",
  "Add a tank, add a plant to it and order the tank",
];

/**
 * Checks of a goal, `;` between them: `did CALL`, `read CALL`, with ` xN` how often, ` after CALL`, ` gone` where nothing may be
 * found, ` has TEXT` for what is demanded and ` of PATH` for what is compared.
 */
const CHECKS: readonly string[] = [
  "did POST /tanks",
  "did POST /tanks x2",
  "did POST /tanks x3; did DELETE /tanks/{id}",
  "did POST /tanks; did POST /tanks",
  "did POST /tanks has Hi",
  "did PATCH /tanks/{id}",
  "did PATCH /tanks/{tankId}; did DELETE /tanks/7",
  "did DELETE /tanks/{id}",
  "did POST /tanks/{id}/close",
  "did POST /tanks/{id}/plants",
  "did POST /orders",
  "did POST /login; did POST /logout",
  "did GET /tanks",
  "did POST /pumps",
  "did POST /pumps; did POST /pumps/{id}/close",
  "did other:POST /tanks",
  "did app:POST /tanks",
  "did nothing",
  "did POST /replace_me",
  "read GET /tanks",
  "read GET /tanks/{id}",
  "read GET /tanks/{id} gone",
  "read GET /tanks gone",
  "read GET /tanks/{id} of $.note",
  "read GET /tanks/{id} of $.name",
  "read GET /tanks/{id} of $",
  "read GET /lamps of $.note",
  "read GET /pumps of $.tanks",
  "read GET /login",
  "read GET /tanks/{id} after POST /tanks",
  "read GET /tanks/{id} after POST /tanks of $.note",
  "read GET /tanks after POST /tanks",
  "read GET /tanks/{id} after PATCH /tanks/{id} of $.note",
  "read GET /tanks/{id} after DELETE /tanks/{id} gone",
  "read GET /tanks/{id} after POST /tanks/{id}/close",
  "read GET /tanks/{id} after POST /tanks/{id}/close of $.state",
  "read GET /lamps after POST /tanks of $.id",
  "read GET /tanks/{id} after POST /pumps of $.note",
  "did POST /tanks; read GET /tanks/{id} gone; read GET /tanks/{id} after PATCH /tanks/{id} of $.note",
];

function checkOf(text: string): ProvingCheck {
  const [, kind = "", operation = "", rest = ""] =
    /^(did|read) (\S+(?: \/\S*)?)(.*)$/.exec(text.trim()) ?? [];
  const after = / after (\S+ \S+)/.exec(rest)?.[1];
  const path = / of (\S+)$/.exec(rest)?.[1];
  const demands = / has (\S+)$/.exec(rest)?.[1];
  const count = / x(\d)/.exec(rest)?.[1];
  return {
    kind: kind === "read" ? "probe" : "action",
    operation,
    compares: path !== undefined || demands !== undefined,
    expectsAbsence: rest.includes(" gone"),
    ...(path === undefined ? {} : { compared: [path] }),
    ...(demands === undefined ? {} : { demands }),
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(after === undefined ? {} : { after }),
  };
}

/** Parts by number: those that nothing proves, and those of which only the call is proven. */
function proofText(goal: string, checks: string): string {
  const { parts, unproven, accepted = [] } = proofOf(goal, [TANKS], checks.split(";").map(checkOf));
  return parts
    .map((part) => (unproven.includes(part) ? "-" : accepted.includes(part) ? "done" : "shown"))
    .join(" ");
}

test("what checks prove of the parts of goals, and what is only done", async () => {
  const texts = GOALS.flatMap((goal) => [
    `# ${goal}`,
    ...CHECKS.map((checks) => `  ${proofText(goal, checks).padEnd(18)} ${checks}`),
  ]);
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/proofs-by-checks.txt"),
  );
});
