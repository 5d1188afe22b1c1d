import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/api";
import type { GoalConfig } from "@ape/core/config/goal";
import { ApeError } from "@ape/core/errors";
import { createGateway } from "@ape/gateway/gateway";
import { type OutlinedCall, outlineGoal } from "@ape/inference/simulated/outline";
import { systemClock as clock } from "./clock.ts";
import { loadRows } from "./launch/rows.ts";
import type { Project } from "./project.ts";
import { proxySettings } from "./proxy-settings.ts";

/** A check that could prove a goal, and why it is proposed. */
export interface SuggestedCheck {
  why: string;
  check:
    | { action: { operation: string; status: string; capture?: Record<string, string> } }
    | { probe: { operation: string; expect: { status: number } } };
}

const LEADS_ELSEWHERE = /^(?:query|mutation|tool) /;
const ID_NAME = /(?:^|_)(?:id|uuid|slug|key|code|number|ref)$|(?:Id|ID|Uuid|Slug|Key|Code|Number|Ref)$/;

/**
 * Proposes checks for a goal in words, from the API documents of the project's targets.
 * @param data where the goal has data: its columns say what the goal's words may mean
 * @throws ApeError what would keep a run from starting; USAGE where the words ask for nothing that the APIs do
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
    env: proxySettings(environment),
  });
  try {
    const apis = Object.keys(config.targets).map((name) => gateway.describe(name));
    const [row = {}] = data === undefined ? [] : await loadRows(data, directory);
    const columns = [...Object.keys(row), ...Object.keys(data?.generate ?? {})];
    return checksFor(outlineGoal(words, apis, columns), apis);
  } finally {
    await gateway.close();
  }
}

/**
 * As {@link suggestChecks}, for what is known of the APIs. What changes something is proof, as an action; what it made
 * is read back by a probe where the API can. Of a goal that changes nothing, its last read is all there is.
 */
export function checksFor(calls: readonly OutlinedCall[], apis: readonly ApiDescription[]): SuggestedCheck[] {
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
    const back = readBack(call, apis);
    suggested.push({
      why,
      check: {
        action: {
          operation: named,
          status: "2xx",
          ...(back === undefined ? {} : { capture: { [back.name]: `$.${back.field}` } }),
        },
      },
    });
    if (back === undefined) continue;
    suggested.push({
      why: `what ${call.operation} answered is there; add to \`expect\` what must be true of it: ${back.says}`,
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

interface ReadBack {
  operation: string;
  /** The capture's name, and the field of the answer that it is taken from. */
  name: string;
  field: string;
  /** The fields that the read answers. */
  says: string;
}

/** How what a call made can be read: `GET` of its own path and one id, which the call answers. */
function readBack(call: OutlinedCall, apis: readonly ApiDescription[]): ReadBack | undefined {
  if (LEADS_ELSEWHERE.test(call.operation) || !call.operation.startsWith("POST ")) return undefined;
  const operations = apis.find(({ target }) => target === call.target)?.operations ?? [];
  const path = call.operation.slice("POST ".length);
  const made = operations.find((one) => one.method === "POST" && one.path === path);
  const read = operations.find(
    (one) =>
      one.method === "GET" &&
      one.path.startsWith(`${path}/{`) &&
      /^[^/]*\}$/.test(one.path.slice(path.length + 2)),
  );
  const id = read === undefined || made === undefined ? undefined : idOf(made, read);
  if (read === undefined || id === undefined) return undefined;
  const name = captureName(path);
  const says = answersOf(read).map((field) => `$.${field}`);
  return {
    operation: `GET ${path}/{${name}}`,
    name,
    field: id,
    says: says.slice(0, 6).join(", ") || "its fields are not documented",
  };
}

/** The field of a call's answer that a read's parameter stands for: of the same name, otherwise the one that is an id. */
function idOf(made: ApiOperation, read: ApiOperation): string | undefined {
  const parameter = read.fields.find((field) => field.in === "path")?.name ?? "";
  const answers = answersOf(made);
  const last = (field: string): string => field.split(".").at(-1) ?? field;
  return (
    answers.find((field) => last(field) === parameter) ??
    answers.find((field) => last(field) === "id") ??
    answers.find((field) => ID_NAME.test(last(field)))
  );
}

function answersOf(operation: ApiOperation): string[] {
  const scalar = ({ in: where, name, type }: ApiField): boolean =>
    where === "answer" && !name.includes("[]") && !/^(?:object|array)|\[\]$/.test(type);
  return operation.fields.filter(scalar).map(({ name }) => name);
}

/** `/orders` -> `order`. */
function captureName(path: string): string {
  const word = path.split("/").findLast((segment) => /^[A-Za-z]/.test(segment)) ?? "made";
  const singular = word.replace(/ies$/, "y").replace(/([^s])s$/, "$1");
  return singular.replaceAll(/[^\w]/g, "_");
}
