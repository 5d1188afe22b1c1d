import type { SimulationConfig } from "@ape/core/config/inference";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { normal, type Random, randomFrom, seedOf } from "@ape/core/lib/random";
import type { ChatRequest } from "@ape/core/protocol/chat";
import type { PlannedAnswer, Planner } from "@ape/planner/planner";
import { estimateInput, estimateOutput } from "../upstream/tokens.ts";

/** How the simulated model answers one attempt: all of it drawn before the first byte. */
export interface SimulatedResponse {
  answer: PlannedAnswer;
  inputTokens: number;
  outputTokens: number;
  /** From the request to the first token, in milliseconds. */
  firstTokenMs: number;
  /** From the first token to the last, in milliseconds. */
  restMs: number;
  /** Milliseconds to wait, if the attempt is answered with 429. */
  limitedFor: number | undefined;
  /** Whether the answer stalls in the middle while the connection stays open. */
  stalled: boolean;
}

/** z of the 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/**
 * Draws how an attempt is answered. The same request with the same `seed` and attempt draws the same. At most one error
 * is drawn, so each share is exact if their sum is at most 1.
 * @param seed of the request; if it has none, a number of the caller's
 */
export function drawResponse(
  planner: Planner,
  config: SimulationConfig,
  request: ChatRequest,
  seed: number,
  attempt: number,
): SimulatedResponse {
  const random = randomFrom(seedOf(seed, attempt));
  const { median, p95 } = config.firstToken;
  const sigma = median > 0 && p95 > median ? Math.log(p95 / median) / Z95 : 0;
  const firstTokenMs = median * Math.exp(sigma * normal(random));
  const error = drawError(config, random());
  const planned = error === "rateLimited" ? { content: "", toolCalls: [] } : planner.plan(request);
  const answer = error === undefined ? planned : err(planned, error, random);
  const outputTokens = estimateOutput(answer);
  return {
    answer,
    inputTokens: estimateInput(request),
    outputTokens,
    firstTokenMs,
    restMs: (Math.max(0, outputTokens - 1) * 1_000) / config.tokensPerSecond,
    limitedFor: error === "rateLimited" ? Math.round(50 + random() * 450) : undefined,
    stalled: error === "stalled",
  };
}

type SimulatedError = keyof SimulationConfig["errors"];
const ORDER = [
  "rateLimited",
  "stalled",
  "malformed",
  "prose",
  "inventedPath",
  "wrongArguments",
] as const satisfies readonly SimulatedError[];

function drawError(config: SimulationConfig, at: number): SimulatedError | undefined {
  let upTo = 0;
  for (const name of ORDER) {
    upTo += config.errors[name];
    if (at < upTo) return name;
  }
  return undefined;
}

function err(answer: PlannedAnswer, error: SimulatedError, random: Random): PlannedAnswer {
  const [call, ...others] = answer.toolCalls;
  if (call === undefined) return answer;
  switch (error) {
    case "malformed": {
      const text =
        call.arguments.length > 2
          ? call.arguments.slice(0, -1 - Math.floor(random() * (call.arguments.length - 2)))
          : "{";
      return { ...answer, toolCalls: [{ ...call, arguments: text }, ...others] };
    }
    case "prose":
      return { content: `I would use ${call.name} next, because the goal asks for it.`, toolCalls: [] };
    case "inventedPath":
    case "wrongArguments": {
      const args = parsed(call.arguments);
      if (args === undefined) return answer;
      const spoilt =
        error === "inventedPath"
          ? inventPath(call.name, args, random)
          : { ...call, args: spoilArguments(call.name, args, random) };
      const wrongCall = { name: spoilt.name, arguments: JSON.stringify(spoilt.args) };
      return { ...answer, toolCalls: [wrongCall, ...others] };
    }
    default:
      return answer;
  }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

const INVENTED = ["overview", "internal", "v9", "assistant", "summary"];

/** Tools whose arguments name the operation, or that reach no target. */
const GENERIC = /^(?:http_\w+|graphql|submit_form|call_tool|state_update|wait|finish)$/;

function inventPath(name: string, args: JsonObject, random: Random): { name: string; args: JsonObject } {
  const word = INVENTED[Math.floor(random() * INVENTED.length)] as string;
  // A path that no tool has.
  if (!GENERIC.test(name)) return { name: "http_get", args: { path: `/${word}/${name}` } };
  return { name, args: inventName(args, word) };
}

function inventName(args: JsonObject, word: string): JsonObject {
  if (typeof args.path === "string") return { ...args, path: `/${word}${args.path}` };
  // A tool, a form, a field of a schema's root that does not exist.
  if (typeof args.name === "string") return { ...args, name: `${args.name}_${word}` };
  if (typeof args.form === "string") return { ...args, form: `${args.form}-${word}` };
  if (typeof args.query === "string")
    return { ...args, query: args.query.replace(/\{\s*(\w+)/, (_, field: string) => `{ ${field}_${word}`) };
  return args;
}

function spoilArguments(tool: string, args: JsonObject, random: Random): JsonObject {
  for (const part of ["data", "query", "variables", "arguments", "fields"] as const) {
    const fields = args[part];
    if (!isJsonObject(fields)) continue;
    const names = Object.keys(fields);
    const name = names[Math.floor(random() * names.length)];
    if (name === undefined) continue;
    return { ...args, [part]: { ...fields, [name]: wrong(fields[name] ?? null) } };
  }
  const own = GENERIC.test(tool) ? [] : Object.keys(args);
  const name = own[Math.floor(random() * own.length)];
  return name === undefined ? args : { ...args, [name]: wrong(args[name] ?? null) };
}

function wrong(value: Json): Json {
  if (typeof value === "number") return -value - 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `not-${value}`;
  return "wrong";
}
