import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeLoki } from "../../test/fake-loki.ts";
import { Loki, type LokiLine } from "./loki.ts";

const BEGAN = 1_800_000_000_000_000_001n;
const ALL = { from: BEGAN, to: BEGAN + 1_000_000n };
let fake: FakeLoki;

beforeEach(async () => {
  fake = await FakeLoki.open();
});
afterEach(() => fake.close());

async function read(loki: Loki, span = ALL): Promise<LokiLine[]> {
  const lines: LokiLine[] = [];
  for await (const line of loki.read('{service=~".+"}', span)) lines.push(line);
  return lines;
}

/** Lines of two services at these offsets in nanoseconds. */
function keep(offsets: readonly number[]): void {
  fake.lines.splice(
    0,
    Infinity,
    ...offsets.map((offset, index) => ({
      at: BEGAN + BigInt(offset),
      labels: { service: index % 2 === 0 ? "mcp_gateway" : "llama_agent" },
      text: `line ${index}`,
    })),
  );
}

const words = (lines: readonly LokiLine[]): string[] => lines.map(({ text }) => text).sort();

test("pages read on to the nanosecond: nothing twice, nothing left out, oldest first", async () => {
  await fc.assert(
    // At most three lines share an instant; a page holds four.
    fc.asyncProperty(
      fc.array(fc.nat(20), { maxLength: 40 }),
      fc.integer({ min: 4, max: 9 }),
      async (raw, page) => {
        const offsets = raw.filter(
          (offset, index) => raw.slice(0, index).filter((one) => one === offset).length < 3,
        );
        keep(offsets);
        const lines = await read(new Loki(fake.url, page));
        expect(words(lines)).toEqual(offsets.map((_, index) => `line ${index}`).sort());
        for (const [index, { at }] of lines.slice(1).entries())
          expect(at >= (lines[index] as LokiLine).at).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test("the last lines, page by page backwards, are given oldest first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(500), { maxLength: 40 }),
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 1, max: 50 }),
      async (offsets, page, most) => {
        keep(offsets);
        const sorted = [...offsets].sort((a, b) => a - b).slice(-most);
        const lines = await new Loki(fake.url, page).last('{service=~".+"}', ALL, most);
        expect(lines.map(({ at }) => Number(at - BEGAN))).toEqual(sorted);
      },
    ),
    { numRuns: 50 },
  );
});

test("more lines in one instant than an answer holds: the reading ends, and what follows is there", async () => {
  keep([5, 5, 5, 5, 5, 6, 7]);
  const lines = await read(new Loki(fake.url, 3));
  expect(words(lines.slice(-2))).toEqual(["line 5", "line 6"]);
  expect(await new Loki(fake.url, 3).last('{service=~".+"}', ALL, 7)).toHaveLength(5);
});

test("a span is half open, and its ends have every digit", async () => {
  keep([0, 10]);
  expect(await read(new Loki(fake.url), { from: BEGAN, to: BEGAN + 10n })).toHaveLength(1);
  expect(await read(new Loki(fake.url), { from: BEGAN + 1n, to: BEGAN + 11n })).toHaveLength(1);
  expect(fake.asked[0]?.get("start")).toBe("1800000000000000001");
});

test("tail 0 asks nothing; a refusal and silence are errors that say so", async () => {
  expect(await new Loki(fake.url).last('{a="b"}', ALL, 0)).toEqual([]);
  expect(fake.asked).toEqual([]);
  const refused = new Loki(fake.url).last("{a=", ALL, 1);
  await expect(refused).rejects.toMatchObject({
    code: "CONTAINERS_FAILED",
    message: expect.stringContaining("refused"),
  });
  const gone = new Loki("http://127.0.0.1:1");
  await expect(read(gone)).rejects.toMatchObject({ code: "CONTAINERS_FAILED" });
  expect(await gone.answers()).toBe(false);
  expect(await new Loki(fake.url).answers()).toBe(true);
});
