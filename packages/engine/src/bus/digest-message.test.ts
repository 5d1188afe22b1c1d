import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDigest, writeDigestFile } from "../store/part-digest-file.ts";
import { DigestAssembler, digestMessages } from "./digest-message.ts";

/** Text that does not compress. */
const noise = (bytes: number): string => randomBytes(bytes).toString("base64");

async function read(bytes: Buffer): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), "ape-digest-"));
  try {
    await writeDigestFile(directory, "a", bytes);
    return (await readDigest(directory, "a", []))?.digest;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test.each([
  [{ a: 1 }, 1],
  [{ text: noise(900_000) }, 3],
])("a digest comes over in as many messages as it needs, none of a megabyte", async (digest, count) => {
  const messages = await digestMessages(digest, { figures: 7, isFinal: true });
  expect(messages).toHaveLength(count);
  for (const message of messages) expect(message.length).toBeLessThan(530 * 1024);
  const assembler = new DigestAssembler();
  // Those of another part come between them.
  const [other = ""] = await digestMessages({ b: 2 }, { figures: 1, isFinal: false });
  for (const message of messages.slice(0, -1)) {
    expect(assembler.add("one", message)).toBeUndefined();
    expect(assembler.add("two", other)?.head).toEqual({ figures: 1, isFinal: false });
  }
  const whole = assembler.add("one", messages.at(-1) ?? "");
  expect(whole?.head).toEqual({ figures: 7, isFinal: true });
  expect(await read(whole?.bytes ?? Buffer.alloc(0))).toEqual(digest);
});

test("the beginning of another digest takes the place of one that was not completed", async () => {
  const half = (await digestMessages({ text: noise(900_000) }, { figures: 1, isFinal: false }))[0] ?? "";
  const [next = ""] = await digestMessages({ a: 2 }, { figures: 2, isFinal: false });
  const assembler = new DigestAssembler();
  expect(assembler.add("one", half)).toBeUndefined();
  const whole = assembler.add("one", next);
  expect(await read(whole?.bytes ?? Buffer.alloc(0))).toEqual({ a: 2 });
});
