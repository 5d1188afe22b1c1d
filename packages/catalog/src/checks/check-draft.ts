import type { Json } from "@ape/core/lib/json";

/** What a proposed check expects of a value: the value itself, or whether there is one. */
export type ExpectedValue = Json | { exists: boolean };

/** A check of a goal, as it is written into ape.config.yaml. */
export type CheckDraft =
  | {
      action: {
        operation: string;
        status?: number | string;
        body?: Record<string, ExpectedValue>;
        text?: { contains: string };
        count?: number;
        capture?: Record<string, string>;
      };
    }
  | {
      probe: {
        operation: string;
        document?: string;
        arguments?: Record<string, string>;
        after?: string;
        expect: {
          status: number | string | number[];
          body?: Record<string, ExpectedValue>;
          text?: { contains: string };
        };
      };
    };

/** The operation that a check names. */
export const operationOfDraft = (check: CheckDraft): string =>
  "action" in check ? check.action.operation : check.probe.operation;
