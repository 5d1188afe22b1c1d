import { expect, test } from "vitest";
import { firstClause } from "../../../test/first-clause.ts";
import { definiteThings, tellsApart } from "./definite-things.ts";

const KINDS = ["isObject", "isTopic", "isPlace"] as const;

/** Each thing with what it is, its words, and behind `;` those that tell it from others. */
function thingsOf(goal: string): string[] {
  const clause = firstClause(goal, ["lend", "report"]);
  return definiteThings(clause).map((thing) => {
    const kinds = KINDS.filter((kind) => thing[kind]).map((kind) => kind.slice(2).toLowerCase());
    return `${thing.text}: ${[...kinds, ...thing.words].join(" ")}; ${tellsApart(clause, thing).join(" ")}`;
  });
}

test.each([
  ["Lend the hedge trimmer", ["hedge trimmer: object hedg trimmer; hedg"]],
  [
    "Give back my old notice for the skateboard",
    ["old notice: object old notic; old", "skateboard: skateboard; skateboard"],
  ],
  ["Lend it for the skateboard until Monday", ["skateboard: skateboard; skateboard"]],
  ["Report about night buses", ["night buses: topic night buse; night buse"]],
  ["Put it in the bisque firing", ["bisque firing: place bisqu fire; bisqu fire"]],
  ["Wait at the gate", ["gate: place gate; gate"]],
  ["Feed the bear at Old Bruno", ["bear: object bear; "]],
  ["Call for the bear at Old Bruno", ["bear: object bear; "]],
  [
    "Lend the trimmer of the garden club for the long summer party",
    [
      "trimmer garden club: object trimmer garden club; garden club",
      "garden club: garden club; garden club",
      "long summer party: long summer parti; long summer parti",
    ],
  ],
  ["Lend a hedge trimmer", []],
  ['Add a note with the remark "Urgent"', []],
  ["Log out", []],
])("%s: things told by common nouns", (goal, things) => {
  expect(thingsOf(goal)).toEqual(things);
});
