import type { ReportOperation } from "@ape/core/report/report";
import { shortened } from "@ape/core/report/shortened";
import type { VNode } from "preact";
import { Fragment } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Sparkline } from "../../charts/sparkline.tsx";
import { type OperationFigures, operationFigures } from "../../data/metrics.ts";
import { usePage } from "../../data/page-state.ts";
import { msText, numberText, percentText } from "../../format.ts";
import { NAME_CHARS } from "../../parts/name-chars.ts";
import { Scroll } from "../../parts/scroll.tsx";
import { OperationDetail } from "./operation-detail.tsx";

interface Row {
  operation: ReportOperation;
  figures: OperationFigures;
}

type Column = "name" | "count" | "rate" | "failed" | "med" | "p95" | "p99" | "max";

const COLUMNS: readonly (readonly [Column, string])[] = [
  ["name", "Operation"],
  ["count", "Count"],
  ["rate", "Per second"],
  ["failed", "Failed"],
  ["med", "Median"],
  ["p95", "p95"],
  ["p99", "p99"],
  ["max", "Max"],
];

/** Every operation: how often, how fast, how often failed. */
export function OperationsView(): VNode {
  const { run, route, go } = usePage();
  const { report, summary } = run;
  const [filter, setFilter] = useState("");
  const sort = (COLUMNS.find(([column]) => column === route.sort)?.[0] ?? "count") as Column;
  const descending = route.order === undefined ? sort !== "name" : route.order === "desc";
  const rows = useMemo(
    () => sorted(rowsOf(report.operations, summary), sort, descending),
    [report.operations, summary, sort, descending],
  );
  const shown = rows.filter(({ operation }) => operation.name.toLowerCase().includes(filter.toLowerCase()));
  const by = (column: Column): void =>
    go({
      sort: column,
      order: column === sort && descending ? "asc" : column === "name" && column !== sort ? "asc" : "desc",
    });
  const open = route.operation;
  return (
    <section class="card wide" aria-labelledby="operations">
      <div class="bar-line">
        <h2 id="operations">Operations</h2>
        <label>
          Filter{" "}
          <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
        </label>
      </div>
      <Scroll label="Operations, table">
        <table class="operations">
          <thead>
            <tr>
              {COLUMNS.map(([column, label]) => (
                <th
                  key={column}
                  scope="col"
                  class={column === "name" ? "" : "number"}
                  aria-sort={sort === column ? (descending ? "descending" : "ascending") : "none"}
                >
                  <button type="button" onClick={() => by(column)}>
                    {label} <span aria-hidden="true">{sort === column ? (descending ? "▾" : "▴") : ""}</span>
                  </button>
                </th>
              ))}
              <th scope="col">Over time</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ operation, figures }) => (
              <Fragment key={operation.name}>
                <tr class={open === operation.name ? "open" : ""}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      aria-expanded={open === operation.name}
                      onClick={() => go({ operation: open === operation.name ? undefined : operation.name })}
                    >
                      {shortened(operation.name, NAME_CHARS)}
                    </button>
                  </th>
                  <td class="number">{numberText(figures.count)}</td>
                  <td class="number">{numberText(figures.rate)}</td>
                  <td class={`number ${figures.failed > 0 ? "bad-text" : ""}`}>
                    {numberText(figures.failed)}
                    {figures.failed > 0
                      ? ` (${percentText(figures.failed / Math.max(1, figures.count))})`
                      : ""}
                  </td>
                  <td class="number">{msText(figures.med)}</td>
                  <td class="number">{msText(figures.p95)}</td>
                  <td class="number">{msText(figures.p99)}</td>
                  <td class="number">{msText(figures.max)}</td>
                  <td>
                    <Sparkline
                      values={operation.spark}
                      label={`${shortened(operation.name, NAME_CHARS)}: actions over time`}
                    />
                  </td>
                </tr>
                {open === operation.name ? (
                  <tr>
                    <td colSpan={COLUMNS.length + 1}>
                      <OperationDetail operation={operation} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      </Scroll>
      {shown.length === 0 ? (
        <p class="note">No operation {filter === "" ? "was called yet" : "matches"}.</p>
      ) : null}
    </section>
  );
}

function rowsOf(
  operations: readonly ReportOperation[],
  summary: Parameters<typeof operationFigures>[0],
): Row[] {
  return operations.map((operation) => {
    const figures = operationFigures(summary, operation.name);
    // Operations beyond the report's bound are one row, which the summary does not have.
    return { operation, figures: figures.count === 0 ? { ...figures, count: operation.count } : figures };
  });
}

function sorted(rows: Row[], column: Column, descending: boolean): Row[] {
  const value = ({ operation, figures }: Row): number | string =>
    column === "name" ? operation.name : (figures[column] ?? -1);
  const order = descending ? -1 : 1;
  return rows.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return typeof x === "string" ? order * x.localeCompare(String(y)) : order * (x - Number(y));
  });
}
