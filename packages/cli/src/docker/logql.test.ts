import fc from "fast-check";
import { expect, test } from "vitest";
import { filterOf, type KeptLine } from "../../test/fake-loki.ts";
import { lineWanted, logqlOf } from "./logql.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const line = (labels: Record<string, string>, text = ""): KeptLine => ({ at: 0n, labels, text });

test("a filter becomes a query: ids are compared exactly, other text is looked for in the line", () => {
  expect(logqlOf({})).toBe('{service=~".+"}');
  expect(logqlOf({ service: "mcp_gateway", grep: "503" })).toBe('{service="mcp_gateway"} |= "503"');
  expect(logqlOf({ grep: TRACE, agent: "a0-4", sessions: ["s0-1", "s0-2"] })).toBe(
    `{service=~".+"} | trace_id="${TRACE}" | agent_id="a0-4" | session_id="s0-1" or session_id="s0-2"`,
  );
});

test("whatever the words are, the query asks for them and for nothing else", () => {
  const word = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(
    fc.property(word, word, word, word, (service, grep, agent, session) => {
      const wanted = filterOf(logqlOf({ service, grep, agent, sessions: [session, "s0-1"] }));
      const metadata = { service, agent_id: agent, session_id: session };
      expect(wanted(line(metadata, `before ${grep} after`))).toBe(true);
      expect(wanted(line({ ...metadata, session_id: "s0-1" }, grep))).toBe(true);
      for (const other of [
        line({ ...metadata, service: `${service}x` }, grep),
        line({ ...metadata, agent_id: `${agent}x` }, grep),
        line({ ...metadata, session_id: `${session}x` }, grep),
      ])
        expect(wanted(other)).toBe(false);
    }),
  );
});

test("text that tries to leave its quotes stays text", () => {
  const grep = '" or {service="nats"} #`\n\\';
  const wanted = filterOf(logqlOf({ service: "loki", grep }));
  expect(wanted(line({ service: "nats" }, grep))).toBe(false);
  expect(wanted(line({ service: "loki" }, grep))).toBe(true);
  expect(() => filterOf(logqlOf({ grep: "half \ud83d a pair" }))).not.toThrow();
});

test("the same filter on a line of Docker's", () => {
  const text = `gateway-1  | {"level":"info","trace_id":"${TRACE}","session_id":"s0-12","agent_id":"a0-4"}`;
  expect(lineWanted(text, {})).toBe(true);
  expect(lineWanted(text, { grep: TRACE, agent: "a0-4", sessions: ["s0-1", "s0-12"] })).toBe(true);
  for (const filter of [{ grep: "503" }, { agent: "a0" }, { sessions: ["s0-1"] }])
    expect(lineWanted(text, filter)).toBe(false);
});
