import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { PathLayout } from "../../data/path-layout.ts";
import { numberText } from "../../format.ts";
import { Scroll } from "../../parts/scroll.tsx";

/** Every link of the paths as a table, those too thin to draw included. */
export function PathTable({ layout }: { layout: PathLayout }): VNode {
  const [open, setOpen] = useState(false);
  return (
    <details class="data" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Table</summary>
      {open ? (
        <Scroll label="Paths, table">
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  action
                </th>
                <th scope="col">from</th>
                <th scope="col">to</th>
                <th scope="col" class="number">
                  sessions
                </th>
              </tr>
            </thead>
            <tbody>
              {[...layout.all]
                .sort((a, b) => a.depth - b.depth || b.value - a.value)
                .map(({ depth, from, to, value }) => (
                  <tr key={`${depth} ${from} ${to}`}>
                    <td class="number">{depth + 1}</td>
                    <td>{from}</td>
                    <td>{to}</td>
                    <td class="number">{numberText(value)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </Scroll>
      ) : null}
    </details>
  );
}
