import { expect, test } from "vitest";
import { runSiteSession, type SiteAnswers, siteOf } from "../../test/site.ts";
import { createPlanner } from "../planner.ts";

const MENU = ["Home|/", "Tool shed|/tools", "My things|/mine", "Bookings|/booking", "Write to us|/contact"];

const PAGES: SiteAnswers = {
  "GET /": { title: "Workshop" },
  "GET /tools": {
    title: "Tool shed",
    links: ["Lend|/tools/1|Bench drill, 2 free", "Lend|/tools/2|Apple press, 1 free"],
  },
  "GET /mine": { title: "My things", links: ["Details|/lendings/7|Apple press, 3 May"] },
  "GET /lendings/7": {
    title: "Apple press",
    text: "3 May to 5 May",
    links: ["Keep it longer|/lendings/7/extend"],
    forms: [{ button: "Bring it back", sends: "POST /lendings/7/return", fields: "state=In+order,Broken" }],
  },
  "GET /lendings/7/extend": {
    title: "Extend Apple press",
    forms: [{ button: "Save", sends: "POST /lendings/7/extend", fields: "until:date!" }],
  },
  "POST /lendings/7/return": { title: "My things", text: "Thank you." },
  "POST /lendings/7/extend": { title: "Apple press", text: "Extended." },
  "GET /tools/2": {
    title: "Apple press",
    links: ["Rules|/rules"],
    forms: [{ button: "Lend it", sends: "POST /tools/2", fields: "from:date! to:date!" }],
  },
  "POST /tools/2": { title: "Apple press", status: 422, text: "At most three days." },
  "GET /booking": {
    title: "Manage my booking",
    forms: [{ button: "Find my booking", sends: "POST /booking", fields: "code name" }],
  },
  "POST /booking": {
    title: "Booking KX42",
    text: "Tessa Brandt, 4 May, 09:00",
    links: ["Change|/bookings/KX42/change", "Cancel|/bookings/KX42/cancel"],
  },
  "GET /bookings/KX42/cancel": {
    title: "Cancel booking KX42",
    forms: [{ button: "Yes, cancel the booking", sends: "POST /bookings/KX42/cancel", fields: "reason" }],
  },
  "POST /bookings/KX42/cancel": { title: "Booking KX42", text: "Cancelled." },
  "GET /bookings/KX42/change": {
    title: "Change booking KX42",
    forms: [
      {
        button: "Save the change",
        sends: "POST /bookings/KX42/change",
        fields: "day:date! time=09:00,11:30",
      },
    ],
  },
  "POST /bookings/KX42/change": { title: "Booking KX42", text: "Changed." },
};

const site = siteOf(MENU, PAGES);

const calls = (goal: string): string => runSiteSession(createPlanner(), goal, site).join("\n");

test.each([
  ["Lend the bench drill from 6 May to 8 May.", "Bring it back"],
  ["Borrow the bench drill from 6 May to 8 May.", "Bring it back"],
  ["Bring back the bench drill, it is broken.", "submit_form"],
  ["Keep the bench drill longer, until 9 May.", "submit_form"],
  ["Complain that the booking desk was closed on 4 May.", "submit_form"],
])(
  "a form that is of another thing, or takes nothing of what the goal gives, is not sent for a verb that it does not have: %s",
  (goal, not) => {
    const text = calls(goal);
    expect(text).not.toContain(not);
    expect(text).not.toContain("finish: Every part");
  },
);

test("what the goal names by common nouns is acted on where it is that thing", () => {
  expect(calls("Bring back the apple press, it is broken.")).toContain(
    '"Bring it back" {"state":"Broken"} -> 200',
  );
  expect(calls("Keep the apple press longer, until 9 May 2027.")).toContain(
    '"Save" {"until":"2027-05-09"} -> 200',
  );
});

test("a form that was refused is not done because another page was opened", () => {
  const text = calls("Lend the apple press from 6 May 2027 to 12 May 2027.");
  expect(text).toMatch(/finish: .*was refused: "At most three days\."/);
  expect(text).not.toContain("Every part");
});

test.each([
  [
    "Cancel booking KX42 of Tessa Brandt because the dog is ill.",
    '"Yes, cancel the booking" {"reason":"the dog is ill"} -> 200',
  ],
  [
    "Change the booking KX42 of Tessa Brandt to 5 May 2027 at 11:30.",
    '"Save the change" {"day":"2027-05-05","time":"11:30"} -> 200',
  ],
  ["Move booking KX42 (Tessa Brandt) to 5 May 2027.", '"Save the change" {"day":"2027-05-05"'],
])("what a form finds by its code and the name of its owner is acted on: %s", (goal, sent) => {
  const text = calls(goal);
  expect(text).toContain('"Find my booking" {"code":"KX42","name":"Tessa Brandt"}');
  expect(text).toContain(sent);
});

test("a time that is not offered is not replaced", () => {
  const text = calls("Change the booking KX42 of Tessa Brandt to 5 May 2027 at 10:15.");
  expect(text).toContain('finish: "10:15" is not offered: 09:00, 11:30.');
  expect(text).not.toContain("Save the change");
});

test("more of what was found is shown on its page", () => {
  expect(calls("Find the booking KX42 of Tessa Brandt and tell me its time.")).toMatch(
    /"Find my booking" .*\nfinish: Every part of the goal is done\.$/,
  );
});

test.each(["Log in and paint plot B1.", "Upgrade booking KX42 of Tessa Brandt to first class."])(
  "what nothing serves is named: %s",
  (goal) => {
    expect(calls(goal)).toMatch(/finish: Nothing here (?:serves|is called) "/);
  },
);

const ANIMALS: SiteAnswers = {
  "GET /": { title: "Animal hotel" },
  "GET /animals": {
    title: "My animals",
    links: ["Open|/animals/1|Rex, boxer", "Open|/animals/2|Mimi, cat"],
  },
  "GET /animals/1": {
    title: "Rex",
    text: "Boxer",
    links: ["Remove|/animals/1/remove"],
    forms: [{ button: "Resume the walks", sends: "POST /animals/1/walks" }],
  },
  "GET /animals/1/remove": {
    title: "Remove Rex?",
    forms: [{ button: "Remove Rex", sends: "POST /animals/1/remove" }],
  },
  "GET /stays": { title: "My stays", links: ["Mimi, 2 May to 5 May|/stays/7"] },
  "GET /stays/7": {
    title: "Stay of Mimi",
    links: ["Edit|/stays/7/edit", "Cancel this stay|/stays/7/cancel"],
  },
  "GET /stays/7/edit": {
    title: "Edit the stay of Mimi",
    forms: [{ button: "Save", sends: "POST /stays/7/edit", fields: "remarks" }],
  },
  "GET /stays/7/cancel": {
    title: "Cancel the stay of Mimi",
    forms: [{ button: "Cancel the stay", sends: "POST /stays/7/cancel", fields: "why" }],
  },
  "POST /stays/7/cancel": { title: "My stays", text: "Cancelled." },
  "GET /stays/new": {
    title: "Request a stay",
    forms: [
      { button: "Send request", sends: "POST /stays/new", fields: "animal!=Rex,Mimi from:date! to:date!" },
    ],
  },
  "POST /stays/new": { title: "Requested" },
  "GET /reports": { title: "Reports", links: ["Delta report|/reports/4|draft", "New report|/reports/new"] },
  "GET /reports/4": {
    title: "Delta report",
    forms: [{ button: "Publish", sends: "POST /reports/4/publish" }],
  },
  "POST /reports/4/publish": { title: "Delta report", status: 409, text: "It has no author." },
  "GET /reports/new": {
    title: "New report",
    forms: [{ button: "Create report", sends: "POST /reports/new", fields: "topic!" }],
  },
  "POST /reports/new": { title: "Created" },
};
const animalSite = siteOf(
  ["Animals|/animals", "Stays|/stays", "Request a stay|/stays/new", "Reports|/reports"],
  ANIMALS,
);
const animalCalls = (goal: string): string => runSiteSession(createPlanner(), goal, animalSite).join("\n");

test("the stay of a thing is cancelled, and not the thing itself", () => {
  expect(animalCalls("Cancel the stay of Mimi because I am ill.")).toContain(
    '"Cancel the stay" {"why":"I am ill"} -> 200',
  );
  const text = animalCalls("Cancel the stay of Rex.");
  expect(text).not.toContain("POST /animals");
  expect(text).not.toContain("Remove Rex");
});

test("a name that a choice does not offer is not replaced by another", () => {
  const text = animalCalls("Request a stay for Hasso from 4 June 2027 to 9 June 2027.");
  expect(text).toContain('finish: Nothing here takes "Hasso"; "animal" offers Rex, Mimi.');
  expect(text).not.toContain("submit_form");
});

test.each(["Pause the walks of Rex.", "Resume the meals of Rex, and tell the keeper that Rex is hungry."])(
  "no form with another verb, or that does not take what is to be said, is sent: %s",
  (goal) => {
    expect(animalCalls(goal)).not.toMatch(/submit_form|finish: Every/);
  },
);

test.each(["Publish the Delta report.", "Open the Delta report and publish it."])(
  "what is published is there, and nothing is made anew: %s",
  (goal) => {
    expect(animalCalls(goal)).not.toContain("Create report");
  },
);

const CLAIMS: SiteAnswers = {
  "GET /": { title: "Lost and found" },
  "GET /claims": {
    title: "Claims",
    links: ["Mara Lind|/claims/3|red rucksack", "Jo Weck|/claims/4|left glove"],
  },
  "GET /claims/3": {
    title: "Claim 3",
    text: "red rucksack, Mara Lind",
    forms: [{ button: "Withdraw claim", sends: "POST /claims/3/withdraw" }],
  },
  "GET /reports": {
    title: "Reports",
    links: ["clarinet|/reports/8|clarinet, found on line 4", "laptop|/reports/9|laptop, found on line 2"],
  },
  "GET /reports/8": {
    title: "clarinet",
    forms: [{ button: "Delete the report", sends: "POST /reports/8/delete" }],
  },
  "GET /reports/9": {
    title: "laptop",
    forms: [{ button: "Delete the report", sends: "POST /reports/9/delete" }],
  },
  "POST /reports/9/delete": { title: "Reports" },
  "GET /firings/new": {
    title: "Book a firing",
    forms: [
      {
        button: "Book",
        sends: "POST /firings/new",
        fields: "pieces:number! glaze=Celadon+green,Tenmoku+black,No+glaze",
      },
    ],
  },
  "POST /firings/new": { title: "Booked" },
  "GET /kilns": {
    title: "Firings",
    links: ["Bisque|/kilns/1|Bisque, 4 December", "Salt firing|/kilns/2|Salt firing, 9 December"],
  },
  "GET /kilns/1": { title: "Bisque (full)", text: "No places left." },
  "GET /kilns/2": { title: "Salt firing", links: ["Book places|/kilns/2/book"] },
  "GET /kilns/2/book": {
    title: "Book places in the salt firing",
    forms: [{ button: "Book", sends: "POST /kilns/2/book", fields: "pieces:number!" }],
  },
  "POST /kilns/2/book": { title: "Booked" },
};
const claimSite = siteOf(
  ["Claims|/claims", "Reports|/reports", "Kilns|/kilns", "Book a firing|/firings/new"],
  CLAIMS,
);
const claimCalls = (goal: string): string => runSiteSession(createPlanner(), goal, claimSite).join("\n");

test.each([
  "Withdraw the claim for the skateboard.",
  "Delete the report about the parrot.",
  "Delete the report of the violin.",
])("what is beside the thing tells which one is removed, and no other is: %s", (goal) => {
  expect(claimCalls(goal)).not.toMatch(/submit_form|finish: Every/);
});

test("what a place of a kind is called tells which one it is", () => {
  const text = claimCalls("Book 3 pieces in the bisque firing.");
  expect(text).not.toContain("POST /kilns/2/book");
  expect(text).not.toContain("finish: Every part of the goal is done.");
});

test("the report about what is there is removed", () => {
  expect(claimCalls("Delete the report about the laptop.")).toContain('"Delete the report" {} -> 200');
});

test.each([
  [
    "Book a firing for 2 pieces with the tenmoku glaze.",
    '"Book" {"pieces":2,"glaze":"Tenmoku black"} -> 200',
  ],
  ["Book a firing for 2 pieces without glaze.", '"Book" {"pieces":2,"glaze":"No glaze"} -> 200'],
  [
    "Book a firing for 2 pieces with the shino glaze.",
    'Nothing here takes "shino glaze"; "glaze" offers Celadon green, Tenmoku black, No glaze.',
  ],
])("an option is what the goal says, and for nothing only where it wants nothing: %s", (goal, said) => {
  expect(claimCalls(goal)).toContain(said);
});

test.each(["Add a lathe called Big Bertha.", "Add a kiln named Etna.", "Create a dog called Rex."])(
  "the name of a thing is sent as no message where nothing makes such a thing: %s",
  (goal) => {
    const pages = siteOf(MENU, {
      ...PAGES,
      "GET /contact": {
        title: "Write to us",
        forms: [{ button: "Send", sends: "POST /contact", fields: "text!:textarea" }],
      },
      "POST /contact": { title: "Thank you" },
    });
    expect(
      runSiteSession(createPlanner(), goal, pages).filter((call) => call.includes("submit_form")),
    ).toEqual([]);
  },
);

test("a form for another field is not sent as it is for a verb that is only akin, and a synonym alone is a guess", () => {
  const rack = siteOf(["Casks|/casks"], {
    "GET /": { title: "Cellar" },
    "GET /casks": { title: "Casks", links: ["Cask C-7|/casks/C-7|Cask C-7, rack 2"] },
    "GET /casks/C-7": {
      title: "Cask C-7",
      links: ["Release|/casks/C-7/release"],
      forms: [{ button: "Move", sends: "POST /casks/C-7/move", fields: "rack=1,2,3" }],
    },
    "POST /casks/C-7/move": { title: "Cask C-7", text: "Moved." },
    "GET /casks/C-7/release": {
      title: "Release C-7?",
      forms: [{ button: "Yes, release it", sends: "POST /casks/C-7/release" }],
    },
    "POST /casks/C-7/release": { title: "Cask C-7", text: "Released." },
  });
  const run = (goal: string): string => runSiteSession(createPlanner(), goal, rack).join("\n");
  expect(run("Rotate cask C-7.")).not.toContain("submit_form");
  expect(run("Move cask C-7 to rack 3.")).toContain('"Move" {"rack":"3"} -> 200');
  expect(run("Publish cask C-7.")).toContain('guessed: "Publish cask C-7"');
  expect(run("Release cask C-7.")).toContain("finish: Every part");
});
