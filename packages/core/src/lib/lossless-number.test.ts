import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonObject, type Json } from "./json.ts";
import {
  isNumber,
  isRounded,
  LosslessNumber,
  numberFrom,
  parseJson,
  withDoubles,
  withMarks,
  withoutMarks,
  writeJson,
} from "./lossless-number.ts";

const KEPT = [
  "9007199254740993123",
  "-9223372036854775807",
  "18446744073709551615",
  "12345678901234567890.5",
  "0.12345678901234567890",
  "1.10",
  "20.0",
  "1e3",
  "1E+400",
  "-5E-7",
  "0.0000001",
  "-0.00000025",
  "10.0000000000000000",
];

test.each(KEPT)("%s keeps its digits, wherever it is", (number) => {
  for (const text of [number, `[${number}]`, `{"a":{"b":[1,${number}]},"c":"x ${number}, y"}`])
    expect(writeJson(parseJson(text))).toBe(text);
  expect(parseJson(`{ "id" : ${number} }`)).toEqual({ id: LosslessNumber.of(number) });
});

test("whatever a JSON text holds, it is written back the same", () => {
  const number = fc.oneof(
    fc.constantFrom(...KEPT, "0", "12.5", "-3"),
    fc
      .tuple(fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 20n }))
      .map(([whole, digits]) => `${whole}.${digits}`),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
  );
  const text = fc
    .oneof(fc.string(), fc.string({ unit: fc.constantFrom("\\", '"', "1", "e", ".", "0") }))
    .map((value) => JSON.stringify(value));
  const list = fc.array(fc.oneof(number, text)).map((items) => `[${items.join(",")}]`);
  const object = fc
    .uniqueArray(fc.tuple(text, fc.oneof(number, text, list)), { selector: ([name]) => name })
    .map((fields) => `{${fields.map(([name, value]) => `${name}:${value}`).join(",")}}`);
  fc.assert(
    fc.property(fc.oneof(list, object), (json) => {
      fc.pre(!/"(?:__proto__|\d+)":/.test(json) && !/[[:,]-0[,\]}]/.test(json));
      expect(writeJson(parseJson(json))).toBe(json);
    }),
    { numRuns: 1_000 },
  );
});

test("a number that a double holds stays one", () => {
  const text = '{"a":[1,-2.5,0,9007199254740991,1.25e-7,1754300000123.456],"at":"10:30:00.500"}';
  expect(parseJson(text)).toEqual(JSON.parse(text));
  expect(parseJson("[-0]")).toEqual([-0]);
});

test("equal digits are equal values, and different ones are not", () => {
  const read = parseJson("[9007199254740993123,9007199254740993123,9007199254740993124]") as Json[];
  expect(read[0]).toBe(read[1]);
  expect(read[0]).not.toBe(read[2]);
  expect(new Set(read).size).toBe(2);
  expect(String(read[2])).toBe("9007199254740993124");
  expect(isNumber(read[0])).toBe(true);
  expect(isJsonObject(read[0])).toBe(false);
});

test("text that looks like a kept number stays text", () => {
  const before = JSON.stringify({ a: LosslessNumber.of("9007199254740993123") });
  expect(before).toBe('{"a":9007199254740993000}');
  const text = '{"a":9007199254740993123,"b":"9007199254740993123","number-x:1":"number-x:\\\\\\"12"}';
  expect(writeJson(parseJson(text))).toBe(text);
  expect(writeJson(parseJson('{"__proto__":9007199254740993123}'))).toBe('{"__proto__":9007199254740993123}');
});

test("deeply nested answers are read", () => {
  const depth = 50_000;
  const text = `${"[".repeat(depth)}9007199254740993123${"]".repeat(depth)}`;
  let value = parseJson(text);
  while (Array.isArray(value)) [value] = value;
  expect(String(value)).toBe("9007199254740993123");
});

test("what is no JSON is refused as JSON.parse does it", () => {
  for (const text of ["", "{", "[1.]", "[01]", "[9007199254740993123", "9007199254740993123 x", "[1.10,]"])
    expect(() => parseJson(text)).toThrow(SyntaxError);
});

test("any JSON comes back as it was written", () => {
  const number = fc.oneof(
    fc.bigInt().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  );
  const text = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      number.map((one) => one.replace("e+", "e")),
      fc.string({ unit: "binary" }).map((one) => JSON.stringify(one)),
      fc.array(tie("any")).map((list) => `[${list.join(",")}]`),
      fc
        .uniqueArray(
          fc.tuple(
            fc.string().map((key) => `k${key}`),
            tie("any"),
          ),
          { selector: ([key]) => key },
        )
        .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
    ),
  })).any;
  fc.assert(
    fc.property(text, (one) => {
      expect(writeJson(parseJson(one))).toBe(one);
      expect(withDoubles(parseJson(one))).toEqual(JSON.parse(one));
    }),
  );
});

test("a text is read as the number that it writes", () => {
  expect(numberFrom("12")).toBe(12);
  expect(numberFrom("9007199254740993123")).toBe(LosslessNumber.of("9007199254740993123"));
  expect(numberFrom("0x10")).toBe(16);
  expect(numberFrom("x")).toBeNaN();
});

test("what another writer of JSON writes gets its digits back", () => {
  const text = '{"a":[9007199254740993123,{"b":1.10}],"c":"9007199254740993123"}';
  expect(withoutMarks(JSON.stringify(withMarks(parseJson(text))))).toBe(text);
  const plain = { a: 1 };
  expect(withMarks(plain)).toBe(plain);
});

test.each([
  ["9007199254740993", true],
  ["9007199254740992", false],
  ["9007199254740994", false],
  ["-12345678901234567890", true],
  ["12345678901234567000", false],
  ["1.2345678901234567890e19", true],
  ["100000000000000000000", false],
  ["1e30", false],
  ["0.12345678901234567890", false],
  ["9223372036854775808", true],
  ["9223372036854775807", true],
  ["12345678901234567x", false],
])("%s is rounded by a double: %s", (text, expected) => {
  expect(isRounded(text)).toBe(expected);
});
