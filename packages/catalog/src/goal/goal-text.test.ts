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

test.each<[clause: string, names: string[]]>([
  ["send it to the Book Club", ["to Book Club"]],
  ["send it to our Book Club", ["to Book Club"]],
  ["send it to my Book Club", ["to Book Club"]],
  ["send it to a Book Club", []],
  ["book it for my friend Ada Brandt", ["for Ada Brandt"]],
  ["book it with our guide Ada Brandt", ["with Ada Brandt"]],
  ["book it for my friend Ada", []],
  ["book it for her friend Ada Brandt", []],
  ["send it to my friend Ada Brandt", []],
  ["move it into Hall B", ["into Hall B"]],
  ["book a talk about Vega", ["about Vega"]],
  ["book a talk of Vega", ["of Vega"]],
  ["book a talk by Vega", ["by Vega"]],
  ["book a talk at Vega", ["at Vega"]],
  ["book a talk in Vega", ["in Vega"]],
  ["set it as Vega", ["as Vega"]],
  ["book a talk on Vega", ["on Vega"]],
  ["book into vega", []],
  ["quote Ada Wyss", [" Ada Wyss"]],
  ["then also quote Ada Wyss", [" Ada Wyss"]],
  ["finally, quote Ada Wyss", []],
  ["and now quote Ada Wyss", [" Ada Wyss"]],
  ["next quote Ada Wyss", []],
  ["quote ADA Wyss", []],
  ["quote the Ada", []],
  ["re-quote Ada", [" Ada"]],
  ["book it in the name Ann Lee", []],
  ["book it under the name of Ann Lee", ["for Ann Lee"]],
  ["pay with USD5", []],
  ["pay with USDA 5", ["with USDA 5"]],
  ["book it for Tomorrow", []],
  ["book it for May 5", []],
])("%s: whom or what it names: %j", (clause, names) => {
  expect(namesStatedIn(clause, false).map(({ text, preposition }) => `${preposition} ${text}`)).toEqual(
    names,
  );
});

test.each([
  ["plan it with Ida Brandt as co-driver", "co-driver"],
  ["plan it with Ida Brandt, as a driver", "driver"],
  ["plan it with Ida Brandt as an usher.", "usher"],
  ["plan it with Ida Brandt as the driver, now", "driver"],
  ["plan it with Ida Brandt as my driver; go", "driver"],
  ["plan it with Ida Brandt as our driver", "driver"],
  ["plan it with Ida Brandt as its driver", "driver"],
  ["plan it with Ida Brandt as their driver", "driver"],
  ["plan it with Ida Brandt as his driver", "driver"],
  ["plan it with Ida Brandt as her driver", "driver"],
  ["plan it with Ida Brandt as some driver", "some"],
  ["plan it with Ida Brandt as it", undefined],
  ["plan it with Ida Brandt as driver7", undefined],
  ["plan it with Ida Brandt as Driver", undefined],
  ["plan it with Ida Brandt has driver", undefined],
  ["plan it with Ida Brandt", undefined],
])("%s: the role %s", (clause, role) => {
  expect(namesStatedIn(clause, false)[0]?.role).toBe(role);
});

test.each([
  ["rename it to Spring cleaning", true, "Spring cleaning"],
  ["set it as Spring cleaning", true, "Spring cleaning"],
  ["move it into Spring cleaning", true, "Spring"],
  ["rename it to Spring cleaning", false, "Spring"],
])("%s (an update: %j) names %s", (clause, isUpdate, name) => {
  expect(namesStatedIn(clause, isUpdate)[0]?.text).toBe(name);
});

test.each([
  ["a list called Big.", "a list called <Big>."],
  ["a list named Big.", "a list named <Big>."],
  ["a list titled Big.", "a list titled <Big>."],
  ["a list entitled Big.", "a list entitled <Big>."],
  ["a list labelled Big.", "a list labelled <Big>."],
  ["a list labeled Big.", "a list labeled <Big>."],
  ["a list CALLED Big.", "a list CALLED <Big>."],
  ["a list recalled Big.", "a list recalled Big."],
  ["a list called it.", "a list called it."],
  ["'a b' c", "'a b' c"],
  ["say 'a b'", "say <a b>"],
  ["say 'a b', c", "say <a b>, c"],
  ["say 'a b'; c", "say <a b>; c"],
  ["say 'a b'.", "say <a b>."],
  ["say 'a b'c", "say 'a b'c"],
  ["say “a 'b' c” d", "say <a 'b' c> d"],
  ["called A and called B", "called <A> and called <B>"],
])("%s has its texts marked: %s", (goal, text) => {
  const found = marked(goal);
  expect(found.text.replaceAll(/quoted(\d)/g, (_, at: string) => `<${found.quotes[Number(at)]?.text}>`)).toBe(
    text,
  );
});
