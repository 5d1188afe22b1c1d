import type { Io } from "../io.ts";

/** The labels of every metric of a role: the run that it was started for, from the environment variable APE_RUN. */
export function runLabels({ env }: Pick<Io, "env">): Record<string, string> {
  return env.APE_RUN === undefined || env.APE_RUN === "" ? {} : { run: env.APE_RUN };
}
