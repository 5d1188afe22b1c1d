import type { Io } from "../io.ts";

/** The labels that every figure of a role bears: the run that it was started for, from the environment variable APE_RUN. */
export function runLabels({ env }: Pick<Io, "env">): Record<string, string> {
  return env.APE_RUN === undefined || env.APE_RUN === "" ? {} : { run: env.APE_RUN };
}
