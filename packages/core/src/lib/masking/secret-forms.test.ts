import { expect, test } from "vitest";
import { secretForms } from "./secret-forms.ts";

test.each<[string, string[]]>([
  ["abc", []],
  ["abcd", ["61626364", "YWJjZA"]],
  ["a b/ü'!", ["a%20b%2F%C3%BC'!", "a%20b%2f%c3%bc'!", "a%20b%2F%C3%BC%27%21", "a+b%2F%C3%BC%27%21"]],
  ["(a*)", ["%28a%2A%29"]],
  ['a"/\u007f', ['a\\"/\u007f', 'a\\"\\/\u007f', 'a\\"/\\u007f']],
  [
    "<a&'b'\">",
    [
      "&lt;a&amp;'b'\"&gt;",
      "&lt;a&amp;'b'&quot;&gt;",
      "&lt;a&amp;&#39;b&#39;&quot;&gt;",
      "&lt;a&amp;&#x27;b&#x27;&quot;&gt;",
      "&lt;a&amp;&apos;b&apos;&quot;&gt;",
    ],
  ],
  ["zz~~??", ["enp+fj8/", "enp-fj8_", "7A7A7E7E3F3F", "7a7a7e7e3f3f"]],
  ["%41%42%43%44%45%46", ["ABCDEF"]],
  ["%2525252541BCDEF", ["%41BCDEF"]],
])("%j has the forms %j", (value, forms) => {
  const found = secretForms(value);
  expect(found[0]).toBe(value);
  expect(found).toEqual(expect.arrayContaining(forms));
  expect(new Set(found).size).toBe(found.length);
  if (forms.length === 0) expect(found).toEqual([value]);
});

test("a secret within a longer text in base64 has a form for each place", () => {
  for (const before of ["", "x", "xx", "xxx"])
    for (const after of ["", "y", "yy"]) {
      const text = Buffer.from(`${before}s3cr3t!${after}`).toString("base64");
      expect(secretForms("s3cr3t!").some((form) => form.length > 6 && text.includes(form))).toBe(true);
    }
  expect(
    secretForms("short").filter((form) => Buffer.from("xshort").toString("base64").includes(form)),
  ).toEqual([]);
});

test("what decodes to a short text has no decoded form", () => {
  expect(secretForms("%41%42%43%44%45")).not.toContain("ABCDE");
});
