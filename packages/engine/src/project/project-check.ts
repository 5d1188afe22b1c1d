import type { ErrorCode } from "@ape/core/lib/errors";

/** One thing that `ape-test validate` looked at. */
export interface ProjectCheck {
  name: string;
  ok: boolean;
  message: string;
  hint?: string;
  code?: ErrorCode;
  /** Where in the configuration the trouble stands. */
  path?: readonly PropertyKey[];
  /** A run may start all the same. */
  warning?: boolean;
}
