import { expect, test } from "vitest";
import { readMultipart } from "./multipart-text.ts";

test.each(["\r\n", "\n"])("plain fields and the names of files are read (line end %j)", (end) => {
  const text = [
    "------WebKitFormBoundaryx",
    'Content-Disposition: form-data; name="user"',
    "",
    "ada",
    "------WebKitFormBoundaryx",
    'content-disposition: form-data; name="note"',
    "Content-Type: text/plain",
    "",
    "one",
    "",
    "two",
    "------WebKitFormBoundaryx",
    'Content-Disposition: form-data; name="photo"; filename="a.png"',
    "Content-Type: image/png",
    "",
    "",
    "------WebKitFormBoundaryx--",
    "",
  ].join(end);
  expect(readMultipart(text)).toEqual({
    fields: { user: "ada", note: `one${end}${end}two` },
    files: ["photo"],
  });
});

test("a text without a boundary or without names has no fields", () => {
  for (const text of [
    "",
    "a=b",
    "--x\r\n\r\nvalue\r\n--x--",
    '--x\r\nContent-Disposition: form-data; name="a"',
  ])
    expect(readMultipart(text), text).toEqual({ fields: {}, files: [] });
});
