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
  ["report the boat as damaged", "report", stated("damaged")],
  ["record my parcel as lost", "record", stated("lost")],
  ["report a boat as damaged", "report", byVerb("report")],
  ["report the boat as art", "report", byVerb("report")],
  ["sell the boat as used", "sell", byVerb("sell")],
  ["mark as done", "mark", stated("done")],
  ["~update it to closed", "~update", stated("closed")],
  ["~update it", "~update", byVerb("update")],
])("%s wants %j", (said, lead, state) => expect(wantedState(said, lead, synsets)).toEqual(state));

test("without a verb nothing is wanted", () => {
  expect(wantedState("as done", undefined, synsets)).toBeUndefined();
});

test.each<[said: string, lead: string, state: ReturnType<typeof wantedState>]>([
  ["mark it to be done", "mark", stated("done")],
  ["turn it to a ruin", "turn", stated("ruin")],
  ["turn it into an archive", "turn", stated("archive")],
  ["turn it into the archive", "turn", stated("archive")],
  ["mark one two three four five as done", "mark", stated("done")],
  ["mark one two three four five six as done", "mark", stated("done")],
  ["mark one two three four five six to done", "mark", byVerb("mark")],
  ["mark 1 2 3 4 5 6 7 8 9 10 11 12 as done", "mark", stated("done")],
  ["mark 1 2 3 4 5 6 7 8 9 10 11 12 13 as done", "mark", byVerb("mark")],
  ["make them public", "make", stated("public")],
  ["make this public", "make", stated("public")],
  ["make that public", "make", stated("public")],
  ["make him admin", "make", stated("admin")],
  ["make her admin", "make", stated("admin")],
  ["make my list public", "make", stated("public")],
  ["make your list public", "make", stated("public")],
  ["make its list public", "make", stated("public")],
  ["make their list public", "make", stated("public")],
  ["make the new red list not public", "make", stated("public", true)],
  ["make the one two three list public", "make", byVerb("make")],
  ["make it very public", "make", byVerb("make")],
  ["make a list public", "make", byVerb("make")],
  ["make list public", "make", byVerb("make")],
  ["mark as not done", "mark", stated("done", true)],
  ["mark as done now", "mark", byVerb("mark")],
  ["set it to closed", "set", stated("closed")],
  ["flag it as spam", "flag", stated("spam")],
  ["put it into storage", "put", stated("storage")],
  ["change it to open", "change", stated("open")],
  ["switch it to off", "switch", stated("off")],
  ["bring it to life", "bring", stated("life")],
  ["label it as new", "label", stated("new")],
  ["leave it open", "leave", stated("open")],
  ["toggle it to on", "toggle", stated("on")],
  ["declare it not to be lost", "declare", stated("lost")],
  ["report the boat as damaged", "report", stated("damaged")],
  ["report my boat as broken", "report", stated("broken")],
  ["report our boat as torn", "report", byVerb("report")],
  ["report our boat as blown", "report", stated("blown")],
  ["report this boat as built", "report", stated("built")],
  ["report it as lost", "report", stated("lost")],
  ["report them as not lost", "report", stated("lost", true)],
  ["record the boat as lost", "record", stated("lost")],
  ["report a boat as lost", "report", byVerb("report")],
  ["report the boat as new", "report", byVerb("report")],
  ["report the boat as lost today", "report", byVerb("report")],
  ["please report the boat as lost", "report", byVerb("report")],
  ["tell the boat as lost", "tell", byVerb("tell")],
])("%s is to bring a thing into the state %j", (said, lead, state) =>
  expect(wantedState(said, lead, synsets)).toEqual(state),
);
