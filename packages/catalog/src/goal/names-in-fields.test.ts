import { expect, test } from "vitest";
import { onlyOperation, valuesStated } from "../../test/first-clause.ts";

test.each([
  ["Add Tom Reed as a volunteer", { name: "Tom Reed" }],
  ["Add Tom Reed as a volunteer for the cloakroom", { name: "Tom Reed", use: "cloakroom" }],
  ["Add Tom Reed as the new volunteer in the west wing on Monday.", { name: "Tom Reed", use: "west wing" }],
  ["Add Tom Reed as a guest for the cloakroom", {}],
  ["Add Tom as a volunteer for the cloakroom and bar", { name: "Tom", use: "cloakroom" }],
  ["Add it as a volunteer", {}],
  ["Add the old captain Reed as our volunteer", { name: "old captain Reed" }],
  ['Add "Tom" as a volunteer', { name: "Tom" }],
])("%s: what is made is called by what stands before its noun", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /volunteers | Add a volunteer | name! use! note"))).toEqual(
    values,
  );
});

test.each([
  ["Register a silver crown as a new prop", { name: "silver crown" }],
  ["Register a new prop: a silver crown", { name: "silver crown" }],
  ["Register a hat: a crown", {}],
  ["Register a crown as a prop, kept on shelf 4 and paid", { name: "crown", shelf: "4" }],
  [
    "Register a crown as a prop standing under the long red table for now",
    { name: "crown", shelf: "long red table" },
  ],
  ["Register a crown as a prop lying behind shelf B-2 by the door", { name: "crown", shelf: "B-2" }],
])("%s: or by what stands behind it, and lies on a shelf", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /props | Register a prop | name! shelf"))).toEqual(values);
});

test.each([
  ["Add a planting of garlic", { crop: "garlic" }],
  ["Add a planting of garlic.", { crop: "garlic" }],
  ["Add another early planting of sweet red corn in the north", { crop: "sweet red corn" }],
  ["Add the planting of this", {}],
  ["Add a planting of one bean", {}],
  ["Add a row of garlic", {}],
])("%s: it is of what its only text is for", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /plantings | Add a planting | crop! bed"))).toEqual(values);
});

test.each([
  ["Give Bello 20 mg of Aspirin", { amount: 20, drug: "Aspirin" }],
  ["Give Bello 2.5 ml of cough syrup in the morning", { amount: 2.5, drug: "cough syrup" }],
  ["Give Bello 20 mg of red willow bark at noon", { amount: 20, drug: "red willow bark" }],
])("%s: an amount is of something", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /doses | Give a dose | drug! amount#"))).toEqual(values);
});

test.each([
  ["Tag Minka as shy", { word: "shy" }],
  ["Tag Minka as shy.", { word: "shy" }],
  ["Tag Minka as soft-eared", { word: "soft-eared" }],
  ['Tag "Minka" as shy', { word: "Minka" }],
])("%s: a mark is a word behind `as`, else what is in quotation marks", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /marks | Tag a cat | word!"))).toEqual(values);
});

test.each([
  ["Create an episode about night buses", { topic: "night buses" }],
  ["Create the episode about night buses", {}],
  ["Create an episode of night buses", {}],
])("%s: what is new has a topic", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /episodes | Create an episode | topic! text"))).toEqual(
    values,
  );
});

test.each([
  ["Change the label of the pallet to Omega", { label: "Omega" }],
  ["Set the label of the pallet in Linden Court to Omega", { label: "Omega" }],
  ["Change the label of the pallet as Omega", { label: "Omega" }],
  ["Replace the label of the pallet with Omega", { label: "Omega" }],
  ["Swap the label of the pallet by Omega", { driver: "Omega" }],
  ["Change the pallet of Omega", {}],
])("%s: a change has a new value", (goal, values) => {
  expect(
    valuesStated(goal, onlyOperation("PATCH /pallets/{id} | Change a pallet | label note! driver")),
  ).toEqual(values);
});

test.each([
  ["Place the order A-7", { orderNo: "A-7" }],
  ["Place the order Alpha", {}],
  ["Place an order at the Bremen District Court", { court: "Bremen District Court" }],
  ["Place an order at the Bremen District Hall", {}],
])("%s: codes are numbers, and courts are courts", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /orders | Place an order | orderNo! court"))).toEqual(values);
});

test.each([
  ["Book a stay for Lena Vogt", { givenName: "Lena", familyName: "Vogt" }],
  ["Book a stay for Lena van der Vogt", { givenName: "Lena van der", familyName: "Vogt" }],
  ["Book a stay for Vogt", {}],
  ["Book a stay for the Lena Vogt", {}],
  ["Book a stay with Lena Vogt", {}],
])("%s: a person has a first and a last name", (goal, values) => {
  expect(valuesStated(goal, onlyOperation("POST /stays | Book a stay | givenName! familyName!"))).toEqual(
    values,
  );
});

test.each([
  ["Place the order A-7", "POST /orders | Place an order | orderNo! caseNo", {}],
  ["Place the order A-7", "POST /orders | Place an order | orderId! caseNo", { caseNo: "A-7" }],
  ["Place the order A-7", "POST /orders | Place an order | orderNo! name", { name: "A-7" }],
  [
    "Place an order at the Bremen District Court",
    "POST /orders | Place an order | courtName",
    { courtName: "Bremen District Court" },
  ],
  ["Book a stay for Vogt", "POST /stays | Book a stay | name!", { name: "Vogt" }],
  ["Order a stay for Lena Vogt", "POST /stays | Order a stay | name! hint", {}],
  ["Order a stay for Lena Vogt", "POST /stays | Order a stay | name! contact@email", { name: "Lena Vogt" }],
  ["Order a stay for Lena Vogt", "POST /stays | Order a stay | name! email", { name: "Lena Vogt" }],
  ["Order a stay for Lena Vogt", "POST /stays | Order a stay | wholeName! note", { wholeName: "Lena Vogt" }],
  [
    "Order a stay for Lena Vogt",
    "POST /stays | Order a stay | who!~First_and_last_name note",
    { who: "Lena Vogt" },
  ],
  [
    "Book a stay for Lena Vogt",
    "POST /stays | Book a stay | first!~Given_name last!~Family_name",
    { first: "Lena", last: "Vogt" },
  ],
  ["Send it to Basel from Bern", "POST /parcels | Send a parcel | from to", { to: "Basel", from: "Bern" }],
  ["Send it to Basel", "POST /parcels | Send a parcel | harbour colour", { harbour: "Basel" }],
  ["Send it to Basel from Bern", "POST /parcels | Send a parcel | harbour colour", {}],
  ["Send it into Basel", "POST /parcels | Send a parcel | airport colour", { airport: "Basel" }],
  ["Cancel my ticket for Hamlet", "DELETE /tickets/{id} | Cancel a ticket | reason", {}],
  ["Book a ticket for Hamlet", "POST /tickets | Book a ticket | occasion hall! row!", { occasion: "Hamlet" }],
  ["Book a ticket for Hamlet", "POST /tickets | Book a ticket | occasion hallId!", {}],
  ["Write in Polish", "POST /texts | Write a text | room city", {}],
  ["Write in Sunrise", "POST /texts | Write a text | room city", { room: "Sunrise" }],
  ["Move it to Basel", "PATCH /crates/{id} | Change a crate | colour", {}],
  ["Move it to Basel", "PATCH /crates/{id} | Change a crate | town colour", { town: "Basel" }],
  ["Write to Ann", "POST /mails | Write a mail | mail iban ann@uuid token@password userId", {}],
  ["Tag Minka as shy", "POST /marks | Tag a cat | word! kind=shy,wild", { kind: "shy", word: "Minka" }],
  ["Tag Minka as shy", "POST /marks | Tag a cat | word! hint!", {}],
  [
    "Set the name tag of the pallet to Omega",
    "PATCH /pallets/{id} | Change a pallet | label driver~Name_tag",
    { driver: "Omega" },
  ],
])("%s: %s is given what a name says", (goal, line, values) => {
  expect(valuesStated(goal, onlyOperation(line))).toEqual(values);
});
