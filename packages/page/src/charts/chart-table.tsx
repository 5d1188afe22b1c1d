import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { offsetText } from "../format.ts";
import { Scroll } from "../parts/scroll.tsx";
import { type ChartLine, tableRows } from "./chart-data.ts";

interface ChartTableProps {
  title: string;
  lines: readonly ChartLine[];
  bucketMs: number;
  format: (value: number) => string;
}

/** The values of a chart as a table; made only when it is opened. */
export function ChartTable({ title, lines, bucketMs, format }: ChartTableProps): VNode {
  const [open, setOpen] = useState(false);
  return (
    <details class="data" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`${title} as a table`}>Table</summary>
      {open ? (
        <Scroll label={`${title}, table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">time</th>
                {lines.map(({ label }) => (
                  <th scope="col" key={label} class="number">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {tableRows(lines[0]?.values.length ?? 0).map((row) => (
                <tr key={row}>
                  <th scope="row">{offsetText(row * bucketMs)}</th>
                  {lines.map(({ label, values }) => {
                    const value = values[row] ?? null;
                    return (
                      <td key={label} class="number">
                        {value === null ? "–" : format(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      ) : null}
    </details>
  );
}
