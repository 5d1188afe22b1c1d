import { expect, test } from "vitest";
import { stem } from "../../words/words.ts";
import { saidFact } from "./said-fact.ts";

test.each([
  ["record that Bello weighs 7.8 kg", { thing: "Bello", verb: stem("weighs"), value: "7.8 kg" }],
  ["Note that the boiler leaks.", { thing: "the boiler", verb: stem("leaks"), value: "" }],
  [
    "write down that the fee of DE 88-4 is 250 euros",
    { thing: "DE 88-4", property: "fee", value: "250 euros" },
  ],
  ["log that Bello's weight is 8 kg", { thing: "Bello", property: "weight", value: "8 kg" }],
  ["record that the pump in hall B is broken", { thing: "the pump in hall B", value: "broken" }],
])("%s", (written, fact) => {
  expect(saidFact(written)).toMatchObject(fact);
});

test.each(["record a weight of 7 kg for Bello", "tell Ann that it is late", "note quoted0 on it"])(
  "%s: nothing is to be written down of a thing",
  (written) => {
    expect(saidFact(written)).toBeUndefined();
  },
);
