import { expect, test } from "vitest";
import type { ModelCard } from "../evaluation/model-card.ts";
import { modelCardText } from "./model-card.ts";
import { colours } from "./style.ts";

const style = colours({ isTty: false }, {});
const card = (more: Partial<ModelCard> = {}): ModelCard => ({
  schema: 1,
  model: { provider: "openai", name: "gpt", simulated: false },
  sessions: { sessions: 4, succeeded: 3 },
  byKind: {},
  decisions: { answers: 100, validPct: 97.5, repaired: {}, invalid: {} },
  perSession: null,
  timeToFirstToken: null,
  answerTime: null,
  failedCalls: {},
  notices: [],
  untried: null,
  ...more,
});
const text = (more: Partial<ModelCard>): string => modelCardText(card(more), style);

test("a card says how often goals were reached, by kind of target and by goal, and what a session used", () => {
  const of = (succeeded: number, sessions: number) => ({ succeeded, sessions });
  const shown = text({
    byKind: {
      rest: { ...of(2, 2), goals: { buy: of(1, 1), look: of(1, 1) } },
      web: { ...of(1, 2), goals: { order: of(1, 2) } },
      graphql: { ...of(0, 2), goals: { pay: of(0, 2) } },
      mcp: { ...of(0, 0), goals: {} },
      other: { ...of(1, 1), goals: {} },
    },
    decisions: {
      answers: 1234,
      validPct: 94.9,
      repaired: { "code fence": 3 },
      invalid: { "no tool\u0007": 2 },
    },
    perSession: { inputTokens: 12_000, cachedTokens: 3_000, outputTokens: 400, costUsd: 0.02 },
    timeToFirstToken: { medianMs: 120, p95Ms: 800 },
    answerTime: { medianMs: 1500, p95Ms: 4000 },
    failedCalls: { [`429 ${"x".repeat(200)}`]: 5 },
    notices: ["the key is old"],
    untried: { goals: ["rent", "return"], because: "no key" },
  });
  const lines = shown
    .split("\n")
    .map((line) => (/^ {2}[vtc]/.test(line) ? line.replaceAll(/ +/g, " ").trim() : line));
  expect(lines).toEqual([
    "",
    "gpt (openai): 3 of 4 sessions reached their goal",
    "",
    "  ✓ REST: 2 of 2",
    "      ✓ buy: 1 of 1",
    "      ✓ look: 1 of 1",
    "  ~ web pages: 1 of 2",
    "      ~ order: 1 of 2",
    "  ✗ GraphQL: 0 of 2",
    "      ✗ pay: 0 of 2",
    "  ✗ MCP: 0 of 0",
    "  ✓ other: 1 of 1",
    "",
    "valid decisions 94.9% of 1,234 too few: see `ape-test doctor --model`",
    "tokens per session 12,000 in (3,000 cached), 400 out",
    "cost per session $0.0200",
    "time to first token 120ms median, 800ms p(95)",
    "time to whole answer 1.50s median, 4.00s p(95)",
    "",
    "answers that were no valid decision:",
    "  2 x no tool?",
    "",
    "answers that were repaired:",
    "  3 x code fence",
    "",
    "calls without an answer:",
    `  5 x 429 ${"x".repeat(156)}`,
    "",
    "note: the key is old",
    "",
    "not tried: rent, return (no key)",
    "",
  ]);
});

test.each<[Partial<ModelCard>, string | RegExp, boolean]>([
  [{ decisions: { answers: 10, validPct: 95, repaired: {}, invalid: {} } }, "too few", false],
  [
    { decisions: { answers: 10, validPct: 94.9, repaired: {}, invalid: {} } },
    "too few: see `ape-test doctor --model`",
    true,
  ],
  [
    { decisions: { answers: 0, validPct: null, repaired: {}, invalid: {} } },
    "the model gave no answer",
    true,
  ],
  [{ decisions: { answers: 0, validPct: null, repaired: {}, invalid: {} } }, /valid decisions +-/, true],
  [{}, "the model gave no answer", false],
  [{}, "tokens per session", false],
  [{}, /time to first token +-/, true],
  [{}, "not tried", false],
  [{ perSession: { inputTokens: 1, cachedTokens: 0, outputTokens: 1, costUsd: 0 } }, "no price known", true],
  [
    {
      perSession: { inputTokens: 1, cachedTokens: 0, outputTokens: 1, costUsd: 0 },
      model: { provider: "p", name: "n", simulated: true },
    },
    "nothing (simulated)",
    true,
  ],
  [{ failedCalls: { "a\u001bb": 2 } }, "calls without an answer:\n  2 x a?b", true],
  [{ failedCalls: { ["x".repeat(200)]: 1 } }, `1 x ${"x".repeat(160)}\n`, true],
  [{ notices: ["one", "two"] }, "note: one\nnote: two", true],
  [{ untried: { goals: ["a", "b"], because: "no key" } }, "not tried: a, b (no key)", true],
])("with %j it says %s: %s", (more, words, says) => {
  const shown = text(more);
  expect(typeof words === "string" ? shown.includes(words) : words.test(shown)).toBe(says);
});
