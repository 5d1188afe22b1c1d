import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { PathLayout } from "../../data/path-layout.ts";
import { numberText } from "../../format.ts";
import { Scroll } from "../../parts/scroll.tsx";

/** The bands of the drawing as a table. */
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
              {[...layout.links]
                .sort((a, b) => a.depth - b.depth || b.sessions - a.sessions)
                .map(({ depth, from, to, sessions }) => (
                  <tr key={`${depth} ${from} ${to}`}>
                    <td class="number">{depth + 1}</td>
                    <td>{from}</td>
                    <td>{to}</td>
                    <td class="number">{numberText(sessions)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </Scroll>
      ) : null}
    </details>
  );
}
