import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { unpackFiles } from "./unpack-files.ts";

test("parts become files below the role's folder, and none beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ape-parts-"));
  try {
    const [from, to] = [join(folder, "parts"), join(folder, "role")];
    await mkdir(from);
    await mkdir(to);
    const encoded = (text: string): string => Buffer.from(text).toString("base64");
    const packed = gzipSync(
      JSON.stringify({ "data/a.csv": encoded("email\n"), "../b": encoded("b"), "ä.yaml": encoded("ä") }),
    );
    // Eleven parts: their names are in order beyond ten.
    const size = Math.ceil(packed.length / 11);
    for (let index = 0; index < 11; index += 1)
      await writeFile(
        join(from, `part-${String(index).padStart(2, "0")}`),
        packed.subarray(index * size, (index + 1) * size),
      );
    await unpackFiles(from, to);
    expect(await readFile(join(to, "data/a.csv"), "utf8")).toBe("email\n");
    expect(await readFile(join(to, "ä.yaml"), "utf8")).toBe("ä");
    await expect(readFile(join(folder, "b"))).rejects.toThrow(/ENOENT/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
