import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { checkText } from "../../test/check-text.ts";
import { goalReading } from "../../test/goal-reading.ts";
import { goalRows, kindOfLines } from "../../test/goal-rows.ts";
import { suggestChecks } from "./suggest-checks.ts";

const ADDS = 'Add a bottle called "Merlot"';

/** What is done, and the operations that there are: the first one does it, one of the others may show it. */
const SHAPES: Readonly<Record<string, readonly (readonly [goal: string, ...lines: string[]])[]>> = {
  "what was made, by its id": [
    [ADDS, "POST /bottles | Add a bottle | name! | id name", "GET /bottles/{id} | A bottle | | id name"],
    [ADDS, "POST /bottles | Add a bottle | name! | _id", "GET /bottles/{bottle} | A bottle | | _id name"],
    [
      ADDS,
      "POST /bottles/ | Add a bottle | name! | bottleId",
      "GET /bottles/{bottleId}/ | A bottle | | name",
    ],
    [
      ADDS,
      "POST /bottles | Add a bottle | name! | bottle.id",
      "GET /bottles/{id} | A bottle | | bottle.id bottle.name",
    ],
    [ADDS, "POST /bottles | Add a bottle | name! | code", "GET /bottles/{code} | A bottle | | code name"],
    [ADDS, "POST /bottles | Add a bottle | name! | rackId bottleId", "GET /bottles/{id} | A bottle | | name"],
    [ADDS, "POST /bottles | Add a bottle | name! | name", "GET /bottles/{id} | A bottle | | id name"],
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /jars/{id} | A jar | | id name"],
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /bottles/{id}/label | A label | | id name"],
    [ADDS, "PUT /bottles/{id} | Add a bottle | name! | id", "GET /bottles/{id} | A bottle | | id name"],
  ],
  "what was made within another thing": [
    [
      ADDS,
      "POST /racks/{rackId}/bottles | Add a bottle | name! | id",
      "GET /racks/{rackId}/bottles/{id} | A bottle | | id name",
    ],
    [
      ADDS,
      "POST /racks/{rackId}/bottles | Add a bottle | name! | id",
      "GET /bottles/{id} | A bottle | | id name",
    ],
    [
      ADDS,
      "POST /racks/{rackId}/bottles | Add a bottle | name! | id",
      "GET /halls/{hallId}/bottles/{id} | A bottle | | id name",
    ],
    [
      ADDS,
      "POST /bottles | Add a bottle | name! rackId! | id rackId",
      "GET /racks/{rackId}/bottles/{id} | A bottle | | id name",
    ],
    [
      ADDS,
      "POST /racks/{id}/bottles | Add a bottle | name! | id",
      "GET /racks/{id} | A rack | | id bottles[].id bottles[].name",
    ],
    [
      ADDS,
      "POST /racks/{id}/bottles | Add a bottle | name! |",
      "GET /racks/{id} | A rack | | id bottles[].id bottles[].name",
    ],
    [
      ADDS,
      "POST /racks/{id}/bottles | Add a bottle | name! |",
      "GET /racks/{id} | A rack | | id jars[].id jars[].name",
    ],
    [
      ADDS,
      "POST /racks/{id}/bottles | Add a bottle | name! | bottles[].id",
      "GET /racks/{id} | A rack | | id bottles[].id",
    ],
    [ADDS, "POST /rack/bottles | Add a bottle | name! |", "GET /rack | The rack | | bottles[].name total#"],
    [ADDS, "POST /rack/bottles | Add a bottle | name! |", "GET /rack | The rack | &of! | bottles[].name"],
  ],
  "a list that has what was made": [
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /bottles | Bottles | | [].id [].name"],
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /bottles | Bottles | &page# | [].id [].name"],
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /bottles | Bottles | &limit# | [].id [].name"],
    [
      ADDS,
      "POST /bottles | Add a bottle | name! | id",
      "GET /bottles | Bottles | &colour | items[].id items[].name",
    ],
    [ADDS, "POST /bottles | Add a bottle | name! | bottleId", "GET /bottles | Bottles | | [].id [].name"],
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /bottles | Bottles | | [].rack.id [].name"],
    [ADDS, "POST /bottles | Add a bottle | name! |", "GET /bottles | Bottles | | [].id [].name"],
    [
      'Add a bottle called "Mo"',
      "POST /bottles | Add a bottle | name! |",
      "GET /bottles | Bottles | | [].name",
    ],
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /me/bottles | My bottles | | [].id [].name"],
    [ADDS, "POST /bottles | Add a bottle | name! | id", "GET /admin/bottles | All bottles | | [].id [].name"],
    [
      ADDS,
      "POST /bottles | Add a bottle | name! | id userId",
      "GET /users/{userId}/bottles | Bottles | | [].id [].name",
    ],
    [
      ADDS,
      "POST /bottles | Add a bottle | name! | id",
      "GET /users/{userId}/bottles | Bottles | | [].id [].name",
    ],
  ],
  "what is issued for something else": [
    [
      "Dispatch a crate",
      "POST /dispatches | Dispatch a crate | | parcelId",
      "GET /parcels/{id} | A parcel | | id state",
    ],
    [
      "Dispatch a crate",
      "POST /dispatches | Dispatch a crate | parcelId! | parcelId",
      "GET /parcels/{id} | A parcel | | id",
    ],
    [
      "Dispatch a crate",
      "POST /dispatches | Dispatch a crate | | id parcelId",
      "GET /parcels/{id} | A parcel | | id state",
    ],
    [
      "Dispatch a crate",
      "POST /dispatches | Dispatch a crate | | parcelId",
      "GET /parcels/{id}/at/{day} | At | | id",
    ],
    [
      "Dispatch a crate",
      "POST /dispatches | Dispatch a crate | | parcelId",
      "GET /parcels | Parcels | | [].id",
    ],
  ],
  "what was removed": [
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id isRemoved?",
    ],
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id deletedAt@date-time",
    ],
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id deletedOn",
    ],
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id deletedBy",
    ],
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id archived?",
    ],
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id state=full,was_removed",
    ],
    [
      "Cancel a trip",
      "DELETE /trips/{id} | Cancel a trip",
      "GET /trips/{id} | A trip | | id status=booked,canceled",
    ],
    [
      "Cancel a trip",
      "DELETE /trips/{id} | Cancel a trip",
      "GET /trips/{id} | A trip | | id cancelledDate@date",
    ],
    [
      "Cancel a trip",
      "POST /trips/{id}/cancel | Cancel a trip",
      "GET /trips/{id} | A trip | | id status=booked,cancelled",
    ],
    [
      "Delete a bottle",
      "DELETE /racks/{rackId}/bottles/{id} | Delete a bottle",
      "GET /racks/{rackId}/bottles/{id} | A bottle | | id",
    ],
    [
      "Delete a bottle",
      "DELETE /racks/{rackId}/bottles/{id} | Delete a bottle",
      "GET /racks/{rackId} | A rack | | bottles[].id",
    ],
  ],
  "what was made and then changed": [
    [
      "Create a cart, add a lamp to it, remove the lamp",
      "POST /carts | Create a cart | | id",
      "POST /carts/{id}/lamps | Add a lamp to a cart | productId! | lampId",
      "GET /carts/{id} | A cart | | id lamps[].lampId",
      "DELETE /carts/{id}/lamps/{lampId} | Remove a lamp",
    ],
    [
      "Create a cart with 3 seats, add 2 more seats",
      "POST /carts | Create a cart | seats# | id seats#",
      "GET /carts/{id} | A cart | | id seats#",
      "PATCH /carts/{id} | Change a cart | seats#",
    ],
    [
      "Create a cart with 3 seats, double its seats",
      "POST /carts | Create a cart | seats# | id seats#",
      "GET /carts/{id} | A cart | | id seats#",
      "PATCH /carts/{id} | Change a cart | seats#",
    ],
    [
      "Create a cart, lower its seats by 2",
      "POST /carts | Create a cart | seats# | id seats#",
      "GET /carts/{id} | A cart | | id seats#",
      "PATCH /carts/{id} | Change a cart | seats#",
    ],
    [
      "Create a cart, extend it by 2 hours",
      "POST /carts | Create a cart | | id hours#",
      "GET /carts/{id} | A cart | | id hours# wheels#",
      "POST /carts/{id}/extensions | Extend a cart | hours#! | id",
    ],
    [
      "Create a cart, comment on it",
      "POST /carts | Create a cart | | id commentCount#",
      "GET /carts/{id} | A cart | | id commentCount# views#",
      "POST /carts/{id}/comments | Comment on a cart | text! | id text",
    ],
    [
      "Create a cart, pay 20 euros into it",
      "POST /carts | Create a cart | | id balance#",
      "GET /carts/{id} | A cart | | id balance# wheels#",
      "POST /carts/{id}/payments | Pay into a cart | amount#! | id",
    ],
    [
      'Create a cart called "Ada", rename it to "Eve", delete it',
      "POST /carts | Create a cart | name! | id name",
      "GET /carts/{id} | A cart | | id name",
      "PATCH /carts/{id} | Change a cart | name",
      "DELETE /carts/{id} | Delete a cart",
    ],
    [
      "Create a cart, approve it, then reject it",
      "POST /carts | Create a cart | | id state=new,approved,rejected",
      "GET /carts/{id} | A cart | | id state=new,approved,rejected approvedAt@date-time",
      "POST /carts/{id}/approve | Approve a cart",
      "POST /carts/{id}/reject | Reject a cart",
    ],
  ],
  "what was done to a thing": [
    [
      "Like a bottle",
      "POST /bottles/{id}/like | Like a bottle | | id",
      "GET /bottles/{id} | A bottle | | id name liked?",
    ],
    [
      "Like a bottle",
      "POST /bottles/{id}/like | Like a bottle | |",
      "GET /bottles/{id} | A bottle | | id likes#",
    ],
    [
      "Like a bottle",
      "POST /bottles/{id}/like | Like a bottle | | id name likes#",
      "GET /bottles/{id} | A bottle | | id name likes#",
    ],
    [
      "Unlike a bottle",
      "DELETE /bottles/{id}/like | Unlike a bottle | |",
      "GET /bottles/{id} | A bottle | | id liked?",
    ],
    [
      "Seal a bottle",
      "POST /bottles/{id}/seal | Seal a bottle | |",
      "GET /bottles/{id} | A bottle | | id state=open,sealed",
    ],
    [
      "Seal a bottle",
      "POST /bottles/{id}/seal | Seal a bottle | |",
      "GET /bottles/{id} | A bottle | | id sealedAt@date-time",
    ],
    [
      "Rename a bottle to Merlot",
      "PATCH /bottles/{id} | Change a bottle | name | id",
      "GET /bottles/{id} | A bottle | | id name",
    ],
    [
      "Rename a bottle to Merlot",
      "PUT /bottles/{id}/name | Rename a bottle | value! |",
      "GET /bottles/{id} | A bottle | | id name",
    ],
    [
      "Set the keeper of a bottle to Ada Field",
      "PUT /bottles/{id}/keeper | Set the keeper | name! |",
      "GET /bottles/{id} | A bottle | | id name keeper",
    ],
    ["Delete a bottle", "DELETE /bottles/{id} | Delete a bottle", "GET /bottles/{id} | A bottle | | id name"],
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id deleted?",
    ],
    [
      "Delete a bottle",
      "DELETE /bottles/{id} | Delete a bottle",
      "GET /bottles/{id} | A bottle | | id state=full,deleted",
    ],
    ["Delete a bottle", "DELETE /bottles/{id} | Delete a bottle", "GET /bottles | Bottles | | [].id"],
    [
      "Set the theme to dark",
      "PUT /settings | Change the settings | theme=dark,light |",
      "GET /settings | The settings | | theme=dark,light",
    ],
  ],
};

/** The same for GraphQL: signatures end with the type of the answer. */
const QUERIES: readonly (readonly [goal: string, ...lines: string[]])[] = [
  [
    ADDS,
    "mutation addBottle | | name! | id name | (name: String!): Bottle!",
    "query bottle | | id! | id name | (id: ID!): Bottle",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | id | (name: String!): Bottle!",
    "query bottles | | | [].id [].name | : [Bottle!]!",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | id | (name: String!): Bottle!",
    "query bottles | | first#! | [].id [].name | (first: Int!): [Bottle!]!",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | id | (name: String!): Bottle!",
    "query jar | | id! | id name | (id: ID!): Jar",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | name | (name: String!): Bottle!",
    "query bottle | | id! | id name | (id: ID!): Bottle",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | id | (name: String!): Bottle!",
    "query bottle | | id! rack! | id name | (id: ID!, rack: ID!): Bottle",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | id | (name: String!): Bottle!",
    "query bottle | | colour! | id name | (colour: String!): Bottle",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | id | (name: String!): Bottle!",
    "query bottle | | id!=a,b | id name | (id: Key!): Bottle",
  ],
  [
    ADDS,
    "mutation addBottle | | name! | bottles[].name | (name: String!): Rack!",
    "query rack | | | bottles[].name | : Rack!",
  ],
  [
    "Seal a bottle",
    "mutation sealBottle | | bottleId! | id sealed? | (bottleId: ID!): Bottle!",
    "query bottle | | id! | id sealed? | (id: ID!): Bottle",
  ],
  [
    "Delete a bottle",
    "mutation deleteBottle | | bottleId! | id | (bottleId: ID!): Bottle",
    "query bottles | | | [].id | : [Bottle!]!",
  ],
];
const TOOLS: readonly (readonly [goal: string, ...lines: string[]])[] = [
  [
    ADDS,
    "tool add_bottle | Add a bottle | name! | bottleId",
    "tool get_bottle | Get a bottle | bottleId! | bottleId name",
  ],
  [
    ADDS,
    "tool add_bottle | Add a bottle | name! | bottleId",
    "tool get_bottle | Get a bottle | bottleId#! | bottleId name",
  ],
  [
    ADDS,
    "tool add_bottle | Add a bottle | name! | bottleId",
    "tool get_bottle | Get a bottle | bottleId! | |",
  ],
  [
    ADDS,
    "tool add_bottle | Add a bottle | name! | bottleId",
    "tool get_jar | Get a jar | jarId! | jarId name",
  ],
  [
    ADDS,
    "tool add_bottle | Add a bottle | name! | bottleId",
    "tool get_bottle | Get a bottle | bottleId! rack! | bottleId name",
  ],
];

function textOf(kind: ApiDescription["kind"], [goal, ...lines]: readonly [string, ...string[]]): string {
  const { checks, proof } = suggestChecks(goal, [apiOf(kind, ...lines)]);
  const reads = checks.flatMap(({ check }) => ("action" in check ? [] : [`    ${checkText(check)}`]));
  const shown = reads.length === 0 ? ["    nothing"] : reads;
  const open = proof.unproven.length === 0 ? "" : ` (unproven: ${proof.unproven.join(", ")})`;
  return [`  ${goal}${open}: ${lines.join("  //  ")}`, ...shown].join("\n");
}

test("which read shows what was done, by the shapes of paths, types and answers", async () => {
  const texts = [
    ...Object.entries(SHAPES).flatMap(([kind, shapes]) => [
      `# ${kind}`,
      ...shapes.map((one) => textOf("rest", one)),
    ]),
    "# GraphQL",
    ...QUERIES.map((one) => textOf("graphql", one)),
    "# tools",
    ...TOOLS.map((one) => textOf("mcp", one)),
  ];
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/reads.txt"),
  );
});

test("what is checked of what was done, at the edges of each rule", async () => {
  const texts = goalRows("reads").flatMap(({ kind, rows }) => [
    `# ${kind}`,
    ...rows.map(
      ({ goal, lines }) =>
        `${goalReading(goal, apiOf(kindOfLines(lines), ...lines))}\nof ${lines.join("  //  ")}\n`,
    ),
  ]);
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/reads-at-edges.txt"),
  );
});
