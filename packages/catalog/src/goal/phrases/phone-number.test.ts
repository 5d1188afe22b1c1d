import { describe, expect, it } from "vitest";
import { phoneNumbersIn, withoutPhoneNumbers } from "./phone-number.ts";

describe("telephone numbers of a text", () => {
  it.each([
    ["contact Ada Finch, telephone 0151 220011.", ["0151 220011"]],
    ["call 0151-220011, or +44 20 7946 0958", ["0151-220011", "+44 20 7946 0958"]],
    ["my phone is 030/1234567", ["030/1234567"]],
    ["the number (0)171 is none", []],
    ["from 09:00 to 10:30 on 07/08/2027", []],
    ["on 07-08-27 at 08.30", []],
    ["0.5 litres of item 007 for 12 guests", []],
    ["code A0151220011 and 0.1512200", []],
    ["IMO 9811234, draught 7.5", []],
    ["0151 220011 or 0151 220012", ["0151 220011", "0151 220012"]],
    ["0151 22001", ["0151 22001"]],
    ["0151 2", []],
  ])("%s", (text, numbers) => {
    expect(phoneNumbersIn(text)).toEqual(numbers);
  });
  it("leaves other numbers", () => {
    expect(withoutPhoneNumbers("2 seats, phone 0151 220011, on 07/08/2027")).toBe(
      "2 seats, phone  , on 07/08/2027",
    );
  });
});
