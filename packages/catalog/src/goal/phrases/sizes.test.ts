import { describe, expect, it } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { onlyOperation, valuesStated } from "../../../test/first-clause.ts";
import { goalParts } from "../../checks/goal-parts.ts";
import { OperationCatalog } from "../../operations/operation-catalog.ts";
import { sizesIn } from "./sizes.ts";

/** What the parts of a goal give to inputs, and what is named as not understood. */
function partsOf(goal: string, ...lines: readonly string[]): string[] {
  return goalParts(goal, new OperationCatalog([apiOf("rest", ...lines)])).map(
    ({ text, values }) =>
      `${text}: ${Array.from(values, ([{ leaf }, value]) => `${leaf}=${String(value)}`).join(" ")}`,
  );
}

describe("sizes", () => {
  it("reads measures in a row, with and without units", () => {
    const read = (text: string) =>
      sizesIn(text).map(({ values, unit }) => [...values, unit ?? "-"].join(" "));
    expect(read("a pane of 800 by 1200 mm")).toEqual(["800 1200 mm"]);
    expect(read("a rug of 3 x 4 m")).toEqual(["3 4 m"]);
    expect(read("a crate 80x60x40 cm")).toEqual(["80 60 40 cm"]);
    expect(read("a sheet of 2.5 m by 1.25 m")).toEqual(["2.5 1.25 m"]);
    expect(read("a board 600 × 400")).toEqual(["600 400 -"]);
    expect(read("pay 3 by card, seat 4 by 5 June")).toEqual(["4 5 -"]);
    expect(read("a lamp of 40 W")).toEqual([]);
  });

  it("gives width and height in this order", () => {
    expect(
      partsOf("Add a pane of 800 by 1200 mm", "POST /panes | Add a pane | heightMm#! widthMm#! glass | id"),
    ).toEqual(["Add a pane of 800 by 1200 mm: widthMm=800 heightMm=1200"]);
  });

  it("gives length and width where there is a length", () => {
    expect(partsOf("Order a rug of 3 x 4 m", "POST /rugs | Order a rug | width#! length#! | id")).toEqual([
      "Order a rug of 3 x 4 m: length=3 width=4",
    ]);
  });

  it("converts to the unit of the field", () => {
    expect(
      partsOf(
        "Register a crate of 80 x 60 x 40 cm",
        "POST /crates | Register a crate | lengthMm#! widthMm#! heightMm#! | id",
      ),
    ).toEqual(["Register a crate of 80 x 60 x 40 cm: lengthMm=800 widthMm=600 heightMm=400"]);
  });

  it("names the measure that no field takes", () => {
    expect(partsOf("Cut a plank of 2000 by 150 mm", "POST /planks | Cut a plank | lengthMm#! | id")).toEqual([
      "Cut a plank of 2000 by 150 mm: lengthMm=2000",
      "150 (not understood): ",
    ]);
  });

  it("gives a size to the text that holds one", () => {
    expect(partsOf("Hang a poster of 50 x 70 cm", "POST /posters | Hang a poster | size! | id")).toEqual([
      "Hang a poster of 50 x 70 cm: size=50 x 70 cm",
    ]);
  });
});

it.each([
  ["3 x 2 meters", "widthMillimetres#! heightMm#!", { widthMillimetres: 3000, heightMm: 2000 }],
  ["2.5 x 3 cm", "widthCm#! heightMm#!", { heightMm: 30 }],
  ["2 feet by 10 inches", "widthMm#! heightMm#!", { heightMm: 254 }],
  ["3 x 2 x 1 cm", "w#! h#! d#!", { w: 3, h: 2, d: 1 }],
  ["3 x 2 cm", "long#! wide#! tall#", { long: 3, wide: 2 }],
  ["3 x 2 cm", "high# deep#", { high: 3, deep: 2 }],
  ["3 x 2 cm", "first#! second#!", { first: 3, second: 2 }],
  ["3 x 2 cm", "first# second#", {}],
  ["3 x 2 cm", "^heightCm#! height#", { height: 2 }],
  ["3 x 2 cm", "dimensions width#", { width: 3 }],
  ["3 x 2 cm", "dimensionsText sizeId", {}],
])("a size of %s is given to %s", (size, inputs, values) => {
  const operation = onlyOperation(`POST /boards | Cut a board | ${inputs}`);
  expect(valuesStated(`Cut a board of ${size}`, operation)).toEqual(values);
});
