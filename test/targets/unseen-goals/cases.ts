import { readFileSync } from "node:fs";
import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { METHODS, type Verb } from "@ape/core/protocol/operations/operation";
import { outlineGoal } from "@ape/planner/goal/goal-outline";

/** A goal in a user's words over an API that nobody adapted to the words of the planner. */
export interface UnseenGoal {
  api: ApiDescription;
  goal: string;
  /** Accepted operations for each part of the goal, in order; `-` stands for none. */
  expected: readonly (readonly string[])[];
}

/**
 * Reads the goals of a half. Each API is a block: `# target: title`, operations as
 * `METHOD /path | summary | inputs | fields of the answer`, then goals as `> words` with their operations below.
 */
export function unseenGoals(half: "development" | "held-out"): UnseenGoal[] {
  const text = readFileSync(new URL(`${half}.txt`, import.meta.url), "utf8");
  return text.split(/^# /m).slice(1).flatMap(goalsOf);
}

function goalsOf(block: string): UnseenGoal[] {
  const [described = "", ...goals] = block.split(/^> /m);
  const [name = "", ...lines] = described.trim().split("\n");
  const [target = "", title = ""] = name.split(": ");
  const api: ApiDescription = {
    target,
    title,
    documented: true,
    auth: [{ type: "bearer" }],
    operations: lines.map(operationOf),
  };
  return goals.map((goal) => {
    const [words = "", ...steps] = goal.trim().split("\n");
    return { api, goal: words, expected: steps.map((step) => step.split(" || ")) };
  });
}

function operationOf(line: string): ApiOperation {
  const [key = "", summary = "", inputs = "", answers = ""] = line.split("|").map((part) => part.trim());
  const [method = "", path = ""] = key.split(" ");
  const parameters = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => fieldOf("path", `${name}!`));
  const sent = inputs
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => fieldOf(part.startsWith("q:") ? "query" : "body", part.slice(2)));
  const got = answers
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => fieldOf("answer", part));
  return {
    method: METHODS.find((one) => one === method) as Verb,
    path,
    summary: summary.replace(" (auth)", ""),
    fields: [...parameters, ...sent, ...got],
    secured: summary.includes("(auth)"),
  };
}

function fieldOf(place: ApiField["in"], text: string): ApiField {
  const name = text.replace("!", "");
  return { in: place, name, type: "string", required: text.endsWith("!"), description: "" };
}

/** The calls that a plan makes for the goal's own words, and the writes that no word asks for. */
export function plannedCalls({ api, goal }: UnseenGoal): string[] {
  return outlineGoal(goal, [api], ["email", "password"])
    .filter(({ words, writes, login }) => words !== undefined || (writes && !login))
    .map(({ operation }) => operation);
}

/** Whether a plan has exactly the expected operations, in order. */
export function isPlannedRight({ expected }: UnseenGoal, planned: readonly string[]): boolean {
  let at = 0;
  for (const accepted of expected) {
    if (accepted.includes(planned[at] ?? "")) at += 1;
    else if (!accepted.includes("-")) return false;
  }
  return at === planned.length;
}
