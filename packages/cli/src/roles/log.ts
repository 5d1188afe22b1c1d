import { ApeError } from "@ape/core/lib/errors";
import { type Logger, pino } from "pino";
import type { Io } from "../io.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"];

/**
 * The log of a role: one JSON object a line on the standard error, its level in words. Written at once: no line is lost when a
 * container ends. APE_LOG is the least level that is written, `info` where it is not set: there each call is a line, which costs a busy
 * gateway dearly where the reader is slow.
 * @throws ApeError USAGE
 */
export function roleLog({ err, env }: Pick<Io, "err" | "env">, service: string): Logger {
  const level = env.APE_LOG === undefined || env.APE_LOG === "" ? "info" : env.APE_LOG;
  if (!LEVELS.includes(level))
    throw new ApeError("USAGE", `APE_LOG is "${level}", which is no level`, {
      hint: `The levels are ${LEVELS.join(", ")}.`,
    });
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => err.write(line) },
  );
}
