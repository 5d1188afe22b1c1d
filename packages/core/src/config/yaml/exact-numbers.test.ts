import { expect, test } from "vitest";
import { writeJson } from "../../lib/lossless-number.ts";
import { alternativesOf } from "../check.ts";
import type { CheckConfig } from "../goal.ts";
import { parseConfig } from "../parse.ts";
import { withExactNumbers } from "./exact-numbers.ts";

const configuration = (more: string): string => `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" } }
goals: [{ name: g, prompt: Do it., success: [{ action: { operation: GET /x } }]${more}
load: { agents: 1, duration: 1s }
inference: { provider: simulated }
`;

test.each(["9007199254740993", "-9007199254740995", "12345678901234567890", "9007199254740993.5"])(
  "%s keeps its digits in rows, and in what setup and teardown send",
  (number) => {
    const { config } = parseConfig(
      configuration(`, data: { rows: [{ account: ${number}, small: 1.5, text: "${number}" }] } }]
setup: [{ operation: POST /x, data: { deep: [{ account: ${number} }], other: 7 } }]
teardown: [{ operation: POST /x, data: ${number} }]`),
      "ape.config.yaml",
      {},
    );
    expect(config.goals[0]?.data?.rows).toEqual([{ account: number, small: 1.5, text: number }]);
    expect(writeJson(config.setup[0]?.data)).toBe(`{"deep":[{"account":${number}}],"other":7}`);
    expect(writeJson(config.teardown[0]?.data)).toBe(number);
  },
);

test.each(["9007199254740993", "-12345678901234567890"])(
  "%s keeps its digits in arguments of probes, also in another process",
  (number) => {
    const probe = `{ probe: { operation: tool save, arguments: { id: ${number}, deep: [{ id: ${number} }], small: 7 } } }`;
    const { config } = parseConfig(
      configuration("}]").replace(
        "success: [",
        `success: [${probe}, { anyOf: [${probe}, { action: { operation: GET /y } }] }, `,
      ),
      "ape.config.yaml",
      {},
    );
    const sent = JSON.parse(JSON.stringify(config.goals[0]?.success)) as CheckConfig[];
    const probes = sent
      .flatMap(alternativesOf)
      .flatMap(({ check }) => (check.kind === "probe" ? check.probe : []));
    expect(probes.map(({ arguments: args }) => writeJson(withExactNumbers(args)))).toEqual(
      [1, 2].map(() => `{"id":${number},"deep":[{"id":${number}}],"small":7}`),
    );
  },
);

test("numbers that a double holds are numbers as ever", () => {
  const { config } = parseConfig(
    configuration(`, data: { rows: [{ a: 9007199254740992, b: 1.10, c: 1e3 }] } }]`),
    "ape.config.yaml",
    {},
  );
  expect(config.goals[0]?.data?.rows).toEqual([{ a: 9007199254740992, b: 1.1, c: 1000 }]);
});

test("a rounded number elsewhere is refused", () => {
  expect(() => parseConfig(configuration(`}]\nseed: 9007199254740993`), "ape.config.yaml", {})).toThrow(
    /mistake/,
  );
});
