import { type Logger, pino } from "pino";
import type { Io } from "../io.ts";

/** The log of a role: one JSON object a line on the standard error, its level in words. Written at once: no line is lost when a container ends. */
export function roleLog({ err }: Pick<Io, "err">, service: string): Logger {
  return pino(
    {
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => err.write(line) },
  );
}
