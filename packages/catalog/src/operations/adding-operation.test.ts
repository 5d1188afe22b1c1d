import { expect, test } from "vitest";
import { catalogWith, keysFor } from "../../test/goal-operations.ts";

const office = catalogWith(
  [
    ["query rooms", "", "answer [].id"],
    ["mutation reserveRoom", "", "body roomId", "body day", "answer id"],
    ["mutation addRemark", "", "body reservationId", "body text", "answer id"],
    ["mutation addTag", "", "body pictureId", "body word", "answer id"],
  ],
  "graphql",
);

test.each(["reservation", "booking"])(
  "a text is added to the %s that was made, whatever both are called",
  (noun) => {
    expect(keysFor(`Reserve a room, add the memo "Two keys" to the ${noun}`, office)).toEqual([
      "mutation reserveRoom",
      "mutation addRemark",
    ]);
  },
);
