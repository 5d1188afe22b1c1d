import { expect, test } from "vitest";
import { type GoalConfig, goalSchema } from "../goal.ts";
import { diagnoseConfig } from "../parse.ts";
import { secretTargets } from "./secret-binding.ts";

const goal = (more: object): GoalConfig =>
  goalSchema.parse({ name: "g", prompt: "p", success: [{ action: { operation: "GET /" } }], ...more });
const action = (target?: string): object => ({ action: { operation: "POST /a", target } });
const data = { rows: [{ password: "hunter22" }], secret: ["password"] };

test.each<[string, object, string[], string[]]>([
  ["the only target", { data }, ["shop"], ["shop"]],
  ["those of `for`", { data: { ...data, for: "u" } }, ["shop", "u"], ["u"]],
  ["each of a list", { data: { ...data, for: ["u", "v"] } }, ["shop", "u", "v"], ["u", "v"]],
  ["the one that all checks name", { data, success: [action("u"), action("u")] }, ["shop", "u"], ["u"]],
  [
    "the one of an operation's prefix",
    { data, success: [{ action: { operation: "u: POST /a" } }] },
    ["shop", "u"],
    ["u"],
  ],
  ["the first one, where no check names another", { data }, ["shop", "u"], ["shop"]],
  ["none, where checks name several", { data, success: [action("shop"), action("u")] }, ["shop", "u"], []],
  [
    "none, where a probe is of another",
    { data, success: [action(), { probe: { operation: "GET /x", target: "u" } }] },
    ["shop", "u"],
    [],
  ],
  [
    "none, where only state is checked",
    { data, success: [{ state: { order: { exists: true } } }] },
    ["shop", "u"],
    [],
  ],
])("secret columns belong to %s", (_, given, targets, wanted) => {
  expect(secretTargets(targets, goal(given))).toEqual(wanted);
});

test("`for` that names no target is refused with a suggestion", () => {
  const problems = (given: string): string[] =>
    diagnoseConfig(
      `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" }, crm: { baseUrl: "http://127.0.0.1:2" } }
inference: { provider: simulated }
goals: [{ name: g, prompt: p, data: { rows: [{ p: hunter22 }], secret: [p], for: ${given} }, success: [{ action: { operation: "shop: GET /" } }] }]
load: { sessions: 1 }
`,
      {},
    ).problems.map(({ message }) => message);
  expect(problems("[shop, crm]")).toEqual([]);
  for (const given of ["shopp", "[crm, shopp]"])
    expect(problems(given)).toEqual([
      expect.stringMatching(/there is no target "shopp"; did you mean "shop"/),
    ]);
  expect(problems("[]")).toHaveLength(1);
});
