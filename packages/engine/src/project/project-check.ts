import type { ErrorCode } from "@ape/core/lib/errors";

/** One check of `ape-test validate`. */
export interface ProjectCheck {
  name: string;
  ok: boolean;
  message: string;
  hint?: string;
  code?: ErrorCode;
  /** Name of the rule where no error code applies. */
  rule?: string;
  /** Place of the problem in the configuration. */
  path?: readonly PropertyKey[];
  /** A run can start in spite of it. */
  warning?: boolean;
}
