import { renderView } from "@ape/core/protocol/view";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseView, type ReadView } from "./view-reader.ts";

const word = fc.stringMatching(/^[a-z][a-zA-Z]{0,9}$/);
const line = fc
  .array(fc.stringMatching(/^[A-Za-z0-9,.{}"'$/?=&]{1,8}$/), { minLength: 1, maxLength: 8 })
  .map((words) => words.join(" "));
const call = fc.record(
  { step: fc.nat(99), target: word, call: line, status: fc.nat(599), note: line },
  { requiredKeys: ["step", "target", "call", "status"] },
);
const view = fc
  .record(
    {
      goal: line,
      persona: line,
      facts: fc.array(fc.record({ name: word, value: fc.string(), origin: line }), { maxLength: 4 }),
      trail: fc.array(call, { minLength: 1, maxLength: 4 }),
      dropped: fc.nat(9),
      done: fc.array(
        fc.record({
          target: word,
          operation: fc.constantFrom("GET /a", "POST /a/{id}/b", "tool a.b", "mutation c"),
          times: fc.integer({ min: 1, max: 99 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      results: fc.array(
        fc.tuple(
          call,
          fc.record(
            {
              body: fc.jsonValue(),
              headers: fc.dictionary(word, fc.string()),
              sent: fc.dictionary(word, fc.string()),
              said: fc.string(),
            },
            { requiredKeys: ["body"] },
          ),
        ),
        { maxLength: 3 },
      ),
      problem: line,
      today: fc.constant("Friday, 2026-11-27"),
      stepsLeft: fc.nat(99),
    },
    { requiredKeys: ["goal", "facts", "trail", "dropped", "results"] },
  )
  .map(({ results, trail, done, ...others }) => {
    const rest = done === undefined || others.dropped === 0 ? others : { ...others, done };
    // The last answers belong to the last calls.
    const earlier = trail.map((one, index) => ({ ...one, step: index + 1 }));
    const last = results.map(([one, answer], index) => ({
      call: { ...one, step: trail.length + index + 1 },
      answer,
    }));
    return JSON.parse(
      JSON.stringify({
        ...rest,
        trail: [...earlier, ...last.map(({ call }) => call)],
        results: last.map(({ call, answer }) => ({ ...call, ...answer })),
      }),
    ) as ReadView;
  });

test("a model can be told a view and it reads back whole", () => {
  fc.assert(
    fc.property(view, (original) => {
      const results = original.results.map((result) => ({ ...result, body: JSON.stringify(result.body) }));
      expect(parseView(renderView({ ...original, results }))).toEqual(original);
    }),
  );
});

test("any text reads as some view, and never throws for what people may write", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseView(text).trail).toEqual([]);
    }),
  );
});

test("a call that was folded reads as often as it was made", () => {
  const call = { target: "shop", call: "GET /jobs/1", status: 200 };
  const text = renderView({
    goal: "g",
    facts: [],
    trail: [
      { ...call, step: 2, note: "waited 2s 2 times the same answer" },
      { ...call, step: 5, note: "3 times the same answer" },
    ],
    dropped: 0,
    results: [{ ...call, step: 5, note: "3 times the same answer", body: "1" }],
  });
  const { trail, results } = parseView(text);
  expect(trail.map(({ step, note }) => [step, note])).toEqual([
    [2, "waited 2s"],
    [2, "waited 2s"],
    [5, undefined],
    [5, undefined],
    [5, undefined],
  ]);
  expect(results).toEqual([{ ...call, step: 5, body: 1 }]);
});
