import { expect, test } from "vitest";
import { runSiteSession, type Site, type SiteForm, type SitePage } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const ANIMALS = [
  ["3", "Old Bruno", "bear, Pine enclosure"],
  ["4", "Silver Fox", "fox, Rock enclosure"],
  ["5", "Tiny", "otter, Pond"],
];

/** An animal park: the animals with their pages, walks on some days, and a menu with forms of its own. */
function park(): Site {
  const page = (title: string, more: Partial<SitePage> = {}): SitePage => ({
    title,
    ...more,
    links: [
      "Home|/",
      "Animals|/animals",
      "Report an animal|/animals/new",
      "Walks|/walks",
      "My places|/places",
      ...(more.links ?? []),
    ],
  });
  const animalForm = (sends: string): SiteForm => ({
    button: sends.endsWith("new") ? "Send report" : "Save",
    sends,
    fields: sends.endsWith("new")
      ? "place! weight:number enclosure=Pine,Rock,Pond mobile"
      : "place weight:number enclosure=Pine,Rock,Pond mobile",
  });
  const answers: Record<string, { title: string; links?: string[]; forms?: SiteForm[]; text?: string }> = {
    "GET /": { title: "Animal park" },
    "GET /animals": {
      title: "Animals",
      links: ANIMALS.map(([id, name, kind]) => `Details|/animals/${id}|${name}, ${kind}`),
    },
    "GET /animals/new": { title: "Report an animal", forms: [animalForm("POST /animals/new")] },
    "POST /animals/new": { title: "Reported", text: "Thank you." },
    "GET /walks": {
      title: "Walks",
      links: ["Night walk|/walks/night|Night walk, 4 seats", "Dawn walk|/walks/dawn|Dawn walk, 9 seats"],
    },
  };
  answers["GET /places"] = {
    title: "My places",
    links: ["Release|/places/7/release|Night walk, 4 March", "Release|/places/8/release|Dawn walk, 4 March"],
  };
  for (const id of ["7", "8"]) {
    answers[`GET /places/${id}/release`] = {
      title: "Release a place",
      forms: [{ button: "Yes, release", sends: `POST /places/${id}/release` }],
    };
    answers[`POST /places/${id}/release`] = { title: "My places", text: "Released." };
  }
  for (const walk of ["night", "dawn"]) {
    answers[`GET /walks/${walk}`] = { title: `${walk} walk`, links: [`Book|/walks/${walk}/book`] };
    answers[`GET /walks/${walk}/book`] = {
      title: `Book: ${walk} walk`,
      forms: [
        {
          button: "Book seats",
          sends: `POST /walks/${walk}/book`,
          fields: "day:select!=4+March,11+March+(taken),18+March gate:select!=North+gate,South+gate name!",
        },
      ],
    };
    answers[`POST /walks/${walk}/book`] = { title: "Booked", text: "Thank you." };
  }
  for (const [id, name = ""] of ANIMALS) {
    answers[`GET /animals/${id}`] = {
      title: name,
      text: "Who feeds it?",
      links: [
        `Edit report|/animals/${id}/edit`,
        `Release|/animals/${id}/release`,
        `Write to the vet|/animals/${id}/vet`,
      ],
      forms: [
        { button: "Assign", sends: `POST /animals/${id}/keeper`, fields: "keeper:select!=Ada+Birk,Nils+Ott" },
        { button: "Adopt", sends: `POST /animals/${id}/adopt` },
      ],
    };
    answers[`GET /animals/${id}/edit`] = { title: "Edit", forms: [animalForm(`POST /animals/${id}/edit`)] };
    answers[`POST /animals/${id}/edit`] = { title: name, text: "Saved." };
    answers[`GET /animals/${id}/vet`] = {
      title: "Write to the vet",
      forms: [{ button: "Send", sends: `POST /animals/${id}/vet`, fields: "text:textarea" }],
    };
    answers[`GET /animals/${id}/release`] = {
      title: "Release",
      forms: [{ button: "Yes, release", sends: `POST /animals/${id}/release`, fields: "reason" }],
    };
    for (const done of ["release", "keeper", "adopt", "vet"])
      answers[`POST /animals/${id}/${done}`] = { title: name, text: "Done." };
  }
  return (call) => {
    const got = answers[call];
    return got === undefined ? { page: page("Not found"), status: 404 } : { page: page(got.title, got) };
  };
}

const calls = (goal: string): string => runSiteSession(createPlanner(), goal, park(), 30).join("\n");
const forms = (goal: string): string[] =>
  calls(goal)
    .split("\n")
    .filter((call) => /^submit_form|^finish/.test(call))
    .map((call) => call.replace(/^submit_form \d+ /, ""));

test.each([
  ["Change the weight of the bear at Old Bruno to 212.", '"Save" {"weight":212} -> 200'],
  ["Change the enclosure of Silver Fox to Pond.", '"Save" {"enclosure":"Pond"} -> 200'],
  ["Change the mobile number of the Tiny to 0151 220011.", '"Save" {"mobile":"0151 220011"} -> 200'],
  ["Edit the report of the fox at Silver Fox and set its weight to 9.", '"Save" {"weight":9} -> 200'],
])("what changes is the form of the thing itself, and none of the menu: %s", (goal, sent) => {
  expect(forms(goal)).toEqual([sent, "finish: Every part of the goal is done."]);
});

test("what there is already is not made again as something else", () => {
  expect(calls("Report the fox at Silver Fox as found.")).not.toContain("POST");
  expect(calls("Change the weight of the wolf at Grey Tom to 40.")).not.toContain("submit_form");
});

test("a later clause acts on its own thing, and not on that of the one before", () => {
  const text = calls("Adopt the Old Bruno, and adopt the Silver Fox.");
  expect(text).toMatch(/GET \/animals\/3 [\s\S]*"Adopt" [\s\S]*GET \/animals\/4 [\s\S]*"Adopt" /);
  const sent = calls("Change the weight of Tiny to 9, and adopt the Silver Fox.");
  expect(sent).toMatch(/GET \/animals\/5\/edit [\s\S]*"Save" [\s\S]*GET \/animals\/4 [\s\S]*"Adopt" /);
  expect(sent.match(/"Adopt" /g)).toHaveLength(1);
  const released = calls("Change the weight of Tiny to 9, and release the Silver Fox.");
  expect(released).toMatch(
    /GET \/animals\/5\/edit [\s\S]*"Save" [\s\S]*GET \/animals\/4 [\s\S]*"Yes, release" /,
  );
  expect(released).not.toContain("GET /animals/5/release");
});

test.each([
  "Assign the keeper Ada Birk to the fox at Silver Fox.",
  "Find the fox Silver Fox and assign Ada Birk to it.",
])("what is brought to a thing is chosen on the page of that: %s", (goal) => {
  const text = calls(goal);
  expect(text).toContain("GET /animals/4 ");
  expect(text).toContain('"Assign" {"keeper":"Ada Birk"} -> 200');
  expect(text.match(/"Assign"/g)).toHaveLength(1);
});

test("whom nobody knows is not replaced", () => {
  expect(forms("Assign the keeper Olga Fis to the fox at Silver Fox.")).toEqual([
    expect.stringMatching(/^finish: Nothing here (?:is called|takes) "Olga Fis"/),
  ]);
});

test.each([
  [
    "Book a place on the Night walk on 11 March for Ada Birk.",
    'finish: "11 March" is not available: "11 March (taken)".',
  ],
  [
    "Book a place on the Night walk on 12 March for Ada Birk.",
    'finish: "12 March" is not offered: 4 March, 11 March (taken), 18 March.',
  ],
  ["Book a place on the Dawn walk at the West gate on 4 March for Ada Birk.", /^finish: .*West/],
  ["Book a place on the Dusk walk on 4 March for Ada Birk.", /^finish: .*Dusk/],
])("what is not offered is not replaced: %s", (goal, end) => {
  expect(forms(goal)).toEqual([typeof end === "string" ? end : expect.stringMatching(end)]);
});

test("what is offered is taken", () => {
  expect(forms("Book a place on the Dawn walk at the South gate on 18 March for Ada Birk.")[0]).toBe(
    '"Book seats" {"day":"18 March","gate":"South gate","name":"Ada Birk"} -> 200',
  );
});

test.each([
  ["Adopt the animal 4.", "4"],
  ["Change the weight of animal number 5 to 9.", "5"],
  ["Release the animal 3, the reason is that it is well.", "3"],
])("a number behind a noun is that of the thing: %s", (goal, id) => {
  const text = calls(goal);
  expect(text).toContain(`GET /animals/${id} `);
  expect(text).toContain("submit_form");
  expect(text.match(/GET \/animals\/\d /g)).toHaveLength(1);
});

test.each(["Adopt the animal 8.", "Change the weight of animal number 77 to 9.", "Release the animal 12."])(
  "a number that nothing has: %s",
  (goal) => {
    expect(forms(goal)).toEqual([expect.stringMatching(/^finish: Nothing here is called "animal \d+"\.$/)]);
  },
);

test.each([
  ["Release the second animal in the list.", "4"],
  ["Remove the last animal.", "5"],
  ["Adopt the 1st animal of the list.", "3"],
])("a place in the list: %s", (goal, id) => {
  const text = calls(goal);
  expect(text).toContain(`GET /animals/${id} `);
  expect(text.match(/GET \/animals\/\d /g)).toHaveLength(1);
});

test("what is told about a thing edits nothing of it", () => {
  const text = calls("Tell the vet in a message for the animal 4 that it limps.");
  expect(text).toContain('"Send" {"text":"it limps"} -> 200');
  expect(text).not.toContain("/edit");
});

test("a form for something new changes nothing that there is", () => {
  expect(calls("Change the gate of my walk on 4 March to South gate.")).not.toContain("submit_form");
  expect(calls("Change the weight of my animal to 9.")).not.toContain("Send report");
});

test.each([
  "Release my place on the dawn walk on 4 March.",
  "Release the place of the dawn walk on 4 March.",
])(
  "what there is already is not taken again, and the row with more of the goal's words is meant: %s",
  (goal) => {
    const text = calls(goal);
    expect(text).toContain("GET /places/8/release ");
    expect(text).not.toMatch(/Book|places\/7/);
  },
);

test.each([
  "Move my place on the dawn walk on 4 March to 18 March.",
  "Adopt the heaviest animal.",
  "Release the animal with the most visitors.",
  "Find the oldest animal and adopt it.",
  "Feed the Silver Fox.",
])("nothing is done by a guess: %s", (goal) => {
  expect(calls(goal)).not.toContain("submit_form");
});
