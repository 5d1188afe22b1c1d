import type { Json } from "@ape/core/lib/json";
import { anyYearOf, isWithoutYear } from "../goal/times/points-in-time.ts";

/** What a proposed check expects of a value: the value itself, its form, whether there is one, or that it is another one. */
export type ExpectedValue = Json | { exists?: boolean; ne?: Json; matches?: string };

/** What a check expects of a value that a goal gives: a day without a year is that day of any year. */
export const expectedValue = (value: Json): ExpectedValue =>
  isWithoutYear(value) ? { matches: anyYearOf(value) } : value;

/** A check of a goal without alternatives, as it is written into ape.config.yaml. */
export type SingleCheckDraft =
  | {
      action: {
        operation: string;
        status?: number | string | number[];
        body?: Record<string, ExpectedValue>;
        text?: { contains: string };
        count?: number;
        completes?: true;
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

/** A check of a goal, or alternatives of which one must hold, as it is written into ape.config.yaml. */
export type CheckDraft = SingleCheckDraft | { anyOf: SingleCheckDraft[] };

/** The name of an operation in a check that has to be replaced: no target has it. */
export const REPLACE = "replace_me";

/** Whether a check has to be replaced before it can hold, by the operation that it names. */
export const isStandIn = (operation: string): boolean => /[ /]replace_me$/.test(operation);

/** The alternatives of a check: itself if it is no choice. */
export const alternativesOfDraft = (check: CheckDraft): readonly SingleCheckDraft[] =>
  "anyOf" in check ? check.anyOf : [check];

/** The operation that a check names; of alternatives that of the first one. */
export function operationOfDraft(check: CheckDraft): string {
  const [first] = alternativesOfDraft(check);
  if (first === undefined) return "";
  return "action" in first ? first.action.operation : first.probe.operation;
}
