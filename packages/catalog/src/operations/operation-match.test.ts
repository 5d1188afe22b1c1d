import type { ApiOperation } from "@ape/core/protocol/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { catalogWith, keysFor } from "../../test/goal-operations.ts";
import { clausesOf } from "../goal/clause.ts";
import { OperationCatalog } from "./operation-catalog.ts";
import { operationFor } from "./operation-match.ts";

/** Collections with operations whose summaries use several words for the same thing. */
const COLLECTIONS: Record<string, string> = {
  owners: "Adds a pet owner",
  specialties: "Create a specialty",
  invoices: "Issue an invoice",
  warehouses: "Register a warehouse",
  recipes: "Write a recipe",
  drivers: "Add a driver",
};

function catalogOf(collections: readonly string[]): OperationCatalog {
  const operation = (method: ApiOperation["method"], path: string, summary: string): ApiOperation => ({
    method,
    path,
    summary,
    fields: [],
    secured: false,
  });
  const operations = collections.flatMap((name) => {
    const thing = (COLLECTIONS[name] ?? "").replace(/^\w+ /, "");
    return [
      operation("GET", `/${name}`, `List ${name}`),
      operation("POST", `/${name}`, COLLECTIONS[name] ?? ""),
      operation("PUT", `/${name}/{id}`, `Update ${thing}`),
      operation("DELETE", `/${name}/{id}`, `Delete ${thing}`),
    ];
  });
  return new OperationCatalog([{ target: "api", title: "API", documented: true, auth: [], operations }]);
}

function keyFor(goal: string, collections = Object.keys(COLLECTIONS)): string | undefined {
  const catalog = catalogOf(collections);
  const [clause] = clausesOf(goal, catalog.verbs);
  return clause === undefined ? undefined : operationFor(clause, catalog)?.key;
}

test.each([
  ["Add a specialty", "POST /specialties"],
  ["Create an owner", "POST /owners"],
  ["Make a speciality", "POST /specialties"],
  ["Write a bill", "POST /invoices"],
  ["Build a depot", "POST /warehouses"],
  ["Fire off a new chauffeur", "POST /drivers"],
  ["Erase a driver", "DELETE /drivers/{id}"],
  ["Revise an invoice", "PUT /invoices/{id}"],
])("%s is %s", (goal, key) => {
  expect(keyFor(goal)).toBe(key);
});

test.each(["Paint the walls", "Reply to the recipe", "Feed a cat", "Delete the invitation"])(
  "%s is nothing that the API offers",
  (goal) => {
    expect(keyFor(goal)).toBeUndefined();
  },
);

test("whatever the verb and whatever else there is, the noun decides", () => {
  const verbs: Record<string, string> = {
    Add: "POST",
    Create: "POST",
    Update: "PUT",
    Delete: "DELETE",
    Edit: "PUT",
  };
  const names = Object.keys(COLLECTIONS);
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(verbs)),
      fc.shuffledSubarray(names, { minLength: 1 }),
      (verb, collections) => {
        const [wanted = ""] = collections;
        const noun = (COLLECTIONS[wanted] ?? "").split(" ").at(-1) ?? "";
        expect(keyFor(`${verb} the ${noun}`, collections)).toMatch(
          new RegExp(`^${verbs[verb]} /${wanted}(?:/|$)`),
        );
      },
    ),
  );
});

test.each([
  ["delete the article", "DELETE /articles/{slug}"],
  ["delete the comment", "DELETE /articles/{slug}/comments/{id}"],
  ["replace the article", "PUT /articles/{slug}"],
])("%s, where summaries have the words of a path only, is %s", (goal, key) => {
  const fields = (path: string): ApiOperation["fields"] =>
    Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => ({
      in: "path",
      name,
      type: "string",
      required: true,
      description: "",
    }));
  const operations = (
    [
      ["POST", "/articles", "create articles"],
      ["PUT", "/articles/{slug}", "replace articles"],
      ["DELETE", "/articles/{slug}", "delete articles"],
      ["POST", "/articles/{slug}/comments", "create articles comments"],
      ["DELETE", "/articles/{slug}/comments/{id}", "delete articles comments"],
    ] as const
  ).map(([method, path, summary]) => ({ method, path, summary, fields: fields(path), secured: false }));
  const catalog = new OperationCatalog([{ target: "a", title: "A", documented: true, auth: [], operations }]);
  const [clause] = clausesOf(goal, catalog.verbs);
  const before = catalog.operations.filter(({ path, method }) => method === "POST" && path !== "");
  expect(clause && operationFor(clause, catalog, before)?.key).toBe(key);
});

const gallery = new OperationCatalog([
  {
    target: "gallery",
    title: "Gallery",
    documented: true,
    auth: [],
    kind: "graphql",
    operations: (["painting", "sculpture"] as const).flatMap((thing): ApiOperation[] => [
      {
        method: "query",
        path: `${thing}s`,
        summary: `Searches ${thing}s.`,
        secured: false,
        fields: ["items", "items[].id", "items[].title"].map((name) => ({
          in: "answer",
          name,
          type: name === "items" ? "object[]" : "string",
          required: false,
          description: "",
        })),
      },
      {
        method: "query",
        path: thing,
        summary: `A ${thing}.`,
        secured: false,
        fields: [
          { in: "query", name: "id", type: "string", required: true, description: "" },
          { in: "answer", name: "title", type: "string", required: false, description: "" },
        ],
      },
    ]),
  },
]);

test.each([
  ["List the paintings, then show one painting.", "query painting"],
  ["Find the sculptures and look at a sculpture.", "query sculpture"],
  ["List the paintings, then view another painting.", "query painting"],
  ["List the paintings and show the sculptures.", "query sculptures"],
])("what was listed before is not listed again where one of it is wanted: %s", (goal, key) => {
  const [first, second] = clausesOf(goal, gallery.verbs);
  if (first === undefined || second === undefined) throw new Error("the goal has two clauses");
  const listed = operationFor(first, gallery);
  expect(operationFor(second, gallery, listed === undefined ? [] : [listed], [first])?.key).toBe(key);
});

const described = (operations: readonly (readonly [ApiOperation["method"], string, string, boolean?])[]) =>
  new OperationCatalog([
    {
      target: "api",
      title: "API",
      documented: true,
      auth: [],
      operations: operations.map(([method, path, summary, secured = false]) => ({
        method,
        path,
        summary,
        secured,
        fields: [],
      })),
    },
  ]);

test("what a path does to an item is a verb of goals", () => {
  const catalog = described([["POST", "/articles/{slug}/favorite", ""]]);
  const texts = clausesOf("Find an article and favorite it", catalog.verbs).map(({ text }) => text);
  expect(texts).toEqual(["Find an article", "favorite it"]);
});

test("a test of a token that itself needs one is no login beside another", () => {
  const catalog = described([
    ["POST", "/login/test-token", "Login test token", true],
    ["POST", "/login/access-token", "Login access token"],
  ]);
  expect(catalog.login("api")?.path).toBe("/login/access-token");
  expect(catalog.operations.filter(({ login }) => login)).toHaveLength(1);
});

test("buying makes something, and updates nothing that is there", () => {
  const catalog = described([
    ["GET", "/statues", "List the statues"],
    ["POST", "/statues", "Add a statue"],
    ["PUT", "/statues/{id}", "Update a statue"],
  ]);
  const [clause] = clausesOf("Buy a statue", catalog.verbs);
  if (clause === undefined) throw new Error("no clause");
  expect(operationFor(clause, catalog)?.key).not.toBe("PUT /statues/{id}");
});

test("an operation that has the very word of a clause is never too far from it", () => {
  const files = catalogWith([
    ["tool create_directory", "Create a new directory or ensure a directory exists.", "body path"],
    ["tool list_directory", "Get a detailed listing of all files and directories in a path.", "body path"],
    ["tool directory_tree", "Get a recursive tree view of files and directories.", "body path"],
    ["tool write_file", "Create a new file or overwrite an existing file.", "body path", "body content"],
    ["tool move_file", "Move or rename files and directories.", "body source", "body destination"],
    ["tool list_allowed_directories", "Returns the list of directories that may be accessed."],
  ]);
  expect(keysFor('Create the directory "a", then list the directory "b".', files)).toEqual([
    "tool create_directory",
    "tool list_directory",
  ]);
});

test.each([
  ["Check in a guest and check out", "POST /stays", "POST /stays/{stayId}/check-out"],
  ["Check in a guest, then check him out", "POST /stays", "POST /stays/{stayId}/check-out"],
])("%s: a check-out that the document has is meant", (goal, ...expected) => {
  const catalog = catalogWith([
    ["POST /stays", "Check a guest in", "body guest", "answer id"],
    ["POST /stays/{stayId}/check-out", "Check a guest out", "path stayId"],
    ["POST /invoices", "Pay an invoice", "body stayId"],
  ]);
  expect(keysFor(goal, catalog)).toEqual(expected);
});

test("a note is a document, but what adds a note to a booking makes no document", () => {
  const catalog = catalogWith([
    ["POST /bookings", "Book a lesson", "answer id"],
    ["POST /bookings/{bookingId}/remarks", "Remark on a booking", "path bookingId", "body text"],
    ["POST /documents", "Create a document", "body name", "answer id"],
  ]);
  expect(keysFor('Book a lesson and add the note "Please ring" to the booking', catalog)).toEqual([
    "POST /bookings",
    "POST /bookings/{bookingId}/remarks",
  ]);
});

test.each([
  ["Set the state of the run to completed", "POST /runs/{id}/set_state"],
  ["Cancel the ticket", "POST /tickets/{id}/cancel"],
  ["Delete the note", "DELETE /notes/{id}"],
])("%s: what is for many things at once is not for one", (goal, key) => {
  const operation = (call: string, summary: string): ApiOperation => {
    const [method = "GET", path = "/"] = call.split(" ");
    return { method, path, summary, fields: [], secured: false } as ApiOperation;
  };
  const operations = [
    operation("POST /runs/bulk_set_state", "Bulk Set Run State"),
    operation("POST /runs/{id}/set_state", "Set Run State"),
    operation("POST /tickets/mass-cancel", "Mass cancel tickets"),
    operation("POST /tickets/{id}/cancel", "Cancel a ticket"),
    operation("POST /notes/batch_delete", "Batch delete notes"),
    operation("DELETE /notes/{id}", "Delete a note"),
  ];
  const catalog = new OperationCatalog([
    { target: "api", title: "API", documented: true, auth: [], operations },
  ]);
  const [clause] = clausesOf(goal, catalog.verbs);
  expect(clause && operationFor(clause, catalog)?.key).toBe(key);
});
