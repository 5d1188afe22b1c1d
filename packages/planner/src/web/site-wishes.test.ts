import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { runSiteSession, type Site, type SiteForm, type SitePage } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const COURSES = [
  ["c1", "Pottery, 2031-03-05", ""],
  ["c2", "Weaving, 2031-03-12", ""],
  ["c3", "Glass, 2031-03-19", "Glass, 2031-03-19 (fully booked)"],
];
const TUTORS = [
  ["t1", "Ines Marr", "Ines Marr, oils"],
  ["t2", "Jon Falk", "Jon Falk, oils"],
];

/** An evening school: places in courses on three pages, feedback on tutors, a profile, a newsletter. */
function school(refusal?: { call: string; text: string }): Site {
  let refused = false;
  const page = (title: string, more: Partial<SitePage> = {}): SitePage => ({
    title,
    ...more,
    links: [
      "Home|/",
      "My place|/places/find",
      "Courses|/courses",
      "Tutors|/tutors",
      "Places|/places",
      "Letter|/letter",
      "Profile|/profile",
      ...(more.links ?? []),
    ],
  });
  const answers: Record<string, { title: string; links?: string[]; forms?: SiteForm[]; text?: string }> = {
    "GET /": { title: "Evening school" },
    "GET /courses": {
      title: "Courses",
      links: COURSES.map(([id, text, near]) => `${text}|/courses/${id}${near === "" ? "" : `|${near}`}`),
    },
    "GET /tutors": {
      title: "Tutors",
      links: TUTORS.map(([id, text, near]) => `${text}|/tutors/${id}|${near}`),
    },
    "GET /places": {
      title: "My places",
      links: ["P-7|/places/7|P-7 Pottery, 5 March, 2 people", "P-9|/places/9|P-9 Glass, 19 March, 1 person"],
    },
    "GET /places/find": {
      title: "Find a place",
      forms: [{ button: "Find", sends: "GET /places/found", fields: "code" }],
    },
    "GET /places/7": { title: "Place P-7", links: ["Change|/places/7/edit"] },
    "GET /places/9": {
      title: "Place P-9",
      links: ["Cancel place|/places/9/cancel", "Write to the office|/places/9/message"],
    },
    "GET /places/9/message": {
      title: "Write to the office",
      forms: [{ button: "Send", sends: "POST /places/9/message", fields: "text:textarea" }],
    },
    "POST /places/9/message": { title: "Place P-9", text: "Sent." },
    "GET /places/7/edit": {
      title: "Change place 7",
      forms: [{ button: "Save", sends: "POST /places/7", fields: "people=1,2,3 notes" }],
    },
    "POST /places/7": { title: "Place 7", text: "Saved." },
    "GET /letter": {
      title: "Letter",
      forms: [
        {
          button: "Subscribe",
          sends: "POST /letter",
          fields: "email:email! often:select=daily,weekly,monthly",
        },
      ],
    },
    "POST /letter": { title: "Letter", text: "Thank you." },
    "GET /profile": {
      title: "Profile",
      forms: [
        { button: "Save", sends: "POST /profile", fields: "town mobile letter:select=none,weekly,monthly" },
      ],
    },
    "POST /profile": { title: "Profile", text: "Saved." },
    "POST /places/who": {
      title: "Place 8",
      text: "Thank you. Your place is kept.",
      links: ["Withdraw|/places/8/withdraw"],
    },
    "GET /places/8/withdraw": {
      title: "Withdraw place 8",
      forms: [{ button: "Yes, withdraw", sends: "POST /places/8/withdraw" }],
    },
    "POST /places/8/withdraw": { title: "Place 8", text: "Withdrawn." },
  };
  for (const [id, text] of COURSES) {
    answers[`GET /courses/${id}`] = {
      title: text ?? "",
      ...(id === "c3" ? {} : { links: [`Ask for a place|/courses/${id}/place`] }),
    };
    answers[`GET /courses/${id}/place`] = {
      title: `Place: ${text}`,
      forms: [
        {
          button: "Continue",
          sends: `POST /courses/${id}/place`,
          fields: "object level=Beginner,Advanced wish:textarea",
        },
      ],
    };
    answers[`POST /courses/${id}/place`] = {
      title: "Your details",
      forms: [
        {
          button: "Keep the place",
          sends: "POST /places/who",
          fields: "name! email:email! arrival:select=17:30,18:00,18:30 apron:checkbox people:number",
        },
      ],
    };
  }
  for (const [id, text] of TUTORS) {
    answers[`GET /tutors/${id}`] = { title: text ?? "", links: [`Give feedback|/tutors/${id}/feedback`] };
    answers[`GET /tutors/${id}/feedback`] = {
      title: `Feedback: ${text}`,
      forms: [
        {
          button: "Send feedback",
          sends: `POST /tutors/${id}/feedback`,
          fields: "text:textarea! tone:select=kind,harsh",
        },
      ],
    };
    answers[`POST /tutors/${id}/feedback`] = { title: text ?? "", text: "Feedback sent." };
  }
  return (call, _data: JsonObject) => {
    if (call === refusal?.call && !refused) {
      const before = Object.values(answers).find(({ forms }) => forms?.some(({ sends }) => sends === call));
      refused = true;
      return { page: page(before?.title ?? "", { ...before, text: refusal.text }), status: 422 };
    }
    const got = answers[call];
    return got === undefined ? { page: page("Not found"), status: 404 } : { page: page(got.title, got) };
  };
}

const calls = (goal: string, site = school()): string =>
  runSiteSession(createPlanner(), goal, site, 30).join("\n");
const forms = (goal: string, site = school()): string[] =>
  calls(goal, site)
    .split("\n")
    .filter((call) => call.startsWith("submit_form"))
    .map((call) => call.replace(/^submit_form \d+ /, ""));

test("what belongs to the thing is told in sentences of its own: they are values of its form", () => {
  const goal =
    "Ask for a place in the Pottery course for a vase. My name is Ada Wyss, ada@example.org, I arrive at 18:00 and need an apron.";
  const [first = "", second = ""] = forms(goal);
  expect(first).toContain('"object":"vase"');
  expect(second).toContain('"email":"ada@example.org"');
  expect(second).toContain('"arrival":"18:00"');
});

test("the thing of the day that the goal gives is chosen, and the person has a name", () => {
  const goal =
    "Ask for a place for a scarf on 12 March for Lena Vogt (lena@example.org), then withdraw it again.";
  const text = calls(goal);
  expect(text).toContain("GET /courses/c2 ");
  expect(text).not.toContain("GET /courses/c1 ");
  expect(text).toContain('"name":"Lena Vogt"');
  expect(text).toContain('"Yes, withdraw" {} -> 200');
});

test.each([
  [
    "Which courses are there between 10 and 15 March? Ask for a place for a scarf, Lena Vogt, lena@example.org.",
    "c2",
  ],
  ["Ask for a place from 4 to 6 March, lena@example.org.", "c1"],
])("the days between which the goal wants it: %s", (goal, id) => {
  const text = calls(goal);
  expect(text).toContain(`GET /courses/${id} `);
  expect(text.match(/GET \/courses\/c\d /g)).toHaveLength(1);
});

test("what is fully booked on the day of the goal is not replaced by another day", () => {
  const text = calls("Ask for a place for a bowl on 19 March for Lena Vogt, lena@example.org.");
  expect(text).not.toContain("submit_form");
  expect(text).not.toContain("GET /courses/c1");
  expect(text).not.toContain("GET /courses/c2");
  expect(text).toMatch(/finish: N/);
});

test.each([
  ["once a month", "monthly"],
  ["every day", "daily"],
  ["each week", "weekly"],
])("%s is the option %s", (said, often) => {
  expect(forms(`Subscribe to the letter ${said} with nils@example.org.`)).toEqual([
    `"Subscribe" {"email":"nils@example.org","often":"${often}"} -> 200`,
  ]);
});

test.each(["Change my mobile number to 0171-555123.", "Update our mobile to 0171-555123."])(
  "a value of the user is changed in the profile, and no other form is sent back as it is: %s",
  (goal) => {
    expect(forms(goal)).toEqual(['"Save" {"mobile":"0171-555123"} -> 200']);
  },
);

test.each([
  ["Give feedback on Jon Falk that the room was cold.", "t2", "the room was cold"],
  [
    "Look at the tutors, and report on Jon Falk that we learned a lot, as kind feedback.",
    "t2",
    "we learned a lot",
  ],
  ["Leave feedback for Ines Marr that she was patient.", "t1", "she was patient"],
])("a sentence of the goal goes into the form of the thing that it names: %s", (goal, id, sentence) => {
  const text = calls(goal);
  expect(text).toContain(`"text":"${sentence}`);
  expect(text).toContain(`GET /tutors/${id}/feedback`);
  expect(text.match(/GET \/tutors\/t\d\/feedback/g)).toHaveLength(1);
});

test("a value that the goal states is not replaced after a refusal: the page's reason ends the session", () => {
  const refusal = { call: "POST /places/who", text: "At most 6 people each." };
  const goal = "Ask for a place in the Pottery course for 8 people, Lena Vogt, lena@example.org.";
  const text = calls(goal, school(refusal));
  expect(text.match(/"people":\d+/g)).toEqual(['"people":8']);
  expect(text).toContain('was refused: "At most 6 people each."');
});

test("after a refusal the fields that it names are filled in, and boxes that nobody asked for stay empty", () => {
  const refusal = { call: "POST /places/who", text: "The number of people is needed." };
  const sent = forms("Ask for a place in the Weaving course, Lena Vogt, lena@example.org.", school(refusal));
  expect(sent.at(-1)).toMatch(/"people":\d/);
  expect(sent.join("\n")).not.toContain("apron");
});

test("what the clause right behind chooses in the same form is sent with it", () => {
  expect(forms("Change my mobile number to 0171-555123 and get the letter once a month.")).toEqual([
    '"Save" {"mobile":"0171-555123","letter":"monthly"} -> 200',
  ]);
});

test("a code tells which thing it is for, and nothing is opened on the way that takes it away", () => {
  const text = calls("Tell the office for my place P-9 that we are late.");
  expect(text).toContain('"Send" {"text":"we are late"} -> 200');
  expect(text).not.toMatch(/places\/7|cancel/);
});

test("what is taken on the days of the goal is not tried again with other texts", () => {
  const refusal = { call: "POST /places/who", text: "All places are taken on this day." };
  const text = calls("Ask for a place in the Weaving course, Lena Vogt, lena@example.org.", school(refusal));
  expect(text.match(/"Keep the place"/g)).toHaveLength(1);
  expect(text).toContain('was refused: "All places are taken on this day."');
});

test("nothing of that name: a search that is no longer visible has changed nothing", () => {
  const text = calls("Ask for a place in the course K77 for two people.");
  expect(text).toContain('"Find" {"code":"K77"}');
  expect(text).toContain('finish: Nothing here is called "K77".');
});
