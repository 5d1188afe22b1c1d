import type { Json } from "@ape/core/lib/json";
import { renderApi } from "@ape/core/protocol/api";
import { renderView } from "@ape/core/protocol/view";
import { expect, test } from "vitest";
import { createPlanner } from "../planner.ts";
import { doneText } from "../planning-context.ts";

const system = renderApi({
  target: "app",
  kind: "web",
  title: "app",
  documented: false,
  auth: [],
  operations: [],
});
const tool = (name: string) => ({
  type: "function" as const,
  function: { name, description: "", parameters: {} },
});
const tools = ["http_get", "submit_form", "finish"].map(tool);

/** What the planner does about a goal after these calls; a page is the answer of a call. */
function next(
  goal: string,
  calls: { call: string; status?: number; page?: Json; note?: string }[],
): [name: string, args: Record<string, Json>] {
  const trail = calls.map(({ call, status = 200, note }, index) => ({
    step: index + 1,
    target: "app",
    call,
    status,
    ...(note === undefined ? {} : { note }),
  }));
  const results = trail
    .map((one, index) => ({ ...one, body: JSON.stringify(calls[index]?.page ?? null) }))
    .slice(-3);
  const view = {
    goal,
    facts: [
      { name: "user", value: "ann", origin: "data" },
      { name: "password", value: "{{password}}", origin: "data" },
    ],
    trail,
    dropped: 0,
    results,
  };
  const answer = createPlanner().plan({
    model: "m",
    messages: [
      { role: "system", content: system },
      { role: "user", content: renderView(view) },
    ],
    tools,
    seed: 1,
  } as unknown as Parameters<ReturnType<typeof createPlanner>["plan"]>[0]);
  const [call] = answer.toolCalls;
  return [call?.name ?? "", JSON.parse(call?.arguments ?? "{}") as Record<string, Json>];
}
const page = (links: Json[], forms: Json[] = []): Json => ({ title: "", path: "/", text: "", links, forms });
const LOGIN: Json = {
  form: "2",
  label: "Enter",
  sends: "POST /in",
  fields: [
    { name: "u", type: "text", label: "User", required: true },
    { name: "p", type: "password", label: "Password", required: true },
    { name: "keep", type: "checkbox", label: "Keep me", options: ["on"] },
  ],
};

test("it begins with the first page, and follows the link that says what the goal says", () => {
  expect(next("Log in, then log out.", [])).toEqual(["http_get", { api_name: "app", path: "/" }]);
  const home = page([
    { text: "News", path: "/n" },
    { text: "Sign out", path: "/o" },
    { text: "Sign in", path: "/i" },
  ]);
  expect(next("Log in, then log out.", [{ call: "GET /", page: home }])[1]).toMatchObject({ path: "/i" });
});

test("a login form is known by its secret, and filled from the data row", () => {
  expect(next("Log in, then log out.", [{ call: 'GET /i "Sign in"', page: page([], [LOGIN]) }])).toEqual([
    "submit_form",
    { api_name: "app", form: "2", fields: { u: "ann", p: "{{password}}" } },
  ]);
});

test("among things on a page only those within the bounds that can be had are taken", () => {
  const put = (form: string, near: string) => ({
    form,
    label: "Add to bag",
    sends: "POST /b",
    near,
    fields: [],
  });
  const list = page(
    [],
    [
      put("1", "Lamp $80.00"),
      put("2", "Chair $20.00 sold out"),
      put("3", "Rug $49.99"),
      put("4", "Bed $1,049"),
    ],
  );
  expect(
    next("Find a thing under $50, add it to the bag.", [{ call: 'GET /t "Things"', page: list }])[1],
  ).toMatchObject({ form: "3" });
  const none = page([{ text: "Next", path: "/t?p=2" }], [put("1", "Lamp $80.00")]);
  expect(
    next("Find a thing under $50, add it to the bag.", [{ call: 'GET /t "Things"', page: none }])[1],
  ).toMatchObject({ path: "/t?p=2" });
});

test("a search form takes the goal's words, required fields something plausible, and what is filled is left alone", () => {
  const search: Json = {
    form: "1",
    label: "Search",
    sends: "GET /s",
    fields: [
      { name: "q", type: "text", label: "Search words" },
      { name: "max", type: "number", label: "Highest price" },
      { name: "sort", type: "select", label: "Order", options: ["up", "down"], value: "up" },
    ],
  };
  expect(next('Search for "blue lamp" under $30.', [{ call: "GET /", page: page([], [search]) }])[1]).toEqual(
    {
      api_name: "app",
      form: "1",
      fields: { q: "blue lamp", max: 30 },
    },
  );
  const order: Json = {
    form: "till",
    label: "Submit",
    sends: "POST /x",
    fields: [
      { name: "terms", type: "checkbox", label: "I agree", required: true, options: ["1"] },
      {
        name: "land",
        type: "select",
        label: "Country",
        required: true,
        options: [
          { value: "", label: "Choose" },
          { value: "n", label: "Norway" },
        ],
      },
      { name: "gift", type: "checkbox", label: "Gift", options: ["1"] },
    ],
  };
  expect(next("Check out.", [{ call: 'GET /c "Check out"', page: page([], [order]) }])[1]).toEqual({
    api_name: "app",
    form: "till",
    fields: { terms: true, land: "Norway" },
  });
});

test("a busy server is asked again, a broken one not for ever", () => {
  const call = 'submit_form 2 "Enter" {"u":"ann"}';
  const busy = (times: number, status: number) => [
    { call: 'GET /i "Sign in"', page: page([], [LOGIN]) },
    ...Array.from({ length: times }, () => ({ call, status })),
  ];
  expect(next("Log in.", busy(1, 503))).toEqual([
    "submit_form",
    { api_name: "app", form: "2", fields: { u: "ann" } },
  ]);
  expect(next("Log in.", busy(8, 503))[0]).toBe("finish");
  expect(next("Log in.", busy(4, 500))[0]).toBe("finish");
});

test("when all is done, or nothing is left to try, it finishes", () => {
  const home = page([{ text: "Home", path: "/" }]);
  expect(next("Log out.", [{ call: 'GET /o "Log out"', page: home }])[0]).toBe("finish");
  expect(next("Buy a boat.", [{ call: "GET /", page: home }])[0]).toBe("finish");
});

test("a session that has ended on the way is begun again, and what was not done is done then", () => {
  const goal = "Log in, find a thing, add it to the bag, log out.";
  const login = 'submit_form 2 "Enter" {"u":"ann","p":"{{password}}"}';
  const item = page([], [{ form: "1", label: "Add to bag", sends: "POST /b", fields: [] }]);
  const before = [
    { call: login },
    { call: 'GET /t "Things"' },
    { call: 'submit_form 1 "Add to bag" {}', page: page([], [LOGIN]) },
  ];
  expect(next(goal, before)[1]).toMatchObject({ form: "2", fields: { p: "{{password}}" } });
  expect(next(goal, [...before, { call: login, page: item }])[1]).toMatchObject({ form: "1" });
});

const SAVE: Json = {
  form: "g",
  label: "Save",
  sends: "POST /group/add",
  fields: [{ name: "name", type: "text", label: "Name", required: true }],
};
const add = 'submit_form g "Save" {"name":"Night crew"}';

test("of links that say the same, the one beside what is meant is taken, and the form it leads to before any other link", () => {
  const links = [
    { text: "Add", path: "/user/add", near: "Users Add" },
    { text: "Add", path: "/group/add", near: "Groups Add" },
  ];
  const goal = 'Log in, add a group called "Night crew", log out.';
  const login = 'submit_form 2 "Enter" {"u":"ann","p":"{{password}}"}';
  expect(next(goal, [{ call: login, page: page(links) }])[1]).toMatchObject({ path: "/group/add" });
  expect(next(goal, [{ call: login }, { call: 'GET /group/add "Add"', page: page(links, [SAVE]) }])).toEqual([
    "submit_form",
    { api_name: "app", form: "g", fields: { name: "Night crew" } },
  ]);
});

test("what the session has made is what it goes on with, up to the confirmation of its end", () => {
  const goal = 'Add a group called "Night crew", look at the group, delete it.';
  const list = page([
    { text: "Groups", path: "/group" },
    { text: "Day crew", path: "/group/1" },
    { text: "Night crew", path: "/group/2" },
  ]);
  const begun = [{ call: 'GET /group/add "Add"' }, { call: add, page: list }];
  expect(next(goal, begun)[1]).toMatchObject({ path: "/group/2" });
  const own = page([{ text: "Delete", path: "/group/2/end" }], [{ ...(SAVE as object), form: "g" }]);
  const looked = [...begun, { call: 'GET /group/2 "Night crew"', page: own }];
  expect(next(goal, looked)[1]).toMatchObject({ path: "/group/2/end" });
  const sure = page([], [{ form: "1", label: "Yes, I\u2019m sure", sends: "POST /group/2/end", fields: [] }]);
  const asked = [...looked, { call: 'GET /group/2/end "Delete"', page: sure }];
  expect(next(goal, asked)).toEqual(["submit_form", { api_name: "app", form: "1", fields: {} }]);
  expect(next(goal, [...asked, { call: 'submit_form 1 "Yes, I\u2019m sure" {}', page: list }])[0]).toBe(
    "finish",
  );
});

test.each([200, 422])(
  "a form that comes back with %s and a complaint is filled in anew, not for ever",
  (status) => {
    const goal = 'Add a group called "Night crew", log out.';
    const back = page(
      [{ text: "Log out", path: "/out" }],
      [
        {
          ...(SAVE as object),
          fields: [
            { name: "name", type: "text", label: "Name", value: "Night crew", error: "Already exists." },
          ],
        },
      ],
    );
    const link = { call: 'GET /group/add "Add"' };
    const once = [link, { call: add, status, page: back }];
    const [tool, args] = next(goal, once);
    expect(tool).toBe("submit_form");
    expect(args.fields).toEqual({ name: expect.stringMatching(/^Night crew [0-9a-f]{6}$/) });
    const again = { call: `submit_form g "Save" ${JSON.stringify(args.fields)}`, status, page: back };
    expect(next(goal, [...once, again, again, again])[0]).toBe("finish");
    const taken = { ...again, status: 200, page: page([{ text: "Log out", path: "/out" }]) };
    expect(next(goal, [...once, taken])).toEqual(["http_get", { api_name: "app", path: "/out" }]);
  },
);

test("a password that is asked for twice is given twice", () => {
  const fields = ["p1", "p2"].map((name) => ({ name, type: "password", label: "Password", required: true }));
  const form = { form: "r", label: "Register", sends: "POST /r", fields };
  expect(next("Register.", [{ call: 'GET /r "Register"', page: page([], [form]) }])[1]).toMatchObject({
    fields: { p1: "{{password}}", p2: "{{password}}" },
  });
});

const LANGUAGE: Json = {
  form: "lang",
  label: "Go",
  sends: "POST /lang",
  fields: [{ name: "language", type: "select", label: "Language", options: ["en", "de"], value: "en" }],
};
const BUY = "Buy the lamp.";

test("a form that all pages have is not what a link has led to", () => {
  const home = page([{ text: "New topic", path: "/t/new" }], [LANGUAGE]);
  const topic: Json = {
    form: "1",
    label: "Submit",
    sends: "POST /t/new",
    fields: [{ name: "title", type: "text", label: "Title", required: true }],
  };
  const calls = [{ call: "GET /", page: home }];
  expect(next("Open a new topic.", calls)[1]).toMatchObject({ path: "/t/new" });
  const led = { call: 'GET /t/new "New topic"', page: page([], [LANGUAGE, topic]) };
  expect(next("Open a new topic.", [...calls, led])[1]).toMatchObject({ form: "1" });
});

test("a checkout of several pages is followed to the form that the goal names", () => {
  const basket = page([{ text: "Buy now", path: "/checkout" }], [LANGUAGE]);
  const address: Json = {
    form: "address",
    label: "Continue",
    sends: "POST /checkout",
    fields: [{ name: "street", type: "text", label: "Street", required: true }],
  };
  const calls: { call: string; page?: Json }[] = [
    { call: "GET /", page: page([{ text: "Basket", path: "/basket" }], [LANGUAGE]) },
    { call: 'GET /basket "Basket"', page: basket },
    { call: 'GET /checkout "Buy now"', page: page([], [LANGUAGE, address]) },
  ];
  expect(next(BUY, calls)[1]).toMatchObject({ form: "address" });
  calls.push({
    call: 'submit_form address "Continue" {"street":"Mill Lane"}',
    page: page([{ text: "Continue", path: "/preview" }], [LANGUAGE]),
  });
  expect(next(BUY, calls)[1]).toMatchObject({ path: "/preview" });
  const order: Json = { form: "order", label: "Buy", sends: "POST /preview", fields: [] };
  calls.push({ call: 'GET /preview "Continue"', page: page([], [LANGUAGE, order]) });
  expect(next(BUY, calls)[1]).toMatchObject({ form: "order" });
  calls.push({
    call: 'submit_form order "Buy" {}',
    page: page([{ text: "Continue shopping", path: "/" }], [LANGUAGE]),
  });
  expect(next(BUY, calls)[0]).toBe("finish");
});

test("forms whose buttons lead on are sent up to the last one", () => {
  const step = (form: string, label: string): Json => ({
    form,
    label,
    sends: `POST /parcel/${form}`,
    fields: [{ name: form, type: "text", label: form, required: true }],
  });
  const goal = "Send a parcel.";
  const calls: { call: string; page?: Json }[] = [
    { call: "GET /", page: page([{ text: "Send a parcel", path: "/parcel" }]) },
    { call: 'GET /parcel "Send a parcel"', page: page([], [step("address", "Next")]) },
  ];
  for (const [sent, label, form, button] of [
    ["address", "Next", "payment", "Weiter"],
    ["payment", "Weiter", "confirm", "Go"],
  ] as const) {
    calls.push({
      call: `submit_form ${sent} "${label}" {"${sent}":"x"}`,
      page: page([], [step(form, button)]),
    });
    expect(next(goal, calls)[1]).toMatchObject({ form });
  }
  calls.push({ call: 'submit_form confirm "Go" {"confirm":"x"}', page: page([]) });
  expect(next(goal, calls)[0]).toBe("finish");
});

test("a voucher's form beside what was added is not sent for it", () => {
  const list = page([], [{ form: "1", label: "Add to basket", sends: "POST /b", fields: [] }]);
  const voucher: Json = {
    form: "voucher",
    label: "Add voucher",
    sends: "POST /v",
    fields: [{ name: "code", type: "text", label: "Code", required: true }],
  };
  const calls = [
    { call: 'GET /l "Lamps"', page: list },
    { call: 'submit_form 1 "Add to basket" {}', page: page([], [voucher]) },
  ];
  expect(next("Add a lamp to the basket.", calls)[0]).toBe("finish");
});

test("a password that is chosen is the same in the field that repeats it", () => {
  const account: Json = {
    form: "1",
    label: "Create account",
    sends: "POST /register",
    fields: ["p", "q"].map((name) => ({ name, type: "password", label: "Choose it", required: true })),
  };
  const home = page([{ text: "Register", path: "/register" }]);
  const [, { fields }] = next("Create an account.", [
    { call: "GET /", page: home },
    { call: 'GET /register "Register"', page: page([], [account]) },
  ]);
  const { p, q } = fields as { p: Json; q: Json };
  expect(p).toBeDefined();
  expect(q).toBe(p);
});

test("a review is written by the link that says so, not by the form of the thing; then what was there before is no next step", () => {
  const goal = 'Find a book and write a review of it with the title "Good".';
  const list = page([
    { text: "Book", path: "/books", near: "Kinds of things in the shop" },
    { text: "Rivers", path: "/books/1", near: "Rivers, a book in stock" },
    { text: "Hills", path: "/books/2", near: "Hills, a book in stock" },
  ]);
  const wish: Json = { form: "wish", label: "Add to wish list", sends: "POST /wish", fields: [] };
  const cart: Json = { form: "cart", label: "Put into basket", sends: "POST /cart", fields: [] };
  const item = page([{ text: "Write a review", path: "/books/1/review" }], [cart, wish]);
  const review: Json = {
    form: "review",
    label: "Save review",
    sends: "POST /books/1/review",
    fields: [{ name: "title", type: "text", label: "Title", required: true }],
  };
  const calls: { call: string; page?: Json }[] = [
    { call: "GET /", page: page([{ text: "Books", path: "/all" }]) },
    { call: 'GET /books "Book"', page: list },
    { call: 'GET /books/1 "Rivers"', page: item },
  ];
  expect(next(goal, calls)[1]).toMatchObject({ path: "/books/1/review" });
  calls.push({ call: 'GET /books/1/review "Write a review"', page: page([], [review]) });
  expect(next(goal, calls)[1]).toMatchObject({ form: "review", fields: { title: "Good" } });
  calls.push({ call: 'submit_form review "Save review" {"title":"Good"}', page: item });
  expect(next(goal, calls)[0]).toBe("finish");
});

const button = (form: string, label: string) => ({ form, label, sends: `POST /do/${form}`, fields: [] });

test("the only thing that can be done with what was looked for is done, whatever its button says", () => {
  const list = page([{ text: "Saw", path: "/t/1", near: "Saw $20.00 at hand" }]);
  const item = page([{ text: "All things", path: "/t" }], [button("1", "Make loan")]);
  const calls = [
    { call: "GET /" },
    { call: 'GET /t "Things"', page: list },
    { call: 'GET /t/1 "Saw"', page: item },
  ];
  expect(next("Look for a gadget under $30 and borrow it.", calls)[1]).toMatchObject({ form: "1" });
});

test("a button that the goal asks for later is not pressed on the way", () => {
  const item = page([{ text: "All things", path: "/t" }], [button("1", "Book a slot with")]);
  const made = page(
    [],
    [
      {
        form: "2",
        label: "Add remark",
        sends: "POST /do/2",
        fields: [{ name: "text", type: "textarea", label: "Remark", required: true }],
      },
      button("3", "Confirm"),
    ],
  );
  const calls = [
    { call: "GET /" },
    { call: 'GET /t/1 "Ann"', page: item },
    { call: 'submit_form 1 "Book a slot with" {}', page: made },
  ];
  const goal = 'Schedule a visit with a vet, add the comment "Hello" to the visit, then confirm it.';
  expect(next(goal, calls)[1]).toMatchObject({ form: "2", fields: { text: "Hello" } });
});

const ask = (form: string, label: string, ...names: string[]): Json => ({
  form,
  label,
  sends: `POST /step/${form}`,
  fields: names.map((name) => ({ name, type: "text", label: name, required: true })),
});
const NAVIGATION: Json[] = [
  { text: "Home", path: "/" },
  { text: "Request a visa", path: "/step/person" },
  { text: "My visas", path: "/mine" },
];
const titled = (title: string, ...forms: Json[]): Json => ({
  title,
  path: "/",
  text: title,
  links: NAVIGATION,
  forms,
});

test("forms in a row are sent to the end although the link that begins them is on every page", () => {
  const goal = "Request a visa, then withdraw it.";
  const calls: { call: string; page?: Json }[] = [
    { call: "GET /", page: titled("Visas") },
    { call: 'GET /step/person "Request a visa"', page: titled("Person", ask("person", "Next", "name")) },
  ];
  expect(next(goal, calls)[1]).toMatchObject({ form: "person" });
  calls.push({
    call: 'submit_form person "Next" of "Person" {"name":"x"}',
    page: titled("Journey", ask("journey", "Next", "purpose")),
  });
  expect(next(goal, calls)[1]).toMatchObject({ form: "journey" });
  calls.push({
    call: 'submit_form journey "Next" of "Journey" {"purpose":"x"}',
    page: titled("Summary", ask("all", "Finish")),
  });
  expect(next(goal, calls)[1]).toMatchObject({ form: "all" });
  calls.push({ call: 'submit_form all "Finish" {}', page: titled("Thank you") });
  // What was done is not begun again for the next part.
  expect(next(goal, calls)[1]).toMatchObject({ path: "/mine" });
});

test.each([
  ["File a claim for a broken window.", "Report a claim"],
  ["Report a claim for a broken window.", "Claims"],
  ["Request a new plot.", "Request a plot"],
])("%s: a form whose button says nothing is sent where the page %j has it", (goal, title) => {
  const first = titled(title, ask("one", "Continue", "name"));
  const calls: { call: string; page?: Json }[] = [{ call: "GET /", page: first }];
  expect(next(goal, calls)[1]).toMatchObject({ form: "one" });
  calls.push({
    call: `submit_form one "Continue" of "${title}" {"name":"x"}`,
    page: titled("Details", ask("one", "Continue", "text")),
  });
  expect(next(goal, calls)[1]).toMatchObject({ form: "one", fields: { text: expect.any(String) } });
});

test("a form of another matter is not sent for the goal", () => {
  const calls = [{ call: "GET /", page: titled("Newsletter", ask("news", "Submit", "mail")) }];
  expect(next("Withdraw the application.", calls)[1]).not.toMatchObject({ form: "news" });
});

test.each([
  ["Open the request and reject it.", "Reject"],
  ["Open the request and approve it.", undefined],
])("%s: the button of several that says so is pressed", (goal, submit) => {
  const decision: Json = {
    form: "1",
    label: "Approve",
    buttons: ["Approve", "Back", "Reject"],
    sends: "POST /d",
    fields: [],
  };
  const list = page([{ text: "Request 7", path: "/r/7", near: "Request 7, open, of Ann" }]);
  const calls = [
    { call: "GET /", page: list },
    { call: 'GET /r/7 "Request 7"', page: page([], [decision]) },
  ];
  expect(next(goal, calls)[1]).toEqual({ api_name: "app", form: "1", fields: {}, ...(submit && { submit }) });
});

test("a button that only goes elsewhere after the deed is not pressed", () => {
  const group: Json = {
    form: "1",
    label: "Save",
    buttons: ["Save", "Save and add another", "Save and continue editing"],
    sends: "POST /group/add",
    fields: [{ name: "name", type: "text", label: "Name", required: true }],
  };
  const calls = [
    { call: "GET /", page: page([{ text: "Add group", path: "/group/add" }]) },
    { call: 'GET /group/add "Add group"', page: page([], [group]) },
  ];
  expect(next("Add a group.", calls)[1]).not.toHaveProperty("submit");
});

test("a form that came back is filled in where it was empty, choices included", () => {
  const form = (value?: string): Json => ({
    form: "1",
    label: "Next",
    sends: "POST /v",
    fields: [
      { name: "plate", type: "text", label: "Plate", required: true, ...(value && { value }) },
      {
        name: "zone",
        type: "select",
        label: "Zone",
        value: "",
        options: [{ value: "", label: "choose" }, "old"],
      },
    ],
  });
  const calls = [
    { call: "GET /", page: titled("Visas") },
    { call: 'GET /v "Request a visa"', page: titled("Vehicle", form()) },
    {
      call: 'submit_form 1 "Next" of "Vehicle" {"plate":"AB 1"}',
      page: titled("Vehicle", form("AB 1")),
      note: "the form came back with the values that were sent, and nothing shows that it was taken",
    },
  ];
  expect(next("Request a visa.", calls)[1]).toMatchObject({ form: "1", fields: { zone: "old" } });
});

test.each([
  ["Request a visa from Lima to Oslo.", '{"from":"Lima","to":"Lima"}', '; not understood: "to Oslo"'],
  ["Request a visa from Lima to Oslo.", '{"from":"Lima","to":"Oslo"}', ""],
  ['Request a visa with the remark "Urgent".', '{"name":"x"}', '; not understood: "Urgent"'],
  ["Request a visa for 3 people.", '{"name":"x","people":"3"}', ""],
  ["Request a visa for 3 people.", '{"name":"x"}', '; not understood: "3"'],
  ["Request the Blue visa.", '{"name":"x"}', '; not understood: "Blue"'],
  ["Request the Blue visa.", '{"name":"x","class":"Blue"}', ""],
])("%s of which %s was sent: what no form had is named at the end", (goal, fields, named) => {
  const calls = [
    { call: "GET /", page: titled("Visas") },
    { call: 'GET /step/person "Request a visa"', page: titled("Person", ask("person", "Send", "name")) },
    { call: `submit_form person "Send" of "Person" ${fields}`, page: titled("Thank you") },
  ];
  expect(next(goal, calls)).toEqual(["finish", { reason: doneText(named) }]);
});
