import { z } from "zod";
import { LONGEST_RUN_MS, LONGEST_TIMER_MS, parseDuration } from "../lib/duration.ts";
import { parseOperation } from "../protocol/operations/operation.ts";
import { OPERATION_PATTERN, operationPatternFault } from "./operation-pattern.ts";

const A_DURATION = "a duration such as 500ms, 30s, 2m or 1h30m is expected";

/** @param least,most milliseconds */
const durationWithin = (least: number, most: number, bounds: string) =>
  z
    .string(A_DURATION)
    .regex(/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/, A_DURATION)
    .refine((text) => {
      const ms = parseDuration(text) ?? Number.NaN;
      // A text that is no duration was already reported.
      return !(ms < least || ms > most);
    }, `a duration ${bounds} is expected`)
    .transform((text) => parseDuration(text) ?? 0);

/** A duration as text that a timer can wait; milliseconds after parsing. */
export const duration = durationWithin(0, LONGEST_TIMER_MS, "of at most 596h");

/** As {@link duration}, for options that require one. */
export const positiveDuration = durationWithin(1, LONGEST_TIMER_MS, "of at least 1ms and at most 596h");

/** A part of a run, which no timer waits for; up to a year. */
export const runDuration = durationWithin(0, LONGEST_RUN_MS, "of at most 8760h");

/** As {@link runDuration}, for options that require one. */
export const positiveRunDuration = durationWithin(1, LONGEST_RUN_MS, "of at least 1ms and at most 8760h");

/** `POST /orders`, `query orders`, `tool search`, or with the target before it: `shop: POST /orders`. */
export const operationName = z
  .string()
  .refine(
    (text) => parseOperation(text) !== undefined,
    "an operation such as `GET /orders/{id}` is expected",
  );

/** A pattern of allowed or denied operations: `GET /**`, `* /admin/**`, `query *`, `tool search_*`. */
export const operationPattern = z
  .string()
  .regex(OPERATION_PATTERN, "a pattern such as `GET /**` is expected")
  .check((context) => {
    const message = operationPatternFault(context.value);
    if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
  });

/** An HTTP status, or a class of them as `2xx`. */
export const statusPattern = z.union([
  z.int().min(100).max(599),
  z.string().regex(/^[1-5]xx$/, "a status such as 201, or a class such as 2xx, is expected"),
]);
export type StatusPattern = z.output<typeof statusPattern>;

/** Whether a status is the one, or of the class, that a pattern names. */
export function statusMatches(pattern: StatusPattern | readonly StatusPattern[], status: number): boolean {
  if (typeof pattern === "number") return pattern === status;
  if (typeof pattern === "string") return Number(pattern[0]) === Math.floor(status / 100);
  return pattern.some((one) => statusMatches(one, status));
}

/** A name of a target, a goal or a persona. */
export const name = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, "a name of letters, digits, - and _ that begins with a letter is expected");

/** An amount of money as `5 USD` or `5`; US dollars after parsing. */
export const dollars = z
  .union([
    z.number().positive(),
    z.string().regex(/^\d+(?:\.\d+)? ?USD$/, "an amount such as `5 USD` is expected"),
  ])
  .transform((amount) => (typeof amount === "number" ? amount : Number.parseFloat(amount)));

/** A size as `10MB`, `512KB` or bytes; bytes after parsing. */
export const bytes = z
  .union([
    z.int().positive(),
    z.string().regex(/^0*[1-9]\d* ?(?:B|KB|MB|GB)$/, "a size such as 512KB or 10MB is expected"),
  ])
  .transform((size) => {
    if (typeof size === "number") return size;
    const unit = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }[/[A-Z]+/.exec(size)?.[0] ?? "B"];
    return Number.parseInt(size, 10) * (unit ?? 1);
  });
