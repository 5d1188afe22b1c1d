import { expect, test } from "vitest";
import { marked, namesStatedIn } from "./goal-text.ts";

test.each<[goal: string, text: string, quotes: [text: string, written: string][]]>([
  ['Add the note "Milk, eggs." to it.', "Add the note quoted0 to it.", [["Milk, eggs.", '"Milk, eggs."']]],
  [
    "Add “A” and 'b c'.",
    "Add quoted0 and quoted1.",
    [
      ["A", '"A"'],
      ["b c", '"b c"'],
    ],
  ],
  ["Don't add 'x'y.", "Don't add 'x'y.", []],
  ['Add "".', 'Add "".', []],
  [
    "Add a list called Spring cleaning, then go.",
    "Add a list called quoted0, then go.",
    [["Spring cleaning", "Spring cleaning"]],
  ],
  [
    'Add a list called "A b", titled Big One.',
    "Add a list called quoted0, titled quoted1.",
    [
      ["A b", '"A b"'],
      ["Big One", "Big One"],
    ],
  ],
  ["Add a list named what.", "Add a list named quoted0.", [["what", "what"]]],
])("%s is marked as %s", (goal, text, quotes) => {
  const found = marked(goal);
  expect(found.text.replaceAll(/quoted(\d)/g, (_, at: string) => `<${found.quotes[Number(at)]?.text}>`)).toBe(
    text.replaceAll(/quoted(\d)/g, (_, at: string) => `<${quotes[Number(at)]?.[0]}>`),
  );
  expect(found.quotes.map((quote) => [quote.text, quote.written]).sort()).toEqual([...quotes].sort());
});

test.each<[clause: string, names: string[]]>([
  ["assign it to Maria Lopez", ["to Maria Lopez"]],
  ["send it from Lima to New York", ["from Lima", "to New York"]],
  ["invite Mia Lang to the Book Club", [" Mia Lang", "to Book Club"]],
  ["then please enrol Mia Lang", [" Mia Lang"]],
  ["book it for Monday", []],
  ["book it on behalf of Ann Lee", ["for Ann Lee"]],
  ["book it in the name of Ann Lee", ["for Ann Lee"]],
  ["pay with USD 5", []],
  ["assign it to someone", []],
  ["book it", []],
])("%s names %j", (clause, names) => {
  expect(namesStatedIn(clause, false).map(({ text, preposition }) => `${preposition} ${text}`)).toEqual(
    names,
  );
});

test("a name that somebody acts for is called so; a new value may go on in small letters", () => {
  expect(namesStatedIn("book it in the name of Ann Lee", false)[0]?.named).toBe(true);
  expect(namesStatedIn("book it for Ann Lee", false)[0]).not.toHaveProperty("named");
  expect(namesStatedIn("rename it to Spring cleaning", true)[0]?.text).toBe("Spring cleaning");
  expect(namesStatedIn("send it to Spring cleaning", false)[0]?.text).toBe("Spring");
});
