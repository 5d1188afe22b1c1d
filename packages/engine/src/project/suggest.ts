import type { GoalConfig } from "@ape/core/config/goal";
import { ApeError } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import { type ReadBack, readBack } from "@ape/core/protocol/operations/verification-read";
import { createGateway } from "@ape/gateway/gateway";
import { type OutlinedCall, outlineGoal } from "@ape/planner/goal/goal-outline";
import { readTable } from "../data/table.ts";
import { systemClock as clock } from "../host/clock.ts";
import type { Project } from "./project.ts";

/** A check that could prove a goal, and why it is proposed. */
export interface SuggestedCheck {
  why: string;
  check:
    | { action: { operation: string; status: string; capture?: Record<string, string> } }
    | { probe: { operation: string; expect: { status: number } } };
}

/**
 * Proposes checks for a goal in words, from the API documents of the project's targets.
 * @param data of the goal: its columns explain the goal's words
 * @throws ApeError errors that would keep a run from starting; USAGE if the words ask for nothing that the APIs offer
 */
export async function suggestChecks(
  project: Project,
  words: string,
  data: GoalConfig["data"],
): Promise<SuggestedCheck[]> {
  const { config, directory, environment } = project;
  const gateway = await createGateway({
    targets: config.targets,
    clock,
    baseDir: directory,
    env: environment,
  });
  try {
    const apis = Object.keys(config.targets).map((name) => gateway.describe(name));
    const known = data === undefined ? [] : (await readTable(data, directory)).columns;
    const columns = [...known, ...Object.keys(data?.generate ?? {})];
    return checksFor(outlineGoal(words, apis, columns), apis);
  } finally {
    await gateway.close();
  }
}

/**
 * As {@link suggestChecks}, from parsed APIs. An operation that changes something is the proof, as an action; a probe
 * reads back what it created if the API can. For a goal that changes nothing, the last read is the only proof.
 */
function checksFor(calls: readonly OutlinedCall[], apis: readonly ApiDescription[]): SuggestedCheck[] {
  const writes = calls.filter(({ writes: changes, login }) => changes && !login);
  const proving = writes.length > 0 ? writes : calls.filter(({ login }) => !login).slice(-1);
  if (proving.length === 0)
    throw new ApeError("USAGE", "these words ask for nothing that the APIs of the targets do", {
      hint: "Say it with the words of the API document, one thing after another: `Log in, find a product, check out`.",
    });
  const suggested: SuggestedCheck[] = [];
  const taken = new Set<string>();
  for (const call of proving) {
    const named = apis.length > 1 ? `${call.target}: ${call.operation}` : call.operation;
    if (taken.has(named)) continue;
    taken.add(named);
    const why = call.words === undefined ? "another step needs it" : `"${call.words}"`;
    const operations = apis.find(({ target }) => target === call.target)?.operations ?? [];
    const made = operations.find(({ method, path }) => `${method} ${path}` === call.operation);
    const back = made === undefined ? undefined : readBack(made, operations);
    suggested.push({
      why,
      check: {
        action: {
          operation: named,
          status: "2xx",
          ...(back === undefined ? {} : { capture: { [back.capture]: `$.${back.field}` } }),
        },
      },
    });
    if (back === undefined) continue;
    suggested.push({
      why: `what ${call.operation} answered is there; add to \`expect\` what must be true of it: ${fieldsOf(back)}`,
      check: {
        probe: {
          operation: apis.length > 1 ? `${call.target}: ${back.operation}` : back.operation,
          expect: { status: 200 },
        },
      },
    });
  }
  return suggested;
}

/** Some of the fields of a read's answer, as checks name them. */
function fieldsOf({ says }: ReadBack): string {
  const some = says.slice(0, 6).map((field) => `$.${field}`);
  return some.join(", ") || "its fields are not documented";
}
