import { Buffer } from "node:buffer";
import type { Random } from "@ape/core/lib/random";

/** Values of every type, and of sizes that nobody expects. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  2.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  "",
  "x",
  "\u0000",
  "\ud800",
  "__proto__",
  "${NAME}",
  "${NAME:-",
  "/caf%E9/%",
  "#/a/b",
  "http://[",
  "//",
  "1d",
  "9".repeat(400),
  "x".repeat(5_000),
  [],
  [null],
  [[]],
  {},
  { $ref: "#" },
  { a: { a: null } },
];
const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "$ref",
  "\ud800",
  "\u0000",
  "length",
  "0",
  "<<",
  "a b",
];
/** Words that mean something in one of the languages, as bytes. */
const WORDS = [
  "\u0000",
  "\ufeff",
  "null",
  '"',
  "'",
  "{",
  "}",
  "[",
  "]",
  "<",
  ">",
  "</form>",
  "<!--",
  "&#xD800;",
  ":",
  ",",
  "\r\n",
  "\n\n",
  "\t",
  "%",
  "%E9",
  "\\",
  "\\ud800",
  "9007199254740993123",
  "1e400",
  "-",
  "&a ",
  "*a",
  "? ",
  "!!js/function x",
  "<<: *a\n",
  "${",
  "$" + "{NAME}",
  "#",
  "/*",
  "`",
  "=>",
  "HTTP/1.1 999",
  "content-length: 9999999999999\r\n",
  "transfer-encoding: chunked\r\n",
  "type A { a: A }",
  "@x",
  "(".repeat(3_000),
  "[".repeat(3_000),
];

const pick = (random: Random, count: number): number => Math.floor(random() * count);
const oneOf = <T>(random: Random, list: readonly T[]): T => list[pick(random, list.length)] as T;

/** A JSON value with one to four of its parts made into something else: other types, odd keys, deep nesting. */
export function mutatedValue(value: unknown, random: Random): unknown {
  const copy = structuredClone(value);
  let whole: unknown = copy;
  for (let times = 1 + pick(random, 4); times > 0; times -= 1) {
    const places: [holder: Record<string, unknown>, key: string][] = [];
    const walk = (inner: unknown): void => {
      if (typeof inner !== "object" || inner === null || places.length > 5_000) return;
      for (const key of Object.keys(inner)) {
        places.push([inner as Record<string, unknown>, key]);
        walk((inner as Record<string, unknown>)[key]);
      }
    };
    walk(whole);
    if (places.length === 0) {
      whole = oneOf(random, VALUES);
      continue;
    }
    const [holder, key] = oneOf(random, places);
    const kind = pick(random, 6);
    if (kind === 0) delete holder[key];
    else if (kind === 1 && !Array.isArray(holder))
      define(holder, oneOf(random, KEYS), structuredClone(holder[key]));
    else if (kind === 2) holder[key] = nested(holder[key], 1 + pick(random, 200));
    else if (kind === 3) holder[key] = structuredClone(oneOf(random, places)[0]);
    else holder[key] = structuredClone(oneOf(random, VALUES));
  }
  return whole;
}

function define(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function nested(value: unknown, depth: number): unknown {
  let around = value;
  for (let level = 0; level < depth; level += 1) around = level % 2 === 0 ? [around] : { a: around };
  return around;
}

/** Text with one to six changes that know nothing of what it means, as bytes: UTF-8 that may be broken. */
export function mutatedBytes(text: string | Uint8Array, random: Random): Buffer {
  let bytes = Buffer.from(text as string);
  for (let times = 1 + pick(random, 6); times > 0; times -= 1) {
    const at = pick(random, bytes.length + 1);
    const until = Math.min(bytes.length, at + pick(random, 40));
    const kind = pick(random, 7);
    const part: Uint8Array =
      kind === 0
        ? Buffer.alloc(0)
        : kind === 1
          ? Buffer.concat([bytes.subarray(at, until), bytes.subarray(at, until)])
          : kind === 2
            ? Buffer.of(pick(random, 256))
            : Buffer.from(oneOf(random, WORDS));
    if (kind === 6) bytes = bytes.subarray(0, at);
    else bytes = Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(kind > 3 ? at : until)]);
  }
  // A text in another encoding, now and then.
  return pick(random, 40) === 0 ? Buffer.from(`\ufeff${bytes.toString("utf8")}`, "utf16le") : bytes;
}
