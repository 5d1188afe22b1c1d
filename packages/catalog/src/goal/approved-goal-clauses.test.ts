import { join } from "node:path";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { goalRows, kindOfLines } from "../../test/goal-rows.ts";
import { goalParts } from "../checks/goal-parts.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { goalClauses } from "./goal-clauses.ts";

/** The clauses of a goal as an API has operations for them, with the amounts that are no names, and what serves each part. */
function textOf(goal: string, lines: readonly string[]): string {
  const catalog = new OperationCatalog([apiOf(kindOfLines(lines), ...lines)]);
  const clauses = goalClauses(goal, catalog).map(
    ({ written, said, verb, active, along, amounts }) =>
      `  ${JSON.stringify([written, ...(said === written ? [] : [said])])}${active ? ` ${verb ?? "-"}` : ""}${along === true ? " along" : ""}${amounts.map(({ value }) => ` ${value}`).join("")}`,
  );
  const parts = goalParts(goal, catalog).map(
    ({ text, operation, times, values }) =>
      `  ${text} -> ${operation?.key ?? "none"}${times === 1 ? "" : ` x${times}`}${Array.from(values, ([{ leaf }, value]) => ` ${leaf}=${JSON.stringify(value)}`).join("")}`,
  );
  return [`# ${goal} => ${lines.join(" // ")}`, ...clauses, ...parts].join("\n");
}

test("clauses of a goal by what operations there are, at the edges of each rule", async () => {
  const texts = goalRows("clauses").flatMap(({ rows }) => rows.map(({ goal, lines }) => textOf(goal, lines)));
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/goal-clauses.txt"),
  );
});
