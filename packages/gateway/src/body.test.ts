import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { SecretMasker } from "@ape/core/lib/mask";
import { describe, expect, test } from "vitest";
import { readBody } from "./body.ts";
import type { HttpResponse } from "./http-exchange.ts";

const answer = (
  body: Buffer | string,
  headers: HttpResponse["headers"],
  more: Partial<HttpResponse> = {},
) => ({
  status: 200,
  headers,
  body: Buffer.from(body),
  cut: false,
  queue: 0,
  fresh: undefined,
  resent: false,
  firstByte: 1,
  bodyMs: 0,
  ...more,
});
const read = (body: Buffer | string, type?: string, more: Partial<HttpResponse> = {}, promisesJson = false) =>
  readBody(answer(body, type === undefined ? {} : { "content-type": type }, more), 1_000, promisesJson);

describe("the form of a body", () => {
  test.each([
    "application/json",
    "text/json",
    "APPLICATION/JSON; charset=utf-8",
    "application/problem+json",
    "application/vnd.api.v2+json",
  ])("%s is JSON", (type) => {
    expect(read('{"a":1}', type)).toEqual({ body: { kind: "json", json: { a: 1 }, bytes: 7 } });
  });

  test.each([
    "text/plain",
    "text/html; charset=utf-8",
    "application/xml",
    "application/x-www-form-urlencoded",
    "application/javascript",
    "application/x-javascript",
    "application/ecmascript",
    "application/graphql",
    "application/ndjson",
    "application/x-ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/json-seq",
    "application/yaml",
    "application/x-yaml",
    "application/toml",
    "application/sql",
    "application/x-sh",
    "application/csv",
    "application/atom+xml",
    "application/geo+json-seq",
    "image/svg+xml",
    undefined,
    "",
  ])("%s is text", (type) => {
    expect(read("a", type).body).toEqual({ kind: "text", text: "a", bytes: 1, cut: false });
  });

  test.each([
    "image/png",
    "application/octet-stream",
    "application/jsonp",
    "application/json5",
    "application/json.x",
    "application/csvx",
    "application/xmlx",
    "x-text/plain",
    "x-application/xml",
    "video/json",
  ])("%s is binary", (type) => {
    expect(read("abc", type)).toEqual({ body: { kind: "binary", bytes: 3, cut: false } });
  });

  test("a repeated content type counts by its first value, and a body of no bytes is empty", () => {
    expect(
      readBody(answer("1", { "content-type": ["application/json", "text/plain"] }), 9, false).body.kind,
    ).toBe("json");
    expect(readBody(answer("1", { "content-type": [] }), 9, false).body.kind).toBe("text");
    expect(read("", "application/json", {}, true)).toEqual({ body: { kind: "empty" } });
  });
});

test("where JSON was promised, a success of another type breaks the contract", () => {
  const contract = (message: string) => ({ code: "contract", message });
  expect(read("a", "text/plain; x=1", {}, true).error).toEqual(
    contract("answered text/plain where JSON was promised"),
  );
  expect(read("a", undefined, {}, true).error).toEqual(
    contract("answered no content type where JSON was promised"),
  );
  for (const status of [200, 299])
    expect(read("a", "image/png", { status }, true).error?.code).toBe("contract");
  for (const status of [199, 300, 404])
    expect(read("a", "image/png", { status }, true).error).toBeUndefined();
  expect(read("1", "application/json", {}, true).error).toBeUndefined();
});

describe("JSON that is none", () => {
  test("is a text with a broken contract", () => {
    expect(read('{"a":', "application/json")).toEqual({
      body: { kind: "text", text: '{"a":', bytes: 5, cut: false },
      error: { code: "contract", message: "the answer claims to be JSON and is not" },
    });
  });

  test.each([
    [")]}'\n", true],
    [")]}',\n", true],
    ["while(1);", true],
    ["for (;;);", true],
    ["for(i;;);", false],
    ["cb(", false],
  ])("unless only %j, which keeps a page from running it, is before it: %j", (before, isJson) => {
    expect(read(`${before}{"a":1}`, "application/json").error === undefined).toBe(isJson);
  });

  test("because it was cut says how much was read", () => {
    expect(read('{"a":', "application/json", { cut: true })).toEqual({
      body: { kind: "text", text: '{"a":', bytes: 5, cut: true },
      error: { code: "body_too_large", message: "the answer is longer than 1000 bytes" },
    });
    expect(read("", "application/json", { cut: true }).error?.code).toBe("body_too_large");
  });

  test("because it is not UTF-8 says so, unless another encoding is declared", () => {
    const bytes = Buffer.from('"caf\xe9"', "latin1");
    expect(read(bytes, "application/json")).toMatchObject({
      body: { kind: "text", text: '"café"' },
      error: { code: "contract", message: "the JSON is not valid UTF-8" },
    });
    expect(read(bytes, "application/json; charset=iso-8859-1").body).toMatchObject({ json: "café" });
  });
});

test.each<[string, Buffer]>([
  ["UTF-8 with a byte-order mark", Buffer.from('\ufeff{"a":"é"}')],
  ["UTF-16 with a byte-order mark", Buffer.from('\ufeff{"a":"é"}', "utf16le")],
  ["big-endian UTF-16 with a mark", Buffer.from('\ufeff{"a":"é"}', "utf16le").swap16()],
  ["UTF-16 without a mark", Buffer.from('{"a":"é"}', "utf16le")],
  ["big-endian UTF-16 without a mark", Buffer.from('{"a":"é"}', "utf16le").swap16()],
])("JSON is read in %s", (_, bytes) => {
  expect(read(bytes, "application/json").body).toMatchObject({ kind: "json", json: { a: "é" } });
});

test("JSON of one byte or with a zero byte elsewhere is no UTF-16", () => {
  expect(read("1", "application/json").body).toMatchObject({ kind: "json", json: 1 });
  expect(read(Buffer.from([0, 0x31, 0]), "application/json").error?.code).toBe("contract");
  expect(read(Buffer.from("é1", "utf8"), "application/json").error?.message).toContain("is not");
});

test.each<[string, Buffer, string | undefined, string, string]>([
  ["the content type", Buffer.from("\xe9", "latin1"), "text/plain; charset=latin1", "é", "windows-1252"],
  ["nothing, as UTF-8", Buffer.from("é"), "text/plain", "é", "utf-8"],
  ["nothing, as windows-1252", Buffer.from("\xe9", "latin1"), "text/plain", "é", "windows-1252"],
  [
    "a meta of a page",
    Buffer.from('<meta charset="latin1">\xe9', "latin1"),
    "text/html",
    '<meta charset="latin1">é',
    "windows-1252",
  ],
  [
    "an old meta",
    Buffer.from("<meta content='text/html; charset = koi8-r'>\xc1", "latin1"),
    "text/html",
    "<meta content='text/html; charset = koi8-r'>а",
    "koi8-r",
  ],
  [
    "an XML declaration",
    Buffer.from("  <?xml version='1.0' encoding = 'koi8-r'?>\xc1", "latin1"),
    "application/xml",
    "  <?xml version='1.0' encoding = 'koi8-r'?>а",
    "koi8-r",
  ],
  [
    "UTF-16 that a page in ASCII claims",
    Buffer.from('<meta charset="utf-16">é'),
    "text/html",
    '<meta charset="utf-16">é',
    "utf-8",
  ],
])("a text is decoded as %s says", (_, bytes, type, text, encoding) => {
  expect(read(bytes, type)).toEqual({
    body: { kind: "text", text, bytes: bytes.length, cut: false },
    encoding,
  });
});

test("an encoding is looked for in the first 1,024 bytes, and an XML declaration at the beginning only", () => {
  const page = (before: string) =>
    read(Buffer.from(`${before}<meta charset="koi8-r">\xc1`, "latin1"), "text/html");
  expect(page(" ".repeat(1_024 - 22)).encoding).toBe("koi8-r");
  expect(page(" ".repeat(1_024)).encoding).toBe("windows-1252");
  expect(read(Buffer.from("x<?xml encoding='koi8-r'?>\xc1", "latin1"), "text/xml").encoding).toBe(
    "windows-1252",
  );
});

test("a text that was cut within a character is still UTF-8", () => {
  expect(read(Buffer.from("aé").subarray(0, 2), "text/plain", { cut: true })).toMatchObject({
    body: { text: "a\ufffd", cut: true },
    encoding: "utf-8",
  });
});

test("secrets are replaced in texts and in JSON", () => {
  const secrets = new SecretMasker();
  secrets.add("hunter2-hunter2", "KEY");
  expect(read("a hunter2-hunter2", "text/plain", { secrets }).body).not.toMatchObject({
    text: expect.stringContaining("hunter2"),
  });
  expect(JSON.stringify(read('{"a":"hunter2-hunter2"}', "application/json", { secrets }))).not.toContain(
    "hunter2",
  );
  expect(read('{"a":"b"}', "application/json", { secrets }).body).toMatchObject({ json: { a: "b" } });
});

describe("content codings", () => {
  const coded = (
    body: Buffer,
    encoding: string | string[],
    more: Partial<HttpResponse> = {},
    maxBody = 1_000,
  ) =>
    readBody(
      answer(body, { "content-type": "text/plain", "content-encoding": encoding }, more),
      maxBody,
      false,
    );
  const text = { body: { kind: "text", text: "hello", bytes: 5, cut: false } };
  const hello = Buffer.from("hello");

  test.each<[string | string[], Buffer]>([
    ["gzip", gzipSync(hello)],
    ["X-GZIP", gzipSync(hello)],
    ["deflate", deflateSync(hello)],
    ["deflate", deflateRawSync(hello)],
    ["br", brotliCompressSync(hello)],
    ["gzip, br", brotliCompressSync(gzipSync(hello))],
    [["gzip", "br"], brotliCompressSync(gzipSync(hello))],
    ["gzip,gzip,gzip,gzip", gzipSync(gzipSync(gzipSync(gzipSync(hello))))],
    ["gzip, , identity", gzipSync(hello)],
    ["identity", hello],
    ["none", hello],
    ["utf8", hello],
    ["UTF-8", hello],
    ["us-ascii", hello],
    ["iso-8859-15", hello],
    ["windows-1252", hello],
    ["8bit", hello],
    ["", hello],
  ])("%j is undone", (encoding, bytes) => {
    expect(coded(bytes, encoding)).toMatchObject(text);
  });

  test.each([
    "zstd",
    "gzip,zstd",
    "xidentity",
    "identityx",
    "iso-8859-",
    "iso-8859-123",
    "9bit",
    "gzip,gzip,gzip,gzip,gzip",
  ])("%s was not asked for", (encoding) => {
    expect(coded(hello, encoding)).toEqual({
      body: { kind: "binary", bytes: 5, cut: false },
      error: { code: "contract", message: `the answer is encoded as ${encoding}, which was not asked for` },
    });
  });

  test("an empty body has no coding, and a broken one is named", () => {
    expect(coded(Buffer.alloc(0), "zstd")).toEqual({ body: { kind: "empty" } });
    expect(coded(hello, "gzip").error).toEqual({
      code: "contract",
      message: "the answer is not what its content-encoding gzip says",
    });
    expect(coded(hello, "z".repeat(61)).error?.message).toContain(` ${"z".repeat(60)}, which`);
  });

  test("a coded body that was cut, or that would grow beyond the limit, is not read", () => {
    const unread = { body: { kind: "text", text: "", bytes: 0, cut: true } };
    expect(coded(gzipSync(hello), "gzip", { cut: true })).toMatchObject(unread);
    expect(coded(gzipSync(hello), "gzip", {}, 4)).toMatchObject(unread);
    expect(coded(gzipSync(hello), "gzip", {}, 5)).toMatchObject(text);
    expect(coded(hello, "identity", { cut: true })).toMatchObject({ body: { text: "hello", cut: true } });
  });
});

describe("codings that were not requested", () => {
  const json = { body: { kind: "json", json: { a: 1 }, bytes: 7 } };

  test.each([
    ["gzip, chunked", gzipSync('{"a":1}')],
    ["deflate, chunked", deflateRawSync('{"a":1}')],
    ["x-gzip", gzipSync('{"a":1}')],
    ["identity, chunked", Buffer.from('{"a":1}')],
    ["chunked;a=b", Buffer.from('{"a":1}')],
  ])("the transfer coding %s is undone", (coding, body) => {
    const headers = { "content-type": "application/json", "transfer-encoding": coding };
    expect(readBody(answer(body, headers), 1_000, false)).toEqual(json);
  });

  test("transfer codings are undone before content codings", () => {
    const headers = {
      "content-type": "application/json",
      "content-encoding": "br",
      "transfer-encoding": ["gzip", "chunked"],
    };
    const body = gzipSync(brotliCompressSync('{"a":1}'));
    expect(readBody(answer(body, headers), 1_000, false)).toEqual(json);
  });

  test("a transfer coding that is not known, or not what it says, is named", () => {
    const headers = (coding: string) => ({ "transfer-encoding": coding });
    expect(readBody(answer("x", headers("compress, chunked")), 1_000, false).error?.message).toBe(
      "the answer is encoded as compress, which was not asked for",
    );
    expect(readBody(answer("x", headers("gzip, chunked")), 1_000, false).error?.message).toBe(
      "the answer is not what its content-encoding gzip says",
    );
  });

  test.each([true, false])("JSON in UTF-32 is read (little-endian: %j)", (isLittle) => {
    const points = Array.from('{"a":1}', (one) => [one.charCodeAt(0), 0, 0, 0]);
    const bytes = Buffer.from(points.flatMap((four) => (isLittle ? four : four.toReversed())));
    expect(read(bytes, "application/json")).toEqual({ body: { ...json.body, bytes: 28 } });
  });
});
