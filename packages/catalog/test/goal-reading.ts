import type { ApiDescription } from "@ape/core/protocol/api";
import { goalParts } from "../src/checks/goal-parts.ts";
import { suggestChecks } from "../src/checks/suggest-checks.ts";
import type { Clause } from "../src/goal/clause.ts";
import { catalogOf } from "../src/operations/shared-catalog.ts";
import { checkText } from "./check-text.ts";

const list = (values: Iterable<unknown>): string => JSON.stringify([...values]);

/** What a clause says beside its words; nothing of what it does not say. */
export function saidByClause(clause: Clause): string {
  const { verb, lead, object, wanted, extreme, currency, said } = clause;
  const flags = (
    ["caused", "indefinite", "acts", "active", "available", "plural", "another"] as const
  ).filter((name) => clause[name]);
  const lists = (["bounds", "amounts", "sizes", "names", "dates", "times"] as const).flatMap((name) =>
    clause[name].length === 0
      ? []
      : `${name} ${JSON.stringify(clause[name], (_, value: unknown) => (value instanceof Map ? [...(value as Map<string, number>).keys()].join("+") : value))}`,
  );
  return [
    JSON.stringify(said),
    `${verb ?? "-"} ${lead ?? "-"}`,
    `of ${[...object.nouns].map(([noun, weight]) => `${noun}:${weight}`).join(" ")}${object.refers ? " it" : ""}`,
    ...(wanted === undefined ? [] : [`wants ${wanted.negated ? "not " : ""}${wanted.word}`]),
    ...(extreme === undefined
      ? []
      : [`${extreme.least ? "least" : "most"} ${[...extreme.about.keys()].join("+")}`]),
    ...(currency === undefined ? [] : [currency]),
    flags.join(" "),
    ...lists,
  ].join("; ");
}

/** How a goal is read: its parts with what each clause says, operations, values, checks, and what they prove. */
export function goalReading(goal: string, api: ApiDescription): string {
  const parts = goalParts(goal, catalogOf([api]));
  const { checks, proof } = suggestChecks(goal, [api]);
  return [
    `# ${goal}`,
    ...parts.flatMap(({ clause, kind, text, operation, values, times, madeBy }) => [
      `- ${saidByClause(clause)}`,
      `  ${kind} ${JSON.stringify(text)}: ${operation?.key ?? "none"}${times === 1 ? "" : ` ${times} times`}${madeBy === undefined ? "" : ` of ${madeBy.operation?.key}`}${[...values].map(([field, value]) => ` ${field.name}=${JSON.stringify(value)}`).join("")}`,
    ]),
    ...checks.map(
      ({ check, why, proves }) => `* ${checkText(check)}\n  ${why}; proves ${proves.join(" + ")}`,
    ),
    `unproven ${list(proof.unproven)}, only accepted ${list(proof.accepted ?? [])}`,
  ].join("\n");
}
