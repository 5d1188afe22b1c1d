import { expect, test } from "vitest";
import { remarkIn, remarkText } from "./remark-text.ts";

test.each<[string, string | undefined]>([
  ["Every part of the goal is done.", undefined],
  ["", undefined],
  ["I placed the order, as the user understood it.", undefined],
  ['What was understood of the goal is done; not understood: "30".', 'not understood: "30"'],
  [
    'What was understood of the goal is done; guessed: "the big one"; not understood: "on 14 January", "Copernicus".',
    'guessed: "the big one"; not understood: "on 14 January", "Copernicus"',
  ],
  ['Ordered. not understood: "blue"', 'not understood: "blue"'],
  ['Nothing here serves "reply to it".', 'Nothing here serves "reply to it"'],
  ["Cannot go on: no way to it.", "Cannot go on: no way to it"],
  ['"12 March" is not offered: 4 March, 18 March.', '"12 March" is not offered: 4 March, 18 March'],
  ['"Hall B" is not available: "Hall B (taken)".', '"Hall B" is not available: "Hall B (taken)"'],
  ['"Enrol Ann" was refused: "It is full."', '"Enrol Ann" was refused: "It is full."'],
  ['"Seats" takes at most 6, and the goal says 30.', '"Seats" takes at most 6, and the goal says 30'],
  ["The hall is not available.", undefined],
  [
    'The other parts of the goal are done; nothing here serves "reply to it".',
    'The other parts of the goal are done; nothing here serves "reply to it"',
  ],
])("of %j the remark is %j", (reason, remark) => {
  expect(remarkIn(reason)).toBe(remark);
});

test("a long remark is cut, between characters", () => {
  const remark = remarkIn(`not understood: "${"x".repeat(282)}😀😀${"y".repeat(900)}"`) ?? "";
  expect(remark).toMatch(/^not understood: "x+…$/);
  expect(remark.length).toBeLessThanOrEqual(300);
});

test("a remark is said with the number of its sessions", () => {
  expect(remarkText({ text: 'not understood: "30"', count: 1 })).toBe(
    '1 successful session ended with: not understood: "30"',
  );
  expect(remarkText({ text: 'not understood: "30"', count: 1234 })).toBe(
    '1,234 successful sessions ended with: not understood: "30"',
  );
});
