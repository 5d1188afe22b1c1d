import { expect, test } from "vitest";
import { foldedNote, renderView, unfoldNote, type View } from "./view.ts";

const VIEW: View = { goal: "Buy\n a lamp ", facts: [], trail: [], dropped: 0, results: [] };
const call = (step: number, more: object = {}) => ({
  step,
  target: "shop",
  call: `GET /p${step}`,
  status: 200,
  ...more,
});
const answer = (step: number, more: object = {}) => ({ ...call(step), body: "{}", ...more });
const shown = (more: Partial<View>): string => renderView({ ...VIEW, ...more });

test.each<[string, Partial<View>, string]>([
  ["the goal alone, in one line", {}, ""],
  ["who the agent is", { persona: " hasty\nuser" }, "\n\n# Who you are\nhasty user"],
  [
    "what was given apart from what was found",
    {
      facts: [
        { name: "id", value: "7", origin: "step 1 GET /a" },
        { name: "mail", value: 'a"b', origin: "data" },
      ],
    },
    '\n\n# What you have\nmail: "a\\"b" (data)\n\n# What you know\nid: "7" (step 1 GET /a)',
  ],
  [
    "earlier calls without those whose answer is shown",
    { trail: [call(1, { note: "waited\n2s" }), call(2)], results: [answer(2)] },
    "\n\n# Done so far\n1. shop: GET /p1 -> 200 (waited 2s)\n\n# Last answers\n2. shop: GET /p2 -> 200\nbody {}",
  ],
  [
    "no heading for earlier calls where all answers are shown",
    { trail: [call(2)], results: [answer(2)] },
    "\n\n# Last answers\n2. shop: GET /p2 -> 200\nbody {}",
  ],
  ["how many calls are left out", { dropped: 3 }, "\n\n# Done so far\n(3 earlier steps left out)"],
  [
    "what those that are left out did",
    {
      dropped: 3,
      done: [
        { target: "shop", operation: "GET /a", times: 2 },
        { target: "bank", operation: "POST /b", times: 1 },
      ],
      trail: [call(4)],
    },
    "\n\n# Done so far\n(3 earlier steps left out; done: 2 x shop: GET /a, 1 x bank: POST /b)\n4. shop: GET /p4 -> 200",
  ],
  [
    "everything of an answer, its body as a table where there is one",
    {
      results: [answer(1, { said: 'a"b', sent: { a: "1" }, headers: { etag: "x" }, table: "T" })],
    },
    '\n\n# Last answers\n1. shop: GET /p1 -> 200\nsaid "a\\"b"\nsent headers {"a":"1"}\nheaders {"etag":"x"}\nbody (rows of fields) T',
  ],
  [
    "what a search found",
    { found: { words: "pay\nbill", text: "POST /pay" } },
    '\n\n# Operations found\nfor "pay bill"\nPOST /pay',
  ],
  ["the date alone", { today: "Saturday" }, "\n\n# Now\nToday is Saturday."],
  ["the steps left alone", { stepsLeft: 0 }, "\n\n# Now\nSteps left: 0"],
  [
    "date, steps left and a problem, at the end",
    { today: "Saturday", stepsLeft: 2, problem: "no\ntool" },
    "\n\n# Now\nToday is Saturday.\nSteps left: 2\n\n# Problem\nno tool",
  ],
])("a view shows %s", (_name, more, text) => {
  expect(shown(more)).toBe(`# Goal\nBuy a lamp${text}`);
});

test.each<[string | undefined, number, string]>([
  [undefined, 2, "2 times the same answer"],
  ["timeout", 3, "timeout 3 times the same answer"],
  ["timeout 3 times the same answer", 4, "timeout 4 times the same answer"],
  ["999 times the same answer", 1_000, "1000 times the same answer"],
])("the note %j of a call made %d times reads %j", (note, times, text) => {
  expect(foldedNote(note, times)).toBe(text);
});

test.each<[string | undefined, object]>([
  [undefined, { times: 1 }],
  ["timeout", { times: 1, note: "timeout" }],
  ["2 times the same answer", { times: 2 }],
  ["timeout 12 times the same answer", { times: 12, note: "timeout" }],
  ["0 times the same answer", { times: 1, note: "0 times the same answer" }],
  ["2 times the same answer, then", { times: 1, note: "2 times the same answer, then" }],
])("the note %j unfolds to %j", (note, unfolded) => {
  expect(unfoldNote(note)).toEqual(unfolded);
});
