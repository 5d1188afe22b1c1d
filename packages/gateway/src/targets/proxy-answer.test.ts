import { expect, test } from "vitest";
import type { HttpResponse } from "../http-exchange.ts";
import { proxyAnswer } from "./proxy-answer.ts";

const answer = (status: number, headers: HttpResponse["headers"] = {}): HttpResponse => ({
  status,
  headers,
  body: Buffer.alloc(0),
  cut: false,
  queue: 0,
  fresh: undefined,
  resent: false,
  firstByte: 1,
  bodyMs: 1,
});
const isOwn = (status: number, headers?: HttpResponse["headers"]): boolean =>
  proxyAnswer(answer(status, headers), "http://proxy:3128") !== undefined;

test("a 407 is a proxy's alone, and what it says of a failed hop is its own where it is marked", () => {
  expect(proxyAnswer(answer(407), "http://proxy:3128")).toEqual({
    code: "gateway",
    message: "the forward proxy http://proxy:3128 answered 407 and wants credentials, or others",
  });
  expect(proxyAnswer(answer(504, { "x-squid-error": "ERR_CONNECT_FAIL 111" }), "p")?.message).toBe(
    "the forward proxy p answered 504",
  );
  for (const status of [502, 503, 504]) {
    expect(isOwn(status, { "proxy-status": "proxy.example; error=connection_refused" })).toBe(true);
    expect(isOwn(status, { "x-squid-error": "ERR_DNS_FAIL 0" })).toBe(true);
  }
});

test("other answers are the target's", () => {
  for (const status of [200, 401, 404, 500, 502, 503, 504]) expect(isOwn(status), String(status)).toBe(false);
  expect(isOwn(502, { via: "1.1 proxy", "proxy-status": "proxy.example; next-hop=a" })).toBe(false);
  expect(isOwn(404, { "x-squid-error": "ERR_X" })).toBe(false);
});
