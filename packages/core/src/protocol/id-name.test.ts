import fc from "fast-check";
import { expect, test } from "vitest";
import { isIdName, isPlainIdName, withoutIdSuffix } from "./id-name.ts";

test.each(["id", "_id", "ID", "uuid", "order_id", "orderId", "order-ID", "userid", "SKU", "trackingNumber"])(
  "%s names an id",
  (name) => {
    expect(isIdName(name)).toBe(true);
  },
);

test.each([
  "paid",
  "valid",
  "unpaid",
  "invalid",
  "grid",
  "avoid",
  "hybrid",
  "isPaid",
  "bid",
  "monkey",
  "casino",
  "name",
  "status",
  "idea",
  "productIds",
  "",
])("%s names no id", (name) => {
  expect(isIdName(name)).toBe(false);
});

test("a name of several ids counts where lists do", () => {
  for (const name of ["productIds", "product_ids", "ids", "userids"]) {
    expect(isIdName(name, true), name).toBe(true);
    expect(isIdName(name), name).toBe(false);
  }
  expect(isIdName("grids", true)).toBe(false);
});

test("without its suffix an id's name says what it identifies", () => {
  expect(["orderId", "order_id", "orderid", "order-uuid", "orderIDs"].map(withoutIdSuffix)).toEqual(
    Array.from({ length: 5 }, () => "order"),
  );
  expect(withoutIdSuffix("paid")).toBe("paid");
});

test("what a plain id's name is prefixed with is what it identifies", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z]{3,12}$/),
      fc.constantFrom("_id", "Id", "_uuid", "Key"),
      (noun, end) => {
        expect(isPlainIdName(noun + end)).toBe(false);
        expect(isIdName(noun + end)).toBe(true);
        expect(withoutIdSuffix(noun + end)).toBe(noun);
      },
    ),
  );
});
