import { expect, test } from "vitest";
import { onlyOperation, valuesStated } from "../../test/first-clause.ts";

test.each([
  ["Book a table for 4 people", "guests# price#", { guests: 4 }],
  ["Book a table for 4 people", "partySize# hours#", { partySize: 4 }],
  ["Book a table for 4 people", "maxGuests#", {}],
  ["Book a table for 4", "crewSize#", { crewSize: 4 }],
  ["Book 3 tickets", "seats#", { seats: 3 }],
  ["Book one ticket", "seats#", { seats: 1 }],
  ["Book a single early ticket", "seats# price#", { seats: 1 }],
  ["Book a ticket", "rows#", {}],
  ["Book 3 tickets for 5 guests", "seats# guests#", { guests: 5 }],
  ["Book a table for 3 hours", "hours# guests#", { hours: 3 }],
  ["Book a table for 3 hours", "count#", { count: 3 }],
  ["Book a table for 40 euros", "amount# hours#", { amount: 40 }],
  ["Book a table for 40 euros", "price# amount#", { price: 40 }],
  ["Book a table for 40 euros", "priceCents#", { priceCents: 4000 }],
  ["Book a table for 40 euros", "total#", { total: 40 }],
  ["Insure a table for 400 euros for 3 weeks", "amount# weeks#", { amount: 400, weeks: 3 }],
  ["Insure a table for 3 weeks", "amount# weeks#", { weeks: 3 }],
  ["Book a table, weight: 9", "weight# count#", { weight: 9 }],
  ["Book 5 tables", "quantity#", { quantity: 5 }],
  ["Book 5 tables", "price#", {}],
])("%s, of %s: an amount goes to what counts it", (goal, inputs, values) => {
  expect(valuesStated(goal, onlyOperation(`POST /bookings | Book a table | ${inputs}`))).toEqual(values);
});

test.each([
  ["Book a table in class A", "class=A,B", { class: "A" }],
  ["Book A table in class B with a view", "class=A,B", { class: "B" }],
  ["Book a table not outside", "area=inside,outside", {}],
  ["Book an outside table", "area=inside,outside", { area: "outside" }],
  ["Book the inside area, no outside", "area=inside,outside", { area: "inside" }],
  ["Book two insides", "area=inside,outside", { area: "inside" }],
  ["Book a table in German", "language=de,en", { language: "de" }],
  ["Book a table for 40 dollars", "currency=EUR,USD price#", { currency: "USD", price: 40 }],
  ["Book a table for 40 dollars", "currency=eur,usd price#", { currency: "usd", price: 40 }],
  ["Book a table in a", "class=a,b", {}],
])("%s, of %s: an option is one that is said", (goal, inputs, values) => {
  expect(valuesStated(goal, onlyOperation(`POST /bookings | Book a table | ${inputs}`))).toEqual(values);
});

test.each([
  ["Find tables under 40 euros", "&maxPrice# &minPrice#", { maxPrice: 40 }],
  ["Find tables over 40 euros", "&maxPrice# &minPrice#", { minPrice: 40 }],
  ["Find tables between 20 and 40 euros", "&max_price# &min_price#", { max_price: 40, min_price: 20 }],
  ["Find tables for 3 players", "&players#", { players: 3 }],
  ["Find the cheapest table", "&sort=price_asc,price_desc,name", { sort: "price_asc" }],
  ["Find the most expensive table", "&sort=price_asc,price_desc,name", { sort: "price_desc" }],
  ["Find tables sorted by name", "&sort=price_asc,price_desc,name", { sort: "name" }],
  ["Find tables called Dune", "&q", { q: "Dune" }],
  ['Find a "blue" lamp', "&search", { search: "blue" }],
  ["Find a table", "&q", {}],
  ["Find the cheapest lamp", "&q", {}],
  ["Find free tables", "&free?", { free: true }],
  ["Find tables, page 2, limit 5", "&limit# &page#", { limit: 5, page: 2 }],
  ["Find three tables", "&limit# &page#", {}],
  ["Find tables in the state open", "&state=open,closed", { state: "open" }],
  ["Close the table", "&state=open,closed", {}],
])("%s, of %s: a list is narrowed by what is said of its things", (goal, inputs, values) => {
  expect(valuesStated(goal, onlyOperation(`GET /tables | List tables | ${inputs} | [].id`))).toEqual(values);
});
