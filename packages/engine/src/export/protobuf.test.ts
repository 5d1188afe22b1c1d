import fc from "fast-check";
import { compress, uncompress } from "snappyjs";
import { expect, test } from "vitest";
import { ProtobufWriter } from "./protobuf.ts";

test("fields are encoded as the encoding guide shows", () => {
  const writer = new ProtobufWriter();
  writer.unsigned(1, 150);
  writer.string(2, "testing");
  expect(writer.finish().toString("hex")).toBe("08960112 07 74657374696e67".replaceAll(" ", ""));
});

test("numbers beyond 32 bits, doubles and long texts are whole", () => {
  const writer = new ProtobufWriter();
  writer.unsigned(2, 1_795_416_744_123);
  writer.double(1, 0.5);
  writer.string(3, "ü".repeat(400));
  const bytes = writer.finish();
  let value = 0n;
  for (let i = 0; i < 6; i += 1) value |= BigInt((bytes[1 + i] as number) & 0x7f) << BigInt(7 * i);
  expect(value).toBe(1_795_416_744_123n);
  expect(bytes[7]).toBe((1 << 3) | 1);
  expect(bytes.readDoubleLE(8)).toBe(0.5);
  expect([bytes[17], bytes[18]]).toEqual([0xa0, 0x06]);
  expect(bytes.subarray(19).toString()).toBe("ü".repeat(400));
});

test("what Snappy packs it unpacks", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(Buffer.from(uncompress(compress(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
});
