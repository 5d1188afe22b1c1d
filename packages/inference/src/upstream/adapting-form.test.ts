import type { ProviderName } from "@ape/core/config/inference";
import { expect, test } from "vitest";
import { askOf } from "../../test/limited.ts";
import { editRequest } from "../providers/edit-request.ts";
import { AdaptingUpstream } from "./adapting-upstream.ts";
import { emptyResponse } from "./failed-attempt.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

const REQUEST = { model: "m", messages: [], temperature: 0, seed: 1, tools: [] };

interface Given {
  /** How the provider answers a request with these fields. */
  answer: (fields: string[], turn: number) => Partial<UpstreamResponse>;
  request?: { omit?: string[]; add?: Record<string, never> };
  addressHint?: string;
}
function open({ answer, request = {}, addressHint }: Given) {
  const sent: UpstreamRequest[] = [];
  const notices: string[] = [];
  let closed = false;
  const inner: Upstream = {
    async ask(ask) {
      sent.push(ask);
      const fields = Object.keys(JSON.parse(String(ask.body())) as object);
      return { ...emptyResponse(), durationMs: 100, queueMs: 10, ...answer(fields, sent.length) };
    },
    close: async () => {
      closed = true;
    },
  };
  const upstream = new AdaptingUpstream({
    provider: "custom" as ProviderName,
    inner,
    request: { omit: [], add: {}, headers: {}, ...request } as never,
    defaults: {},
    addressHint,
    notice: (message) => notices.push(message),
  });
  const ask = (more: Partial<UpstreamRequest> = {}) =>
    upstream.ask({
      ...askOf("s"),
      own: true,
      model: "m",
      body: (model, edits) => JSON.stringify(editRequest(REQUEST as never, model, edits)),
      ...more,
    });
  return { upstream, sent, notices, ask, isClosed: () => closed };
}
const refusal = (message: string, status = 400): Partial<UpstreamResponse> => ({
  status,
  refusal: message,
  error: { code: "refused", status, message },
});
const UNKNOWN = refusal("Unknown parameter: 'seed'.");

test("the wait of a call is that of all of its attempts, and each further one counts as extra", async () => {
  const { ask, sent, notices } = open({
    answer: (fields) => (fields.includes("seed") ? UNKNOWN : { status: 200 }),
  });
  expect(await ask({ queuedMs: 5 })).toMatchObject({ status: 200, queueMs: 120, extra: 1, error: undefined });
  expect(sent.map(({ queuedMs }) => queuedMs)).toEqual([5, 115]);
  expect(notices).toHaveLength(1);
  expect(await ask()).toMatchObject({ status: 200, queueMs: 10 });
  expect(sent).toHaveLength(3);
});

test.each([
  ["another error", { status: 429, error: { code: "limit", status: 429, message: "x" } }, {}],
  ["a refusal of another client's request", UNKNOWN, { own: false }],
  [
    "a stream that the client has begun to read",
    { ...UNKNOWN, status: 200 },
    { streamed: true, tap: {} as never },
  ],
  ["a call that was given up", UNKNOWN, { signal: { aborted: true } as never }],
] as const)("%s is not asked again", async (_name, answer, more) => {
  const { ask, sent } = open({ answer: () => answer as Partial<UpstreamResponse> });
  await ask(more as Partial<UpstreamRequest>);
  expect(sent).toHaveLength(1);
});

test.each([
  "Invalid API key",
  "api_key is wrong",
  "apikey is wrong",
  "Unauthorised",
  "unauthorized here",
  "an organization of yours",
  "an organisation of yours",
  "no credit",
  "no credits left",
  "your region",
  "model x was not found",
  "models not available",
  "unknown model",
  "invalid models",
  "no such model",
  "a tool is wrong",
  "tools are wrong",
  "functioncall",
  "function_call",
  "function-calls",
])("a refusal about something else than the form is not asked again: %s", async (message) => {
  const { ask, sent } = open({ answer: () => refusal(message) });
  await ask();
  expect(sent).toHaveLength(1);
});

test.each([400, 422, 500, 501])(
  "a refusal with %i that says nothing is asked again in the simplest form",
  async (status) => {
    const { ask, sent, notices } = open({
      answer: (_, turn) => (turn === 1 ? refusal("no", status) : { status: 200 }),
    });
    expect(await ask()).toMatchObject({ status: 200, extra: 1 });
    expect(sent).toHaveLength(2);
    expect(notices[0]).toMatch(
      /^custom refuses requests for m without naming a field: .+ (?:is|are) left out for the rest of the run; `inference\.request\.omit` sets it for good$/,
    );
  },
);

test.each<[number, string, number]>([
  [404, "no", 1],
  [404, "No endpoints found", 2],
  [403, "No endpoints found", 1],
  [405, "no", 1],
])("a refusal with %i that says %j is asked %i times", async (status, message, times) => {
  const { ask, sent } = open({ answer: () => refusal(message, status) });
  await ask();
  expect(sent).toHaveLength(times);
});

test("a refusal of the simplest form is told as the first one, with what both took", async () => {
  const { ask, sent, notices } = open({ answer: () => refusal("no") });
  expect(await ask()).toMatchObject({ error: { code: "refused", message: "no" }, queueMs: 120, extra: 1 });
  expect(sent).toHaveLength(2);
  expect(notices).toEqual([]);
});

test("a limit during the trial shows nothing of the form: it is tried again", async () => {
  const { ask, sent } = open({
    answer: (_, turn) =>
      turn === 2 ? { status: 429, error: { code: "limit", status: 429, message: "x" } } : refusal("no"),
  });
  expect((await ask()).error?.code).toBe("limit");
  await ask();
  expect(sent).toHaveLength(4);
});

test.each<[string, number, string, string]>([
  ["an address that may be wrong", 404, "not found", "not found (see the address)"],
  ["a model that is not there", 404, "model not found", "model not found"],
  ["another refusal", 403, "no", "no"],
])("a refusal has a hint for %s", async (_name, status, message, wanted) => {
  const { ask } = open({ answer: () => refusal(message, status), addressHint: "see the address" });
  expect((await ask()).error?.message).toBe(wanted);
});

test("other clients' requests change by the configuration alone, and closing closes what is inside", async () => {
  const { ask, sent, upstream, isClosed } = open({
    answer: () => ({ status: 200 }),
    request: { omit: ["seed"] },
  });
  await ask({ own: false });
  expect(Object.keys(JSON.parse(String(sent[0]?.body())) as object)).not.toContain("seed");
  const plain = open({ answer: () => ({ status: 200 }) });
  const own = { ...askOf("s"), own: false, body: () => "{}" };
  await plain.upstream.ask(own);
  expect(plain.sent[0]).toBe(own);
  await upstream.close();
  expect(isClosed()).toBe(true);
});
