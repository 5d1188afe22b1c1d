import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiField } from "../../test/api-field.ts";
import { bodyField } from "../../test/body-field.ts";
import { firstClause } from "../../test/first-clause.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { stem } from "../words/words.ts";
import { choiceConstraints } from "./choice-constraints.ts";
import { clausesOf } from "./clause.ts";
import { isStatedByName, nounNamedBy } from "./stated-values.ts";

const field = (name: string, more: Partial<ApiField> = {}): ApiField =>
  apiField("body", name, { required: true, ...more });

/** What the only clause of a goal gives to the fields of an operation. */
function stated(
  goal: string,
  fields: ApiField[],
  facts: Record<string, string> = {},
): Record<string, unknown> {
  const catalog = new OperationCatalog([
    {
      target: "app",
      title: "",
      documented: true,
      auth: [],
      operations: [{ method: "POST", path: "/things", summary: "Do it", secured: false, fields }],
    },
  ]);
  const [operation] = catalog.operations;
  const [clause] = clausesOf(goal, new Set());
  if (operation === undefined || clause === undefined) throw new Error("there is no operation or no clause");
  const bindings = new Map(
    operation.inputs
      .filter(({ name }) => name in facts)
      .map((input) => [input, { kind: "fact", name: facts[input.name] ?? "" }]),
  );
  const values = choiceConstraints({ operation, clause, bindings }, []);
  return Object.fromEntries([...values].map(([{ name }, value]) => [name, value]));
}

const PATH = field("path", { description: "Path of the file" });
const CONTENT = field("content", { description: "What to write" });

test("quoted texts go where their form fits, whatever their order", () => {
  expect(stated('Write "hello" into "/tmp/a.txt"', [PATH, CONTENT])).toEqual({
    path: "/tmp/a.txt",
    content: "hello",
  });
  expect(stated('Into "/tmp/a.txt" write "hello"', [PATH, CONTENT])).toEqual({
    path: "/tmp/a.txt",
    content: "hello",
  });
  expect(stated('Write "hello" into "/tmp/{{file}}.txt"', [PATH, CONTENT])).toEqual({
    path: "/tmp/{{file}}.txt",
    content: "hello",
  });
  expect(
    stated('Add "https://shop.example/x" and "Ada"', [
      field("author"),
      field("link", { description: "URL of it" }),
    ]),
  ).toEqual({ author: "Ada", link: "https://shop.example/x" });
});

test("the words before a quoted text name its field, in lists and objects too", () => {
  const fields = [field("entities[].observations", { type: "string[]" }), field("entities[].entityType")];
  expect(
    stated('Create an entity with the entity type "person" and the observation "likes tea"', fields),
  ).toEqual({
    "entities[].entityType": "person",
    "entities[].observations": ["likes tea"],
  });
});

test("from and to tell two places apart", () => {
  const places = [field("source", { description: "Path" }), field("destination", { description: "Path" })];
  expect(stated('Move it to "/new.txt" from "/old.txt"', places)).toEqual({
    source: "/old.txt",
    destination: "/new.txt",
  });
});

test("without words or forms, texts go to the fields in their order", () => {
  expect(stated('Send "one" and "two"', [field("alpha"), field("beta")])).toEqual({
    alpha: "one",
    beta: "two",
  });
});

test("a placeholder whose column another field has already is not given twice", () => {
  expect(
    stated('Create it with "{{name}}" and "tea"', [field("name"), field("drink")], { name: "name" }),
  ).toEqual({
    drink: "tea",
  });
});

test("values without quotation marks stand right behind their field's name", () => {
  const fields = [field("card"), field("label"), field("list")];
  expect(stated("Move the card Alpha with the label red to the list Done", fields)).toEqual({
    card: "Alpha",
    label: "red",
    list: "Done",
  });
  expect(stated("Move the card Alpha Two to the list Done", fields)).toEqual({
    card: "Alpha Two",
    list: "Done",
  });
  expect(stated("Create it with label = red and column = Done", [field("label"), field("column")])).toEqual({
    label: "red",
    column: "Done",
  });
  expect(stated("Create it with the größe mittel", [field("größe")])).toEqual({ größe: "mittel" });
});

test("words that are no values, and optional fields, are given nothing", () => {
  expect(stated("Look at the label of the card", [field("label")])).toEqual({});
  expect(stated("Show the label again", [field("label", { required: false })])).toEqual({});
  expect(stated("Make something", [field("数量"), field("標題名")])).toEqual({});
});

const NUMBER = { type: "integer" };

test("numbers stand behind their field's name, or come in order if there are as many as fields", () => {
  const sum = [field("a", NUMBER), field("b", NUMBER)];
  expect(stated("Get the sum of b = 25 and a = 17", sum)).toEqual({ a: 17, b: 25 });
  expect(stated("Get the sum of 17 and 25", sum)).toEqual({ a: 17, b: 25 });
  expect(stated("Get the sum of 17", sum)).toEqual({});
});

test("the name of a field in another script takes no number that stands elsewhere", () => {
  expect(stated("Make 3 of 5 and 7", [field("数量", NUMBER)])).toEqual({});
  expect(stated("Make it with 数量 = 7", [field("数量", NUMBER)])).toEqual({ 数量: 7 });
});

test.each([
  ["Log an outlay of 42.50 EUR", ["amount:number", "currency"], { amount: 42.5, currency: "EUR" }],
  ["Add a fee of $9.99", ["priceCents:integer", "unit"], { priceCents: 999 }],
  ["Create a trip called Road Trip with 4 seats", ["name", "seats:integer"], { name: "Road Trip", seats: 4 }],
  ["Add a task titled Buy milk with priority high", ["title", "note"], { title: "Buy milk" }],
  [
    "Book a flight from Oslo to New York",
    ["origin", "destination"],
    { origin: "Oslo", destination: "New York" },
  ],
  [
    "Book a room for Anna Berg for 3 nights",
    ["guestName", "nights:integer"],
    { guestName: "Anna Berg", nights: 3 },
  ],
  ["Book a slot at 14:30 on 3 May 2031", ["startsAt", "day::date"], { startsAt: "14:30", day: "2031-05-03" }],
  [
    "Plan a visit from 2031-05-03 until 2031-05-09",
    ["end::date", "start::date"],
    { start: "2031-05-03", end: "2031-05-09" },
  ],
  // The unit of a field is no part of what it is called, and what it measures may stand behind it.
  [
    "Set the sampling rate of the gas sensor on Askell to 4",
    ["samplingHz:number", "gain:number"],
    { samplingHz: 4 },
  ],
  [
    "Set the sampling of it to 4 and the gain to 2",
    ["samplingHz:number", "gain:number"],
    { samplingHz: 4, gain: 2 },
  ],
  [
    "Set the temperature of the tank on Askell to 4",
    ["gain:number", "temperatureC:number"],
    { temperatureC: 4 },
  ],
  ["Set the flow level of the tank on Askell to 4", ["gain:number", "flow:number"], {}],
  // The quoted text is of the field that is named last.
  [
    'Change the email of Ann Lee to ann@b.example and her team to "Blue"',
    ["email", "team"],
    { email: "ann@b.example", team: "Blue" },
  ],
  ["Assign it to Maria", ["note", "assignee"], { assignee: "Maria" }],
  ["Rename it to Spring cleaning", ["note", "title"], { title: "Spring cleaning" }],
  ["Rate it 4", ["comment", "rating:integer", "year:integer"], { rating: 4 }],
  ["Reschedule it for 2031-05-03", ["note", "scheduledFor::date"], { scheduledFor: "2031-05-03" }],
])("%s: values without quotation marks go into the fields %j", (goal, fields, expected) => {
  const inputs = fields.map((text) => {
    const [name = "", type = "", format] = text.split(":");
    return field(name, { type: type === "" ? "string" : type, ...(format === undefined ? {} : { format }) });
  });
  expect(stated(goal, inputs)).toEqual(expected);
});

test.each<[goal: string, name: string, value: string | undefined]>([
  ["Register a car with the plate ZH 4711", "plate", "ZH 4711"],
  ["Register a car with the plate ZH 4711 for 3 days", "plate", "ZH 4711"],
  ["Take the room Alpha 2 days", "room", "Alpha"],
  [
    "Sign up with the comment I will be late for the first song",
    "comment",
    "I will be late for the first song",
  ],
  ["Open an order with the title Replace yaw motor for the mill", "title", "Replace yaw motor"],
  ["Send it with the note Urgent", "note", "Urgent"],
  ["Move it to the shelf Upper left", "shelf", "Upper"],
  ["Write a comment on it", "comment", undefined],
])("a value without quotation marks is whole: %s", (goal, name, value) => {
  expect(stated(goal, [field(name, { required: false })])[name]).toBe(value);
});

test.each<[goal: string, name: string, stated: boolean]>([
  ['Pay it with the method "card"', "method", true],
  ['Pay it with the payment method "card"', "paymentMethod", true],
  ['Pay it with the method of "card"', "method", false],
  ['Pay it with "card"', "method", false],
  ['Pay it, method: "card"', "method", true],
  ['Pay it with the submethod "card"', "method", false],
  ['Pay the bill "B7" with the method "card"', "method", true],
  ['Pay the id "B7"', "id", false],
  ["Pay it with the method card", "method", false],
])("%s states %s by its name: %j", (goal, name, stated) => {
  expect(isStatedByName(bodyField(name), firstClause(goal))).toBe(stated);
});

test.each<[label: string, noun: string | undefined]>([
  ["for the customer called ", "custom"],
  ["for an old good customer, named", "custom"],
  ["for a very old good customer, named", undefined],
  ["to my friend entitled: ", "friend"],
  ["by an author called", "author"],
  ["from a port called", "port"],
  ["at a place called", "place"],
  ["in a city called", "citi"],
  ["of a kind called", "kind"],
  ["under a head called", "head"],
  ["a note called", undefined],
  ["for the boat called", undefined],
  ["for the customer", undefined],
])("what is called so in %j is a %s", (label, noun) => {
  expect(
    nounNamedBy(label, { object: { nouns: new Map([["boat", 1]]), plain: new Set(), refers: false } }),
  ).toBe(noun);
});

test.each("for to with by from at in of under".split(" "))(
  "what is called so behind %s is another thing",
  (word) => {
    const clause = firstClause("Add a boat");
    expect(nounNamedBy(`Add a boat ${word} the customer called `, clause)).toBe(stem("customer"));
    expect(nounNamedBy(`Add a boat ${word} customer named: `, clause)).toBe(stem("customer"));
    expect(nounNamedBy(`Add a boat ${word} a very old customer, titled `, clause)).toBe(stem("customer"));
    expect(nounNamedBy(`Add a boat ${word} a boat entitled `, clause)).toBeUndefined();
    expect(nounNamedBy(`Add a boat ${word} one two three four customer called`, clause)).toBeUndefined();
    expect(nounNamedBy(`Add a boat ${word} the customer known as `, clause)).toBeUndefined();
    expect(nounNamedBy(`Add a boat x${word} the customer called`, clause)).toBeUndefined();
    expect(nounNamedBy(`Add a boat ${word} the customer called Ada`, clause)).toBeUndefined();
  },
);

/** Of two texts a file is written to one that looks like a place, whatever the order. */
test.each(["/a", "./a", "../a", "C:/a", "c:\\a", "~/a", "a/b", "a.b-c/d/e.f", "a.txt", "a-b.yaml"])(
  "%s is a place",
  (text) => {
    expect(stated(`Note "lamp" "${text}"`, [PATH, CONTENT])).toEqual({ path: text, content: "lamp" });
    expect(stated(`Note "${text}" "lamp"`, [PATH, CONTENT])).toEqual({ path: text, content: "lamp" });
  },
);

test.each(["a", "a b/c d", "a.toolong", "a b.txt", "1 / 2", "C:a", "lamp."])("%s is no place", (text) => {
  expect(stated(`Note "/x" "${text}"`, [CONTENT, PATH])).toEqual({ path: "/x", content: text });
});

test.each([
  ["2031-05-03", "date", true],
  ["3.5.2031", "date", true],
  ["3/5", "date", true],
  ["3 May", "date", true],
  ["3. May", "date", true],
  ["May 3", "date", true],
  ["September 3", "date-time", true],
  ["20310-05", "date", false],
  ["lamp", "date", false],
  ["3 Ma", "date", false],
  ["May", "date", false],
  ["on 3 May", "date", false],
  ["14:30", "time", true],
  ["4.30", "time", true],
  ["14:3", "time", false],
  ["at 14:30", "time", false],
  ["a@b", "email", true],
  ["ab", "email", false],
  ["https://a.example", "uri", true],
  ["URN:a", "uri", true],
  ["a+b.c-1:d", "uri", true],
  ["1a:b", "uri", false],
  ["a b:c", "uri", false],
  ["{{day}}", "date", true],
  ["lamp", "hostname", true],
])("%j has the form of a %s: %j", (text, format, takes) => {
  expect(stated(`Note "${text}"`, [field("thing", { format })])).toEqual(takes ? { thing: text } : {});
});

test.each([
  ["Set label red", "label", "red"],
  ["Set label = red", "label", "red"],
  ["Set label: red", "label", "red"],
  ["Set label is red", "label", "red"],
  ["Set label of red", "label", "red"],
  ["Set label to red", "label", "red"],
  ["Set label as red", "label", "red"],
  ["Set label named red", "label", "red"],
  ["Set label called red", "label", "red"],
  ["Set label ZH 4711", "label", "ZH 4711"],
  ["Set label ZH 4711 boats", "label", "ZH"],
  ["Set label ZH 4711 for Ada", "label", "ZH 4711"],
  ["Set label Big One today", "label", "Big One"],
  ["Set label red one", "label", "red"],
  ["Set label and go", "label", undefined],
  ["Set label the red", "label", undefined],
  ["Set the labels red", "label", undefined],
  ["Set my-label red", "label", "red"],
  ["Set label-maker red", "label", undefined],
  ["Set boat label red", "boatLabel", "red"],
  ["Set boat  label red", "boat_label", "red"],
  ["Set boat label red", "boat-label", "red"],
  ["Set boat red", "boatName", "red"],
  ["Set boat red", "boatTitle", "red"],
  ["Set label number 7", "label", "7"],
  ["Set label address red", "label", "red"],
  ["Set ab red", "ab", undefined],
  ["Set a_b.c@d-e x", "x", undefined],
  ["Set label a_b.c@d-e now", "label", "a_b.c@d-e"],
])("%s: the value of %s is %s", (goal, name, value) => {
  expect(stated(goal, [field(name)])[name]).toBe(value);
});

test.each([
  ["Report a boat; call 0151 220011", ["phone", "name"], { phone: "0151 220011" }],
  ["Report a boat, my telephone is +44 20 7946 0958", ["mobile"], { mobile: "+44 20 7946 0958" }],
  ["Report a boat, 0151 220011 or 0151 220012", ["phone"], {}],
  ["Report a boat, 0151 220011", ["phone", "fax"], {}],
])("%s: a telephone number goes to the only field that takes one", (goal, names, values) => {
  expect(
    stated(
      goal,
      names.map((name) => field(name, { required: false })),
    ),
  ).toEqual(values);
});

test.each([
  ["Change the height of the mast at the Old Mill to 7", { height: 7 }],
  ["Set the height for the red boat in hall 3 to 12 metres", { height: 12 }],
  ["Change the height to 7", { height: 7 }],
  ["Build the height of the mast to 7", {}],
])("%s: the number is the new value of what the thing has", (goal, values) => {
  const number = (name: string) => field(name, { type: "number", required: false });
  expect(stated(goal, [number("height"), number("width")])).toEqual(values);
});
