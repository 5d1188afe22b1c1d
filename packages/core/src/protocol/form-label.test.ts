import { expect, test } from "vitest";
import { leadsOn, saysNothing } from "./form-label.ts";

test.each([
  ["Next", "", true],
  ["Continue to payment", "Order", true],
  ["Save and continue", "", true],
  ["Weiter", "", true],
  ["Delivery »", "", true],
  ["Confirm", "Step 2 of 3", true],
  ["Next", "Step 3 of 3", false],
  ["Apply", "Step 2 / 2", false],
  ["Place order", "", false],
  ["Send the parcel", "Contact the next of kin", false],
  ["Nextcloud login", "", false],
])("a button %j on a page that says %j leads on: %s", (label, page, expected) => {
  expect(leadsOn(label, page)).toBe(expected);
});

test.each([
  ["Submit", true],
  [" OK ", true],
  ["", true],
  ["Send", true],
  ["Send message", false],
])("a button %j says nothing: %s", (label, expected) => {
  expect(saysNothing(label)).toBe(expected);
});
