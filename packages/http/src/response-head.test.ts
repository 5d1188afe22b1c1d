import { expect, test } from "vitest";
import { BODY_CHUNKED, BODY_UNTIL_CLOSE, parseFields, parseResponseHead } from "./response-head.ts";

const head = (lines: string, toHead = false) => parseResponseHead(`HTTP/1.1 200 OK\r\n${lines}\r\n`, toHead);

test.each<[string, string | undefined]>([
  ["HTTP/1.1 200 OK", "1 200 OK"],
  ["HTTP/1.0 200 OK", "0 200 OK"],
  ["HTTP/1.1 200", "1 200 "],
  ["HTTP/1.1 200 ", "1 200 "],
  ["HTTP/1.1 200 \xe9\t~", "1 200 \xe9\t~"],
  ["HTTP/1.2 200 OK", undefined],
  ["xHTTP/1.1 200 OK", undefined],
  ["HTTP/1.1 2000", undefined],
  ["HTTP/1.1 200 \x7f", undefined],
  ["HTTP/1.1 200OK", undefined],
  ["HTTP/1.1 099 Early", undefined],
  ["HTTP/1.1 999 Late", "1 999 Late"],
])("the status line %j is read as %j", (line, read) => {
  const parse = () => {
    const { status, message, keepAlive } = parseResponseHead(`${line}\r\n\r\n`, false);
    return `${keepAlive ? 1 : 0} ${status} ${message}`;
  };
  if (read === undefined) expect(parse).toThrow(/^no status line$/);
  else expect([parse(), parse()]).toEqual([read, read]);
});

test.each<[string, number | string]>([
  ["", BODY_UNTIL_CLOSE],
  ["content-length: 0\r\n", 0],
  ["content-length: 7\r\n", 7],
  ["content-length: 7, 07\r\n", 7],
  ["content-length: 7\r\ncontent-length: 7\r\n", 7],
  ["content-length: 999999999999999\r\n", 999_999_999_999_999],
  ["content-length: 9999999999999999\r\n", "an invalid content-length"],
  ["content-length: x7\r\n", "an invalid content-length"],
  ["content-length: 7x\r\n", "an invalid content-length"],
  ["content-length: 7,\r\n", "an invalid content-length"],
  ["content-length: 7, 8\r\n", "two different content-lengths"],
  ["transfer-encoding: chunked\r\n", BODY_CHUNKED],
  ["transfer-encoding: gzip, Chunked\r\n", BODY_CHUNKED],
  ["transfer-encoding: gzip\r\ntransfer-encoding: chunked\r\n", BODY_CHUNKED],
  ["transfer-encoding: chunked, gzip\r\n", BODY_UNTIL_CLOSE],
  ["transfer-encoding: xchunked\r\n", BODY_UNTIL_CLOSE],
  ["transfer-encoding: chunked ;a=b\r\n", BODY_CHUNKED],
  ["transfer-encoding: chunked;a=b, gzip\r\n", BODY_UNTIL_CLOSE],
  ["transfer-encoding: identity\r\ncontent-length: 7\r\n", 7],
  ["transfer-encoding: identity2\r\ncontent-length: 7\r\n", BODY_UNTIL_CLOSE],
  ["transfer-encoding: my identity\r\ncontent-length: 7\r\n", BODY_UNTIL_CLOSE],
])("with %j the content has the length %j", (lines, length) => {
  if (typeof length === "string") expect(() => head(lines)).toThrow(new RegExp(`^${length}$`));
  else expect(head(lines).length).toBe(length);
});

test.each([
  [199, 0],
  [200, 7],
  [204, 0],
  [205, 7],
  [304, 0],
  [305, 7],
])("an answer of %d has content of the length %d, of none to HEAD", (status, length) => {
  const text = `HTTP/1.1 ${status} X\r\ncontent-length: 7\r\n\r\n`;
  expect(parseResponseHead(text, false).length).toBe(length);
  expect(parseResponseHead(text, true).length).toBe(0);
});

test.each<[string, string, boolean]>([
  ["1", "", true],
  ["1", "connection: keep-alive\r\n", true],
  ["1", "connection: close\r\n", false],
  ["1", "connection: x, Close\r\n", false],
  ["1", "connection: x\r\nconnection: close\r\n", false],
  ["1", "connection: enclosed\r\n", true],
  ["0", "", false],
  ["0", "connection: keep-alive\r\n", true],
  ["0", "connection: x, Keep-Alive\r\n", true],
  ["0", "connection: x\r\n", false],
  ["1", "content-length: 1\r\ntransfer-encoding: chunked\r\n", false],
])("HTTP/1.%s with %j lives on: %j", (version, lines, lives) => {
  expect(parseResponseHead(`HTTP/1.${version} 200 OK\r\n${lines}\r\n`, false).keepAlive).toBe(lives);
});

test.each<[string, number | undefined]>([
  ["timeout=5", 5_000],
  ["timeout=75", 75_000],
  ["max=9, Timeout=5", 5_000],
  ["max=9;timeout=5", 5_000],
  ["xtimeout=5", undefined],
  ["timeout=x", undefined],
  ["5", undefined],
])("keep-alive: %s is %j ms", (value, ms) => {
  expect(head(`keep-alive: ${value}\r\n`).keepAliveMs).toBe(ms);
  expect(head("").keepAliveMs).toBeUndefined();
});

test.each<[string, object | string]>([
  ["", {}],
  ["a: 1", { a: "1" }],
  ["a: 1\nB:2\r\n", { a: "1", b: "2" }],
  ["a:\t 1 \t\r\n\r\nb: 2", { a: "1" }],
  ["a \t: 1\r\n", { a: "1" }],
  ["a:\r\n", { a: "" }],
  ["a: \t \r\n", { a: "" }],
  ["a: 1\r\na: 2\r\na: 3\r\n", { a: ["1", "2", "3"] }],
  ["a: 1\r\n \t2 \r\n 3\r\nb: 4\r\n", { a: "1 2 3", b: "4" }],
  ["a: b:c\r\n", { a: "b:c" }],
  ["a\r\nb: 1\r\n", "a header without a colon"],
  ["a", "a header without a colon"],
  [": 1\r\n", "an invalid header name"],
  ["a b: 1\r\n", "an invalid header name"],
  [" a: 1\r\n", "an invalid header name"],
  ["a: \0\r\n", "a header with a control character"],
  ["a: 1\r\n \x01\r\n", "a header with a control character"],
  ["a: 1\r2\r\n", "a header with a control character"],
])("the lines %j are the fields %j", (lines, fields) => {
  if (typeof fields === "string") expect(() => parseFields(lines, 0)).toThrow(new RegExp(`^${fields}$`));
  else expect({ ...parseFields(lines, 0) }).toEqual(fields);
});
