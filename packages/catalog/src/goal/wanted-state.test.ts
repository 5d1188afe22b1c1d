import { expect, test } from "vitest";
import { wantedState } from "./wanted-state.ts";

const synsets: ReadonlySet<string> = new Set(["s1"]);
const stated = (word: string, negated = false) => ({ word, synsets: new Set<string>(), negated });
const byVerb = (word: string) => ({ word, synsets, negated: false });

test.each<[said: string, lead: string, state: ReturnType<typeof wantedState>]>([
  ["mark it as done", "mark", stated("done")],
  ["mark the order as paid", "mark", stated("paid")],
  ["then mark it as done", "mark", stated("done")],
  ["mark it as not done", "mark", stated("done", true)],
  ["set its state to closed", "set", stated("closed")],
  ["make the list public", "make", stated("public")],
  ["make it a draft", "make", byVerb("make")],
  ["move it into the archive", "move", stated("archive")],
  ["declare it to be lost", "declare", stated("lost")],
  ["keep it not public", "keep", stated("public", true)],
  ["paint it as new", "paint", byVerb("paint")],
  ["close it", "close", byVerb("close")],
  ["mark as done", "mark", stated("done")],
  ["~update it to closed", "~update", stated("closed")],
  ["~update it", "~update", byVerb("update")],
])("%s wants %j", (said, lead, state) => expect(wantedState(said, lead, synsets)).toEqual(state));

test("without a verb nothing is wanted", () => {
  expect(wantedState("as done", undefined, synsets)).toBeUndefined();
});
