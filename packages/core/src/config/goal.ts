import { compile } from "json-p3";
import { z } from "zod";
import type { Json } from "../lib/json.ts";
import { generateSchema } from "./generate.ts";
import { duration, name, operationName, positiveDuration, statusPattern } from "./scalar.ts";

/** A JSONPath (RFC 9535). */
const jsonPath = z
  .string()
  .refine((text) => {
    try {
      compile(text);
      return true;
    } catch {
      return false;
    }
  }, "a JSONPath such as $.id is expected (RFC 9535)")
  .refine(
    (text) => !/(?<![\w.])\d{16,}/.test(text.replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, "")),
    "a filter cannot tell so large numbers apart: check the value itself, as text in quotes",
  );

/** A number whose digits YAML would round is wanted as text. */
const exactNumber = z
  .number()
  .refine(
    (number) => !Number.isInteger(number) || Number.isSafeInteger(number),
    "write so large a number as text, in quotes: it would be rounded otherwise",
  );

const scalar = z.union([z.string(), exactNumber, z.boolean(), z.null()]);

const pattern = z.string().refine((text) => {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}, "a regular expression is expected");

/** What a value must be: a plain value must be equal, an object names comparisons that must all hold. */
const matcher = z.union([
  scalar,
  z.strictObject({
    eq: scalar.optional(),
    ne: scalar.optional(),
    lt: exactNumber.optional(),
    lte: exactNumber.optional(),
    gt: exactNumber.optional(),
    gte: exactNumber.optional(),
    contains: z.string().optional(),
    matches: pattern.optional().describe("A regular expression."),
    exists: z.boolean().optional(),
  }),
]);
export type Matcher = z.output<typeof matcher>;

const status = z.union([statusPattern, z.array(statusPattern).min(1)]);
/** What of an answer a check can ask for, beside its status. */
const answer = {
  body: z.record(jsonPath, matcher).optional().describe("Values of a JSON answer, by JSONPath."),
  headers: z
    .record(z.string().regex(/^[\w-]+$/), matcher)
    .optional()
    .describe("Headers of the answer: `{ location: { contains: /orders/ } }`."),
  text: matcher.optional().describe("The answer's body as text: `{ contains: Thank you }`."),
  schema: z
    .record(z.string(), z.json())
    .optional()
    .describe("JSON Schema (draft 2020-12 or 7) that a JSON answer must follow."),
};
const target = name.optional().describe("The target, where the configuration has several.");

const json: z.ZodType<Json> = z.json();
const document = z
  .string()
  .min(1)
  .optional()
  .describe("Of a `query` or `mutation`: the GraphQL document; its variables are the `arguments`.");
const callArguments = z
  .record(z.string(), json)
  .optional()
  .describe(
    "Of a `query`, `mutation` or `tool`: its arguments; in a probe names in braces are filled from captures.",
  );

const action = z.strictObject({
  action: z
    .strictObject({
      operation: operationName,
      target,
      status: status.default("2xx"),
      ...answer,
      count: z.int().min(1).max(1_000).default(1).describe("At least so many times."),
      after: operationName
        .optional()
        .describe("Only counts after this operation has succeeded: an order of steps."),
      completes: z
        .boolean()
        .optional()
        .describe(
          "Of a web application: only counts where the form, or one that it has led on to, leads to no further form, as the last one of several in a row; `POST /order/{step}` then is any form there.",
        ),
      capture: z
        .record(name, jsonPath)
        .default({})
        .describe("Values of the answer, for probes: `{ order: $.id }`."),
    })
    .describe("Holds as soon as the session itself has done this."),
});
const probe = z.strictObject({
  probe: z
    .strictObject({
      operation: operationName.describe(
        "Names in braces are filled from captures, and from paths of `action` checks: `{id}` of `POST /posts/{id}/like`.",
      ),
      target,
      query: z.record(z.string(), z.string()).optional(),
      document,
      arguments: callArguments,
      expect: z
        .strictObject({ status: status.default("2xx"), ...answer })
        .prefault({})
        .describe(
          "The answer that holds it. Captured names in braces are filled, in values and in texts of paths: `$[?@.id=='{order}'].state`.",
        ),
      as: z
        .strictObject({ headers: z.record(z.string(), z.string()) })
        .optional()
        .describe("Credentials of its own; default: the session's, of that moment."),
      after: operationName
        .optional()
        .describe(
          "Made once the session has done this, and again each time: a read of what a later step changed or removed.",
        ),
      final: z
        .boolean()
        .default(false)
        .describe("Made when the session has ended, instead of at once. Needs `as`."),
      deadline: duration.default(5_000).describe("Repeated until it holds, for this long."),
    })
    .describe("A request of the oracle itself, made as soon as its captures exist."),
});

const state = z.strictObject({
  state: z
    .record(z.string().min(1), matcher)
    .refine((values) => Object.keys(values).length > 0, "name at least one value")
    .describe("What the session itself must know at its end, by name: `{ orderId: { exists: true } }`."),
});

const anyOf = z.strictObject({
  anyOf: z
    .array(z.union([action, probe, state]))
    .min(2, "one alternative is no choice: give at least two, or the check itself")
    .describe("Alternatives: holds as soon as one of them does."),
});

export const checkSchema = z.union([action, probe, state, anyOf]);
export type CheckConfig = z.output<typeof checkSchema>;
/** A check that is no choice of several. */
export type SingleCheckConfig = Exclude<CheckConfig, { anyOf: unknown }>;
export type ActionCheck = z.output<typeof action>["action"];
export type StateCheck = z.output<typeof state>["state"];
export type ProbeCheck = z.output<typeof probe>["probe"];

const never = z.strictObject({
  operation: operationName,
  target,
  status: status.default("2xx"),
  ...answer,
  before: operationName
    .optional()
    .describe("Forbidden only as long as this operation has not succeeded: no charge before an order."),
});
export type NeverCheck = z.output<typeof never>;

const row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const data = z.strictObject({
  file: z.string().optional().describe("CSV with a header line, or a JSON list of objects."),
  rows: z.array(row).min(1).optional(),
  generate: generateSchema.optional(),
  unique: z.boolean().default(false).describe("No row is in two sessions at once."),
  secret: z
    .array(z.string())
    .default([])
    .describe("Columns that models, events and reports see only as placeholders."),
  for: z
    .union([name, z.array(name).min(1)])
    .optional()
    .describe(
      "The target, or targets, that secret columns may be sent to. Default: the only target, or the only one that the goal's checks name; else none.",
    ),
});
export type DataConfig = z.output<typeof data>;

/** What agents want, and how it is proven. */
export const goalSchema = z.strictObject({
  name,
  weight: z.number().positive().default(1),
  prompt: z.string().min(1).describe("The goal in words, as one would ask a person."),
  data: data.optional().describe("One row a session."),
  personas: z
    .array(name)
    .min(1)
    .optional()
    .describe("Only these kinds of users have this goal. Default: all of `personas`."),
  success: z.array(checkSchema).min(1, "at least one check is needed: without one nothing proves the goal"),
  never: z
    .array(never)
    .default([])
    .describe(
      "What must not happen: an answer to the session that fits ends it as failed. The target is to blame where `before` or the answer decides, the session where the call alone does.",
    ),
  endWhen: z
    .enum(["finish", "checks"])
    .default("finish")
    .describe(
      "What ends a session that reached its goal: `finish`, the model's own word, or `checks`: as soon as all of `success` hold, without another call of the model. A check with `final` is only known at the end, so it leaves the end to the model.",
    ),
  budget: z
    .strictObject({
      steps: z.int().min(1).max(1_000).default(30),
      time: positiveDuration.default(120_000),
      tokens: z
        .union([z.literal("auto"), z.int().min(1)])
        .default("auto")
        .describe(
          "Tokens of all prompts and answers of a session; `auto` takes twice what its steps are estimated to use.",
        ),
    })
    .prefault({}),
});
export type GoalConfig = z.output<typeof goalSchema>;

/** A request before or after the load. */
export const hookSchema = z.strictObject({
  operation: operationName,
  target,
  headers: z.record(z.string(), z.string()).default({}),
  data: json.optional(),
  document,
  arguments: callArguments,
  status: status.default("2xx"),
});
export type HookConfig = z.output<typeof hookSchema>;
