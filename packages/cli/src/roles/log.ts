import { ApeError } from "@ape/core/lib/errors";
import { type Logger, pino } from "pino";
import type { Io } from "../io.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"];

/**
 * The log of a role: one JSON object per line on the standard error, its level as text. Written synchronously: no line
 * is lost when a container ends. APE_LOG is the lowest level that is written, `info` by default: each call is then a
 * line, which is costly for a busy gateway with a slow reader.
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
