import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { keysFor } from "../../../test/goal-operations.ts";
import { OperationCatalog } from "../operation-catalog.ts";

const of = (...lines: string[]): OperationCatalog =>
  new OperationCatalog([apiOf(/^(?:query|mutation)/.test(lines[0] ?? "") ? "graphql" : "rest", ...lines)]);

const WELLS = of(
  "GET /wells | Wells | | items[].id# items[].depth#",
  "GET /wells/{id} | A well | | id# depth#",
  "POST /wells/{id}/closure | Close a well | reason! | id#",
  "PATCH /wells/{id} | Change a well | depth# operator | id# depth#",
);
const BOATS = of(
  "GET /boats | Boats | | [].id# [].name",
  "POST /boats/{id}/archive | Archive a boat | | id#",
);
const TREES = of("GET /trees | Trees | | [].id# [].kind", "DELETE /trees/{id} | Fell a tree");
const TOOLS = of(
  "GET /tools | Tools | | [].id# [].name",
  "DELETE /tools/{id} | Scrap a tool",
  "GET /loans | Loans | | [].id# [].toolId#",
  "POST /loans | Lend a tool | toolId!# borrower! | id#",
  "POST /loans/{id}/return | Return a tool | | id#",
);
const FOSSILS = of(
  "GET /specimens | Specimens | | [].id# [].name",
  "POST /specimens/{id}/loan | Lend a specimen | borrower! | id#",
  "GET /loans | Loans | | [].id# [].specimenId#",
  "POST /loans/{id}/close | Close a loan | | id#",
);
const BENCHES = of(
  "GET /benches | Benches | | [].id# [].name",
  "POST /bookings | Book a bench | benchId!# day!@date | id#",
  "GET /bookings | Bookings | | [].id# [].benchId# [].day",
  "DELETE /bookings/{id} | Release a bench",
);
const JOBS = of(
  "GET /people | People | | [].id# [].name",
  "GET /jobs | Jobs | | [].id# [].personId#",
  "POST /jobs | Give a person a job | personId!# hours# | id#",
);
const ANIMALS = of(
  "query animals | List animals | | [].id# [].name",
  "mutation closeAnimalFile | Close the file of an animal | animalId!# | id#",
  "mutation releaseAnimal | Release an animal | animalId!# | id#",
);

const PLOTS = of(
  "query plots | List plots | | [].id# [].acres#",
  "mutation renamePlot | Rename a plot | plotId!# name! | id#",
  "mutation addCrop | Add a crop to a plot | plotId!# kind! | id#",
);
const BOARDS = of(
  "GET /boards | Boards | | [].id# [].name",
  "POST /boards/{id}/star | Star a board",
  "DELETE /boards/{id}/star | Unstar a board",
  "POST /boards/{id}/publish | Show a board to all",
  "POST /copies | Make a copy | boardId#! | id#",
  "GET /carts | Carts | | [].id#",
  "DELETE /carts/{id} | Throw a cart away",
);

test.each([
  ["Lease plot 12", PLOTS],
  ["Pay Mira Holt for her completed job", JOBS],
  ['Put a note "late" on her job', JOBS],
  ["Reserve plot 12 for Mira Holt", PLOTS],
  ["Empty the cart", BOARDS],
  ["Frame the board", BOARDS],
  ["Paint well 12", WELLS],
  ["Clean well 12", WELLS],
  ["Release well 12", WELLS],
  ["Repair a well", WELLS],
  ["Paint boat 3", BOATS],
  ["Rent boat 3", BOATS],
  ["Remove boat 3", BOATS],
  ["Polish the boat", BOATS],
  ["Prune tree 4", TREES],
  ["Release the tree", TREES],
  ["Clean tool 3", TOOLS],
  ["Sharpen the tool", TOOLS],
  ["Polish tool 3", TOOLS],
  ["Repair tool 3", TOOLS],
  ["Polish specimen 3", FOSSILS],
  ["Prolong my loan of specimen 3", FOSSILS],
  ["Renew booking 12", BENCHES],
  ["Paint bench 3", BENCHES],
  ["Paint the animal", ANIMALS],
  ["Brush the animal", ANIMALS],
])("%s: what has nothing to do with the verb does not serve it", (goal, catalog) => {
  expect(keysFor(goal, catalog)).toEqual(["-"]);
});

test.each([
  ["Unstar the board", BOARDS, "DELETE /boards/{id}/star"],
  ["Star the board", BOARDS, "POST /boards/{id}/star"],
  ["Make board 4 public", BOARDS, "POST /boards/{id}/publish"],
  ["Close well 12", WELLS, "POST /wells/{id}/closure"],
  ["Shut the well", WELLS, "POST /wells/{id}/closure"],
  ["Archive the boat", BOATS, "POST /boats/{id}/archive"],
  ["Fell the tree", TREES, "DELETE /trees/{id}"],
  ["Delete the tree", TREES, "DELETE /trees/{id}"],
  ["Borrow the tool", TOOLS, "POST /loans"],
  ["Return the tool", TOOLS, "POST /loans/{id}/return"],
  ["Scrap the tool", TOOLS, "DELETE /tools/{id}"],
  ["Borrow the specimen", FOSSILS, "POST /specimens/{id}/loan"],
  ["Request a loan of the specimen", FOSSILS, "POST /specimens/{id}/loan"],
  ["Cancel the booking", BENCHES, "DELETE /bookings/{id}"],
  ["Release the bench", BENCHES, "DELETE /bookings/{id}"],
  ["Release the animal", ANIMALS, "mutation releaseAnimal"],
])("%s: what has its verb, or one of its meaning, does", (goal, catalog, key) => {
  expect(keysFor(goal, catalog)).toEqual([key]);
});

const LIFTS = "POST /lifts | Add a lift | name!";

test.each([
  ["Send Omar to the lift TK 4", [LIFTS, "POST /trips | Send somebody | personId! liftId!"], "POST /trips"],
  ["Send Omar to the lift TK 4", [LIFTS], "-"],
  ["Put a note on his assignment", ["POST /assignments | Make an assignment | note!"], "-"],
  ["Empty the cart 7", ["DELETE /carts/{id} | Remove a cart"], "-"],
  ["Empty the cart 7", ["DELETE /carts/{id}/entries | Empty a cart"], "DELETE /carts/{id}/entries"],
  ["Reserve plot 12", ["POST /plots/{id}/crops | Add a crop | kind!"], "-"],
  ["Reserve plot 12", ["PATCH /plots/{id} | Change a plot | kind"], "-"],
])("%s, of %j: %s", (goal, lines, key) => {
  expect(keysFor(goal, of(...lines))).toEqual([key]);
});
