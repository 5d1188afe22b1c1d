import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A goal and the operations that it is read for, as lines of `apiOf`. */
export interface GoalRow {
  goal: string;
  lines: readonly string[];
}

/** Rows of a kind: each differs from another one in what a rule asks for. */
export interface GoalRows {
  kind: string;
  rows: readonly GoalRow[];
}

/** Reads `# KIND` and rows of `GOAL => OPERATION // OPERATION` from a file of `rows`. */
export function goalRows(name: string): GoalRows[] {
  return readFileSync(join(import.meta.dirname, "rows", `${name}.txt`), "utf8")
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [kind = "", ...lines] = block.trim().split("\n");
      const rows = lines.map((line) => {
        const [goal = "", operations = ""] = line.split(" => ");
        return { goal, lines: operations.split(" // ") };
      });
      return { kind, rows };
    });
}

/** The kind of API that operations as lines are of. */
export function kindOfLines([first = ""]: readonly string[]): "rest" | "graphql" | "mcp" {
  if (/^(?:query|mutation) /.test(first)) return "graphql";
  return first.startsWith("tool ") ? "mcp" : "rest";
}
