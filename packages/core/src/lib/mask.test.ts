import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { maskSecrets, SecretMasker } from "./mask.ts";
import { secretForms } from "./masking/secret-forms.ts";

const named = (entries: Record<string, string>, names: readonly string[] = []): SecretMasker => {
  const masker = new SecretMasker({ names: [...names, ...Object.keys(entries)] });
  for (const [name, value] of Object.entries(entries)) masker.add(value, name);
  return masker;
};

test("every occurrence of every secret is replaced, and nothing else", () => {
  expect(maskSecrets("a hunter22 b hunter22 tok-9999", ["hunter22", "tok-9999"])).toBe("a *** b *** ***");
  expect(maskSecrets("a b c", ["b"])).toBe("a b c");
  expect(maskSecrets("", ["hunter22"])).toBe("");
});

const SECRET = `p&ss "w/örd'<+>`;
test.each([
  ["itself", SECRET],
  ["percent-encoded", encodeURIComponent(SECRET)],
  [
    "percent-encoded in lower case",
    encodeURIComponent(SECRET).replaceAll(/%../g, (code) => code.toLowerCase()),
  ],
  ["a form value", new URLSearchParams({ p: SECRET }).toString().slice(2)],
  ["JSON", JSON.stringify(SECRET).slice(1, -1)],
  ["JSON with escaped slashes", JSON.stringify(SECRET).slice(1, -1).replaceAll("/", "\\/")],
  ["JSON in ASCII", JSON.stringify(SECRET).slice(1, -1).replaceAll("ö", "\\u00f6")],
  ["HTML", "p&amp;ss &quot;w/örd&#39;&lt;+&gt;"],
  ["HTML text", "p&amp;ss \"w/örd'&lt;+&gt;"],
  ["base64", Buffer.from(SECRET).toString("base64")],
  ["base64url", Buffer.from(SECRET).toString("base64url")],
  ["the bytes of a buffer in JSON", JSON.stringify([...Buffer.from(SECRET)]).slice(1, -1)],
  ["a list of bytes", [...Buffer.from(SECRET)].join(", ")],
  ["a dump of bytes", /<Buffer (.*)>/.exec(inspect(Buffer.from(SECRET)))?.[1]],
  ["octal escapes", SECRET.replace("ö", "\\303\\266")],
])("a secret as %s is masked", (_, form) => {
  expect(maskSecrets(`x ${form} y`, [SECRET])).toMatch(/^x \*{3}=* y$/);
});

test("a secret that is part of a column's name or of a placeholder does not break them", () => {
  const masker = named({ password: "pass", word: "word" });
  expect(masker.mask("the password is pass, and {{password}} stays")).toBe(
    "the password is {{password}}, and {{password}} stays",
  );
  expect(masker.mask('{"password":"pass","x":"word"}')).toBe('{"password":"{{password}}","x":"{{word}}"}');
  const same = named({ password: "password" });
  expect(same.mask('{"password":"password"}')).toBe('{"password":"{{password}}"}');
  expect(same.mask("password=password&x=1")).toBe("password={{password}}&x=1");
  expect(masker.mask("{{pass}}")).toBe("{{{{password}}}}");
});

test("what was put in place of a secret is not masked again", () => {
  const masker = named({ alpha: "hunter22", beta: "alpha" });
  expect(masker.mask("hunter22 alpha")).toBe("{{alpha}} alpha");
  const short = named({ password: "hunter22", pin: "word" });
  expect(short.mask("hunter22 word")).toBe("{{password}} {{pin}}");
});

test.each([
  ['{"cvv":"123","total":1123}', '{"cvv":"{{cvv}}","total":1123}'],
  ['{"cvv":123}', '{"cvv":{{cvv}}}'],
  ['{"a":[123,4]}', '{"a":[{{cvv}},4]}'],
  ["/pay?cvv=123&x=1123", "/pay?cvv={{cvv}}&x=1123"],
  ["cvv=123", "cvv={{cvv}}"],
  ["x-cvv: 123", "x-cvv: {{cvv}}"],
  ["123", "{{cvv}}"],
  ["order 123 costs 1,123 at /p/123", "order 123 costs 1,123 at /p/123"],
  ["a123b id-123", "a123b id-123"],
])("a short secret in %s is masked as a whole value only", (text, masked) => {
  expect(named({ cvv: "123" }).mask(text)).toBe(masked);
});

test("a short secret of letters is masked as a value, and a digit is no secret where it is a number", () => {
  const masker = named({ code: "ab", pin: "7" });
  expect(masker.mask('{"a":"ab","b":"cab","n":7,"m":"7"}')).toBe(
    '{"a":"{{code}}","b":"cab","n":7,"m":"{{pin}}"}',
  );
  expect(masker.maskNumber("7")).toBeUndefined();
});

test("digits are not masked within a longer number", () => {
  const masker = named({ pin: "1234" });
  expect(masker.mask("1234 12345 01234 x1234y {1234}")).toBe("{{pin}} 12345 01234 x{{pin}}y {{{pin}}}");
});

test("the longest of two secrets that begin alike is replaced whole", () => {
  expect(maskSecrets("token-1234-5678 token-1234", ["token-1234", "token-1234-5678"])).toBe("*** ***");
});

test("a secret that is forgotten is no longer masked, and those of the base are", () => {
  const base = new SecretMasker();
  base.add("of-config");
  const masker = new SecretMasker({ base });
  masker.add("of-session", "token");
  expect(masker.mask("of-config of-session")).toBe("*** {{token}}");
  masker.delete("of-session");
  expect(masker.mask("of-config of-session")).toBe("*** of-session");
});

test("no secret is left in a text that holds it in any form, among few secrets or many", () => {
  const secret = fc
    .string({ unit: "grapheme", minLength: 6, maxLength: 20 })
    .filter((text) => /[^\d\s]{4}/.test(text));
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.nat(),
      (secrets, which, form) => {
        const value = secrets[which % secrets.length] as string;
        const forms = secretForms(value);
        const text = `before ${forms[form % forms.length]} after`;
        expect(maskSecrets(text, secrets)).not.toContain(forms[form % forms.length]);
      },
    ),
  );
});

test("a text without secrets comes back as it is", () => {
  const secrets = Array.from({ length: 500 }, (_, i) => `secret-number-${i}-of-many`);
  const text = "an ordinary answer with words and numbers 12345 ".repeat(50);
  expect(maskSecrets(text, secrets)).toBe(text);
  expect(maskSecrets(`${text}secret-number-77-of-many`, secrets)).toBe(`${text}***`);
});

test.each([
  ["abc", undefined, "xabcx abc", "xabcx abc"],
  ["abcd", undefined, "xabcdx abcd", "x***x ***"],
  ["abcdefg", 8, "xabcdefgx", "xabcdefgx"],
  ["abcdefg", 8, '{"a":"abcdefg"}', '{"a":"***"}'],
  ["abcdefgh", 8, "xabcdefghx", "x***x"],
])("%s with minInText %j: %s is shown as %s", (secret, minInText, text, shown) => {
  const masker = new SecretMasker(minInText === undefined ? {} : { minInText });
  masker.add(secret);
  expect(masker.mask(text)).toBe(shown);
});

test.each([
  ["99", undefined],
  ["999", "***"],
])("the number %s is masked as %j", (secret, shown) => {
  const masker = new SecretMasker();
  masker.add(secret);
  expect(masker.maskNumber(secret)).toBe(shown);
});

test("of two secrets at one place the longer is masked, of two places the first", () => {
  const masker = new SecretMasker();
  for (const [value, name] of [
    ["abcd", "a"],
    ["abcdef", "b"],
    ["xyzw", "c"],
  ] as const)
    masker.add(value, name);
  expect(masker.mask("xyzw abcdef abcd abcdefabcd")).toBe("{{c}} {{b}} {{a}} {{b}}{{a}}");
});

test("a placeholder that a secret is part of stays, one that is none does not", () => {
  const masker = new SecretMasker({ names: ["my-secret-name", "n".repeat(90)] });
  masker.add("secret");
  expect(masker.mask("{{my-secret-name}} {{other-secret}} my-secret-name secret")).toBe(
    "{{my-secret-name}} {{other-***}} my-secret-name ***",
  );
  expect(masker.mask("{{ my-secret-name }}")).toBe("{{ my-secret-name }}");
  expect(masker.mask("{{unclosed secret")).toBe("{{unclosed ***");
});

test.each([
  ["[123]", "[***]"],
  ["[1,123]", "[1,***]"],
  ["[123,1]", "[***,1]"],
  ["a,123", "a,123"],
  ["(123]", "(123]"],
  ['{"a":"123"}', '{"a":"***"}'],
  ['{"123":1}', '{"123":1}'],
  ['\\"123\\"', '\\"***\\"'],
  ["a=123&b", "a=***&b"],
  ["a=123b", "a=123b"],
  ["a: 123;", "a: ***;"],
  ["a 123", "a 123"],
])("a short number in %s is masked as a whole value: %s", (text, shown) => {
  const masker = new SecretMasker();
  masker.add("123");
  expect(masker.mask(text)).toBe(shown);
});

test("a list of bytes in JSON is masked where it holds a secret", () => {
  const masker = new SecretMasker();
  masker.add("s3cret-word");
  const bytes = (text: string): number[] => [...Buffer.from(text)];
  expect(masker.maskJson({ data: bytes("s3cret-word") })).toEqual({ data: "***" });
  expect(masker.maskJson(bytes("a s3cret-word."))).toBe("97,32,***,46");
  const others = { data: bytes("another word"), list: [1, "s3cret", 3, 4, 5, 6, 7] };
  expect(masker.maskJson(others)).toBe(others);
});

test("a value of JSON is masked wherever a secret stands in it, and stays itself where none does", () => {
  const masker = new SecretMasker();
  masker.add("s3cret");
  expect(masker.maskJson("my s3cret")).toBe("my ***");
  expect(masker.maskJson([1, "s3cret", true, null])).toEqual([1, "***", true, null]);
  expect(masker.maskJson({ s3cret: 1, a: { b: ["s3cret"] } })).toEqual({ "***": 1, a: { b: ["***"] } });
  const plain = { a: [1, "x"], b: null };
  expect(masker.maskJson(plain)).toBe(plain);
  expect([masker.maskJson(true), masker.maskJson(null), masker.maskJson(12)]).toEqual([true, null, 12]);
});
