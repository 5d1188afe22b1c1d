import { expect, test } from "vitest";
import { notedText } from "./noted-text.ts";

test.each([
  ["put a note quoted0 on his assignment", "note", "his assignment"],
  ["attach the remark quoted0 to order 7", "remark", "order 7"],
  ["then leave a new comment quoted0 on the lift in Kiel.", "comment", "the lift in Kiel"],
  ["Write a note on the crate K 4/2 saying quoted0", "note", "the crate K 4/2"],
  ["add the memo quoted0 to it", "memo", "it"],
  ["stick the label quoted0 on the crate", "label", "the crate"],
  ["note quoted0 on it", "note", "it"],
])("%s: the text goes to the thing", (written, noun, thing) => {
  expect(notedText(written)).toMatchObject({ text: "quoted0", thing });
  expect(notedText(written)?.nouns[0]).toBe(noun);
});

test("remarks have several names, labels have one", () => {
  expect(notedText("put a note quoted0 on it")?.nouns).toContain("comment");
  expect(notedText("put a label quoted0 on it")?.nouns).toEqual(["label"]);
});

test.each([
  "put a bottle called quoted0 into the cellar",
  "delete the note quoted0 on the order",
  "read the note quoted0 on the order",
  "send a letter saying quoted0 to the editor",
  "note that the boiler leaks",
])("%s: nothing is put on a thing", (written) => {
  expect(notedText(written)).toBeUndefined();
});
