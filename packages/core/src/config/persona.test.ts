import { expect, test } from "vitest";
import { ApeError } from "../lib/errors.ts";
import { parseConfig } from "./parse.ts";
import { isPersona, personasOf, personaThinkTime } from "./persona.ts";
import { scaleThinkTime, thinkTimeText } from "./think-time.ts";

const parse = (personas: string, goal = "") =>
  parseConfig(
    `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:1" } }
goals: [{ name: buy, prompt: Buy, ${goal} success: [{ action: { operation: "POST /orders" } }] }]
personas: ${personas}
`,
    "ape.config.yaml",
    {},
  ).config;

/** What a configuration is refused with. */
function refusal(personas: string, goal = ""): string {
  try {
    parse(personas, goal);
  } catch (thrown) {
    if (thrown instanceof ApeError) return thrown.details.join("\n");
  }
  return "";
}

test("a name alone is one of APE's own; an entry changes its parts", () => {
  const { personas } = parse("[careful, { name: novice, weight: 3, patience: { errors: 2 } }]");
  expect(personas[0]).toMatchObject({ name: "careful", weight: 1, thinkTimeFactor: 2 });
  expect(personas[0]?.prompt).toMatch(/careful/);
  expect(personas[1]).toMatchObject({ weight: 3, thinkTimeFactor: 3, patience: { errors: 2 } });
});

test("the user's own needs a prompt, and thinks as the load says", () => {
  const { personas } = parse("[{ name: me, prompt: You are me }]");
  expect(personas[0]).toEqual({
    name: "me",
    weight: 1,
    prompt: "You are me",
    thinkTimeFactor: 1,
    patience: {},
  });
  expect(refusal("[{ name: me }]")).toMatch(/needs a prompt/);
  expect(refusal("[bold]")).toMatch(/impatient, careful/);
});

test("a goal's personas: by name, listed ones with their own settings, and none that nobody knows", () => {
  const { personas, goals } = parse(
    "[{ name: novice, weight: 5 }, careful]",
    "personas: [novice, impatient],",
  );
  const drawn = personasOf(personas, goals[0] ?? {});
  expect(drawn.map(({ name, weight }) => [name, weight])).toEqual([
    ["novice", 5],
    ["impatient", 1],
  ]);
  expect(personasOf(personas, {})).toBe(personas);
  expect(refusal("[careful]", "personas: [carefull],")).toMatch(
    /there is no persona "carefull"; did you mean "careful"/,
  );
  expect(refusal("[careful, careful]")).toMatch(/there twice/);
  expect(isPersona([], "constructor")).toBe(false);
});

test("think time: a persona's own before the load's, then its factor", () => {
  const [own, factor] = parse(
    "[{ name: me, prompt: x, thinkTime: { constant: 1s } }, { name: you, prompt: x, thinkTimeFactor: 3 }]",
  ).personas;
  expect(personaThinkTime({ constant: 200 }, own)).toEqual({ constant: 1000 });
  expect(personaThinkTime({ constant: 200 }, factor)).toEqual({ constant: 600 });
  expect(personaThinkTime("none", undefined)).toBe("none");
  expect(scaleThinkTime({ lognormal: { median: 100, p95: 400 } }, 2)).toEqual({
    lognormal: { median: 200, p95: 800 },
  });
  expect(scaleThinkTime({ weibull: { scale: 100, shape: 2 } }, 2)).toEqual({
    weibull: { scale: 200, shape: 2 },
  });
  expect(scaleThinkTime({ exponential: { mean: 10 } }, 2)).toEqual({ exponential: { mean: 20 } });
  expect(thinkTimeText("none")).toBe("none");
  expect(thinkTimeText({ exponential: { mean: 20 } })).toBe("exponential, mean 20ms");
});
