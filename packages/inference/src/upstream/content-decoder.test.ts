import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ContentDecoder, codingOf, decodeWhole } from "./content-decoder.ts";

const TEXT = "Grüße ".repeat(2_000);
const CODED = [
  ["gzip", gzipSync(TEXT)],
  ["x-gzip", gzipSync(TEXT)],
  ["deflate", deflateSync(TEXT)],
  ["deflate", deflateRawSync(TEXT)],
  ["br", brotliCompressSync(TEXT)],
] as const;

test.each([
  ["gzip", "gzip"],
  [" GZip ", "gzip"],
  ["x-gzip", "x-gzip"],
  ["deflate", "deflate"],
  ["br", "br"],
  ["identity", undefined],
  ["gzip, br", undefined],
  [["br"], "br"],
  [undefined, undefined],
])("the content-encoding %j is the coding %j", (header, coding) => {
  expect(codingOf(header)).toBe(coding);
});

test.each(CODED)("%s is decoded, whole and in parts whose memory is used again", async (coding, bytes) => {
  expect(decodeWhole(coding, bytes).toString()).toBe(TEXT);
  let said = "";
  const buffer = Buffer.alloc(7);
  await new Promise<void>((resolve, reject) => {
    const decoder = new ContentDecoder(coding, {
      data: (part) => {
        said += part.toString("latin1");
      },
      end: resolve,
      fail: reject,
    });
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const length = bytes.copy(buffer, 0, at);
      decoder.push(buffer.subarray(0, length));
    }
    decoder.end();
  });
  expect(Buffer.from(said, "latin1").toString()).toBe(TEXT);
});

test("nothing is decoded to nothing, what is not of the coding fails, and what is over is told no more", async () => {
  expect(decodeWhole("gzip", Buffer.alloc(0))).toHaveLength(0);
  expect(() => decodeWhole("gzip", Buffer.from("text"))).toThrow();
  const told: string[] = [];
  const events = {
    data: () => void told.push("data"),
    end: () => void told.push("end"),
    fail: () => void told.push("fail"),
  };
  new ContentDecoder("gzip", events).end();
  expect(told).toEqual(["end"]);
  const bad = new ContentDecoder("gzip", events);
  bad.push(Buffer.from("text"));
  await expect.poll(() => told).toEqual(["end", "fail"]);
  const closed = new ContentDecoder("gzip", events);
  closed.close();
  closed.push(gzipSync("x"));
  closed.close();
  await new Promise(setImmediate);
  expect(told).toEqual(["end", "fail"]);
});
