import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutPaths } from "./path-layout.ts";

const name = fc.constantFrom("GET /a", "POST /b", "PUT /c", "other");
const way = fc.array(name, { minLength: 1, maxLength: 8 });

/** Paths of one group in the form of a report. */
function pathsOf(ways: readonly (readonly [way: readonly string[], sessions: number])[]) {
  const nodes: string[] = [];
  const indexOf = (one: string): number => {
    if (!nodes.includes(one)) nodes.push(one);
    return nodes.indexOf(one);
  };
  const links = ways.flatMap(([operations, sessions]) =>
    [...operations, "(succeeded)"]
      .slice(1)
      .map((to, depth): [number, number, number, number] => [
        depth,
        indexOf(operations[depth] ?? ""),
        indexOf(to),
        sessions,
      ]),
  );
  return { goal: "g", sessions: ways.reduce((sum, [, sessions]) => sum + sessions, 0), nodes, links };
}

test("every way goes from left to right and ends at its outcome, alone in the last layer", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(way, fc.integer({ min: 1, max: 2_000 })), { minLength: 1, maxLength: 30 }),
      (ways) => {
        const { nodes, links, width } = layoutPaths([pathsOf(ways)], 900, 400);
        const outcome = nodes.find((node) => node.isOutcome);
        for (const { source, target } of links) expect(target.x0).toBeGreaterThan(source.x1);
        for (const node of nodes) {
          expect(node.x1).toBeLessThanOrEqual(width);
          if (node !== outcome) expect(node.x0).toBeLessThan(outcome?.x0 ?? 0);
        }
      },
    ),
  );
});

test("a group without sessions has nothing to draw", () => {
  expect(layoutPaths([], 900, 400).nodes).toEqual([]);
});

test("what is too thin to draw is counted, and is still among all links", () => {
  const { all, undrawn, links } = layoutPaths(
    [
      pathsOf([
        [["GET /a", "POST /b"], 2_000],
        [["GET /a", "PUT /c"], 1],
      ]),
    ],
    900,
    400,
  );
  expect(undrawn).toBe(2);
  expect(links).toHaveLength(2);
  expect(all).toHaveLength(4);
});
