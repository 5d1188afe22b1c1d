import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apisWithGoals } from "../../test/apis-with-goals.ts";
import { goalReading } from "../../test/goal-reading.ts";
import {
  APIARY,
  BANK,
  CALCULATOR,
  CELLAR,
  DEPOT,
  FILES,
  FORUM,
  GALLERY,
  GARDEN,
  GYM,
  HOTEL,
  KITCHEN,
  RADIO,
} from "../../test/service-apis.ts";

/** How goals of each kind are read, and what checks they get, as it was reviewed: a change of a rule shows where it matters. */
const GOALS: readonly (readonly [name: string, api: ApiDescription, goals: readonly string[]])[] = [
  [
    "gym",
    GYM,
    [
      "Log in, find an easy course under $30, enrol for it and cancel the enrollment because I am ill.",
      'Create a hard course called "Box" with 12 seats, like it, take the like back.',
      "Create a course, set its seats to 20, then raise them by 5.",
      "Create a course named Yoga with 8 seats and reduce the seats by two.",
      "Create a course, double its seats.",
      'Make a course titled "Row", make it hard and set the teacher to Clara Voss.',
      'Find a course, enrol for it with the note "First time" and celebrate with cake.',
      "Find a course. Before you enrol for it, look at it.",
      "Like a course; do not enrol for anything.",
      "Create a course starting on 2030-04-05, then move it to 2030-05-06.",
      "Create three courses and like each of them.",
      "Find the cheapest course that is available and show it.",
      "Create a course with Ida Brandt as teacher.",
      "Log in, create a course and log out.",
    ],
  ],
  [
    "depot",
    DEPOT,
    [
      'Register a pallet labelled "P-7" with a weight of 40 kg, 1200 by 800 mm, then move it to hall B.',
      "Register a fragile pallet with the label Alpha and a weight of 12.5 kg.",
      "Register a pallet, archive it.",
      'Register a pallet, add a note "Handle with care" to it, read the notes.',
      'Register a pallet, set its location to "Dock 3", then remove it.',
      "Dispatch goods to Lyon with high priority.",
      "Dispatch goods to Lyon, track the parcel.",
      "Register four pallets.",
      "Register a pallet, label = Beta, weight: 9.",
      "Change the label of the heaviest pallet to Omega.",
      "Find a pallet, make it fragile.",
      "Register a pallet, mark it as not fragile.",
      "List the pallets.",
    ],
  ],
  [
    "hotel",
    HOTEL,
    [
      "Find a room for 3 guests from 2030-01-02 until 2030-01-05, reserve it for Lea Berg with breakfast, confirm it.",
      "Reserve a room with a balcony from 2 May 2030 to 4 May 2030 for two guests.",
      "Reserve a room for 2 people, then cancel the reservation.",
      "Reserve a room, order a taxi at 18:30 for it.",
      "Reserve a room, order a spa for the reservation and confirm it.",
      'Reserve a room for the guest "Tom Ray" whose email is tom@ray.example.',
      "Reserve a room, change the guest name to Ann Lee.",
      "Reserve a room, change the number of guests to 4.",
      "Reserve the cheapest room between 100 and 200 euros for tomorrow.",
      "Reserve a room, reserve another room for Mia Lang.",
      "Show one room.",
      "Reserve a room for four guests, one more guest comes along.",
      "Book a suite with a sea view from Monday until Friday.",
    ],
  ],
  [
    "bank",
    BANK,
    [
      "Open an account for Eva Roth in CHF and deposit 50 francs into it.",
      "Open an account in euros with a limit of 500, deposit 20.50 euros.",
      "Open an account, freeze it, unfreeze it.",
      "Open an account, freeze it.",
      "Open an account, freeze it and have it unfrozen.",
      "Open an account, raise its limit by 100.",
      "Open an account with a limit of 300 and raise the limit by 100.",
      "Open an account with a limit of 300 and halve the limit.",
      "Open an account, set the limit to 250, then close the account.",
      'Open an account for the owner called "Max", change the owner to "Mona".',
    ],
  ],
  [
    "gallery",
    GALLERY,
    [
      'Add a painting called "Reeds" by Ana Solar from 1931, reserve it.',
      'Add a painting titled "Reeds", rename it to "Rushes", lend it to the Kunsthaus until 2030-03-01.',
      "Reserve a painting under 900.",
      'Add a painting "Moor" and delete it.',
      "Book a visit for Lena Holm on 2030-06-07 for 3 guests, then cancel it.",
      "Book a visit and cancel the visit.",
      'Lend the painting "Reeds" to Paul.',
      "Add a painting priced at 1200 and borrow it.",
      "Add two paintings.",
      "Look at the paintings by Ana Solar.",
    ],
  ],
  [
    "radio",
    RADIO,
    [
      'Add a station called "Jazz" at the frequency 98.5, set its volume to 7, remove it.',
      'Add a station named "News" with frequency 101.',
      "Multiply 6 and 7.",
      'Save a memo on the topic "Antenna" with the content "Check the mast".',
      'Save a memo about "Antenna".',
      "List all stations.",
      "Set the volume of a station to 3.",
    ],
  ],
  [
    "kitchen",
    KITCHEN,
    [
      'Create a vegan Greek recipe called "Beans" for 4 servings that takes 30 minutes, publish it, unpublish it.',
      'Create a recipe, add a step that says "Boil", add a step that says "Serve".',
      'Create a recipe and review it with 4 stars and the comment "Nice".',
      'Create a shopping list called "Week", add 500 g of flour to it, remove the item.',
      "Create a shopping list, add flour and rice to it.",
      "Find a Thai recipe sorted by minutes, the quickest first.",
      "Create a recipe, change its title to Soup and its servings to 6.",
      "Publish a recipe.",
      "Update the recipe so that it is vegan.",
      "Create a recipe with two steps.",
      "Find a greek meal.",
    ],
  ],
  [
    "forum",
    FORUM,
    [
      'Log in, open a topic titled "Frost" that says "Cover the pipes", reply "Done" and close it.',
      "Log in, set my nickname to Owl and my city to Bern, log out.",
      "Close a topic.",
      "Sign me out.",
    ],
  ],
  [
    "cellar",
    CELLAR,
    [
      'Put a bottle called "Merlot" with the year 2019 into the cellar, set its shelf to C7, mark it as sold.',
      "Put a bottle into the cellar with 3 labels, a price of 20 and the message Fine.",
      "Change a bottle: rename it to Syrah.",
      "Put a bottle into the cellar and drink it.",
    ],
  ],
  [
    "files",
    FILES,
    [
      'Write "hello there" into the file "/tmp/a.txt".',
      'Write "hello there" into the file "/tmp/a.txt", then delete the file "/tmp/a.txt".',
      'Write "hi" into the file "/tmp/a.txt".',
      'Write "{{greeting}} you" into the file "/tmp/a.txt".',
      'Create an entity named "Ada Field" with the entity type "person".',
      'Add the observation "likes tea" to the entity "Ada Field".',
      'List the files in "/tmp".',
    ],
  ],
  ["calculator", CALCULATOR, ["Add 17 and 25.", "Put 3, 4 and 5 together.", "Add 17 and 25 apples."]],
  [
    "apiary",
    APIARY,
    [
      "Find a hive and inspect it.",
      "Set up a hive called North, inspect it with 3 mites.",
      "Set up a new green hive with 10 frames, rename it to South.",
      "Set up a hive, remove it, restore it.",
      "Record a harvest of 12 kilos from a hive at 7 am.",
      "Place an order for 3 jars and check out.",
      "Place an order for 3 jars, then pay it.",
      "View a hive.",
      "View all hives.",
      "Log in, look at the hives, log out.",
    ],
  ],
  [
    "garden",
    GARDEN,
    [
      "Open the plant Red Maple.",
      'Look at the plant "Red Maple".',
      "Look at the plants.",
      'Add a plant called "Red Maple" of the kind tree.',
      'Open the plant "Red Maple", set its height to 3 and water it.',
    ],
  ],
];

const approved = (name: string): string =>
  join(import.meta.dirname, `../../test/approved/readings/${name}.txt`);

test.each(GOALS)("goals for a %s", async (name, api, goals) => {
  const texts = goals.map((goal) => goalReading(goal, api));
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(approved(name));
});

/** Systems with names drawn for the same things, and applications with the words of their own documents. */
test.each([
  ["drawn systems", "drawn-systems.txt"],
  ["systems at the edges of rules", "rows/systems.txt"],
  ["applications", "../../../test/targets/unseen-goals/development.txt"],
])("goals for %s", async (name, file) => {
  const texts = apisWithGoals(readFileSync(join(import.meta.dirname, "../../test", file), "utf8")).flatMap(
    ({ api, goals }) => goals.map((goal) => `${api.target}: ${goalReading(goal, api)}`),
  );
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(approved(name.replaceAll(" ", "-")));
});
