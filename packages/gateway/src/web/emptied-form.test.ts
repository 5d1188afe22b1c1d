import type { Json } from "@ape/core/lib/json";
import { formOriginOf } from "@ape/core/protocol/sign-in";
import { describe, expect, test } from "vitest";
import { formFailure } from "./form-failure.ts";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");
const read = (path: string, html: string) => readPage(html, place.url(path), place);

/** What an answer says that shows a form again, without values in it. */
function judge(form: string, data: Json, around: [before: string, after: string], redirected = false) {
  const before = read("/page", around[0] + form);
  const [sent] = before.forms;
  if (sent === undefined) throw new Error("no form");
  const origin = formOriginOf(before, sent);
  const found = formFailure(read("/page", around[1] + form), { path: sent.path, data, origin }, redirected);
  if (found === undefined) return "taken";
  return found.reading === "unproven" ? "unproven" : "refused";
}

const GUESTBOOK =
  "<form action=/entries method=post><input name=who><textarea name=text></textarea><button>Sign the book</button></form>";
const ENTRY = { who: "Ines", text: "What a lovely place" };
const LOAN =
  "<form action=/loans method=post><select name=tool><option>drill</option><option>saw</option></select><button>Borrow</button></form>";
const VISIT =
  "<form action=/visits method=post><input type=date name=day><input name=reason><button>Ask for a visit</button></form>";

describe("a form that comes back empty with a message that denies or demands something is refused", () => {
  test.each<[string, string, Json, string]>([
    ["what is missing", GUESTBOOK, ENTRY, "<p>Text is missing.</p>"],
    ["a quota", GUESTBOOK, ENTRY, "<p>You have no notes left</p>"],
    ["a demand", GUESTBOOK, ENTRY, "<p>Please write something.</p>"],
    [
      "a quota of things to choose",
      LOAN,
      { tool: "drill" },
      "<div>You cannot borrow more than two tools.</div>",
    ],
    [
      "a rule",
      VISIT,
      { day: "2027-01-05", reason: "A cold" },
      "<p>Visits are only possible on weekdays.</p>",
    ],
    ["a regret", VISIT, { day: "2027-01-05", reason: "A cold" }, "<p>Sorry, that day is full.</p>"],
  ])("%s", (_, form, data, message) => {
    const around: [string, string] = ["<h1>Page</h1>", `<h1>Page</h1>${message}`];
    expect(judge(form, data, around)).toBe("refused");
    expect(judge(form, data, around, true)).toBe("refused");
  });
});

/** What an answer says that shows a form again with the values that were sent. */
function judgeKept(message: string): string {
  const form = (values: string): string =>
    `<form action=/step/2 method=post><input name=plate ${values}><select name=zone><option value="">choose</option></select><button>Next</button></form>`;
  const before = read("/step/2", `<h1>Vehicle</h1>${form("")}`);
  const [sent] = before.forms;
  if (sent === undefined) throw new Error("no form");
  const after = read("/step/2", `<h1>Vehicle</h1>${message}${form('value="ZH 4711"')}`);
  const data = { plate: "ZH 4711", zone: "" };
  const found = formFailure(after, { path: sent.path, data, origin: formOriginOf(before, sent) }, false);
  return found === undefined ? "taken" : `${found.reading ?? "refused"}: ${found.message}`;
}

test("a form that comes back as it was sent is refused by a message that denies or demands something", () => {
  expect(judgeKept("<p role=alert>Zone is missing.</p>")).toBe("refused: Zone is missing.");
  expect(judgeKept("<p>Please choose a zone.</p>")).toBe("refused: Please choose a zone.");
  expect(judgeKept("")).toMatch(/^unproven: the form came back/);
  expect(judgeKept("<p>Zones are shown on the map.</p>")).toMatch(/^unproven: the form came back/);
});

test.each([
  ["another language", "<p>Das Datum liegt in der Vergangenheit.</p>"],
  ["a remark", "<p>The fifth is a Sunday.</p>"],
])("a message that neither refuses nor says that it was done leaves it open: %s", (_, message) => {
  const data = { day: "2027-01-05", reason: "A bad cold" };
  expect(judge(VISIT, data, ["<h1>Page</h1>", `<h1>Page</h1>${message}`])).toBe("unproven");
});

describe("a form that comes back empty is for the next entry", () => {
  test.each<[string, string, Json, string, string]>([
    [
      "the entry is below it",
      GUESTBOOK,
      ENTRY,
      "<h1>Book</h1><p>Nothing here.</p>",
      "<h1>Book</h1><p>What a lovely place. No rain!</p>",
    ],
    ["words of thanks", GUESTBOOK, ENTRY, "<h1>Book</h1>", "<h1>Book</h1><p>Thank you for your words.</p>"],
    ["a participle", GUESTBOOK, ENTRY, "<h1>Book</h1>", "<h1>Book</h1><p>Your entry was recorded.</p>"],
    [
      "the number of what was made",
      VISIT,
      { day: "2027-01-05", reason: "A cold" },
      "",
      "<p>This is visit no. 77.</p>",
    ],
    [
      "a number that rose",
      LOAN,
      { tool: "saw" },
      "<p>Your tools at home: 1</p>",
      "<p>Your tools at home: 2</p>",
    ],
    [
      "nothing that is new",
      LOAN,
      { tool: "saw" },
      "<p>No deposit is needed.</p>",
      "<p>No deposit is needed.</p>",
    ],
    [
      "a whole list that is new",
      LOAN,
      { tool: "saw" },
      "",
      "<ul><li>saw, due on Monday, no deposit</li><li>drill, due on Friday</li><li>ladder, due on Sunday</li></ul>",
    ],
  ])("%s", (_, form, data, before, after) => {
    expect(judge(form, data, [before, after])).toBe("taken");
  });
});

describe("a page without the form, which no redirect led to, has to show something of what was done", () => {
  const answered = (after: string, redirected = false, data: Json = ENTRY): string => {
    const before = read("/page", `<h1>Page</h1>${GUESTBOOK}`);
    const [sent] = before.forms;
    if (sent === undefined) throw new Error("no form");
    const origin = formOriginOf(before, sent);
    const found = formFailure(read("/entries", after), { path: sent.path, data, origin }, redirected);
    return found === undefined ? "taken" : (found.reading ?? "refused");
  };
  test.each([
    "<h1>Upgrade your plan</h1><p>You have used all entries of the free plan.</p>",
    "<h1>Hmm</h1><p>Our filter did not like this entry. It was discarded.</p>",
    "<p>Ihr Beitrag konnte nicht gespeichert werden.</p><a href=/>Start</a>",
    "<title>Slow down</title><p>Please wait 30 seconds between the entries.</p>",
    "<title>Back soon</title><h1>We are doing some maintenance</h1>",
  ])("%s", (after) => {
    expect(answered(after)).not.toBe("taken");
    expect(answered(after, false, { who: "1" })).toBe("taken");
  });

  test.each([
    "<p>Thank you for your entry.</p>",
    "<p>Votre message a été publié. Merci.</p>",
    "<h1>Book</h1><ul><li>Ines: What a lovely place</ul>",
    "<h1>Entry</h1><p>Your entry has the number 12.</p>",
    "<p>Your entry was counted.</p>",
    "<h1>Confirm the entry</h1><form action=/confirm method=post><button>Confirm</button></form>",
    "<p>Děkujeme</p>",
    `<h1>The book</h1><p>${"All of the entries of the year. ".repeat(12)}</p>`,
  ])("%s", (after) => {
    expect(answered(after)).toBe("taken");
  });
});
