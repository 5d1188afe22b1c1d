import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { CONFIG_MAP_BYTES, packFiles } from "./packed-files.ts";

test("files that one ConfigMap holds are not packed", () => {
  const most = new Map([["a.csv", new Uint8Array(CONFIG_MAP_BYTES - 100)]]);
  expect(packFiles("agents", most)).toBeUndefined();
});

test("many files are packed for the room that their paths take, however small they are", () => {
  const files = new Map(
    Array.from({ length: 4_000 }, (_, index) => [
      `parts/of/the/api/${"x".repeat(30)}/${index}.yaml`,
      new Uint8Array(1),
    ]),
  );
  expect(packFiles("gateway", files)).toHaveLength(1);
});

test("larger ones are divided into parts that are the files again when they are joined", () => {
  const noise = randomBytes(2 * CONFIG_MAP_BYTES);
  const parts = packFiles("agents", new Map([["data/a.bin", noise]])) ?? [];
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(CONFIG_MAP_BYTES);
  const files = JSON.parse(gunzipSync(Buffer.concat(parts)).toString()) as Record<string, string>;
  expect(Buffer.from(files["data/a.bin"] ?? "", "base64").equals(noise)).toBe(true);
});

test("what no number of ConfigMaps should hold is refused", () => {
  expect(() => packFiles("gateway", new Map([["a", randomBytes(40 * 1024 * 1024)]]))).toThrow(
    /the files of the gateway have \d+ MiB/,
  );
});
