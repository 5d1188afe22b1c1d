import { ATTRIBUTIONS } from "@ape/core/protocol/outcome";
import { shortened } from "@ape/core/report/shortened";
import type { VNode } from "preact";
import { usePage } from "../../data/page-state.ts";
import { linkTo } from "../../data/route.ts";
import { numberText } from "../../format.ts";
import { NAME_CHARS } from "../../parts/name-chars.ts";
import { Scroll } from "../../parts/scroll.tsx";

/** Failed actions by operation and by who caused them: also those from which sessions recovered. */
export function FailedOperations(): VNode | null {
  const { run, route } = usePage();
  const failed = run.report.operations.filter((operation) => Object.keys(operation.failed).length > 0);
  const names = ATTRIBUTIONS.filter((name) =>
    failed.some((operation) => operation.failed[name] !== undefined),
  );
  if (failed.length === 0) return null;
  return (
    <section class="card wide" aria-labelledby="failed-actions">
      <h2 id="failed-actions">Failed actions</h2>
      <p class="note">Also those from which sessions recovered.</p>
      <Scroll label="Failed actions, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Operation</th>
              {names.map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
              <th scope="col" class="number">
                of actions
              </th>
            </tr>
          </thead>
          <tbody>
            {failed.map((operation) => (
              <tr key={operation.name}>
                <th scope="row">
                  <a
                    href={linkTo(route, { view: "operations", operation: operation.name })}
                    title={operation.name}
                  >
                    {shortened(operation.name, NAME_CHARS)}
                  </a>
                </th>
                {names.map((name) => (
                  <td key={name} class="number">
                    {numberText(operation.failed[name] ?? 0)}
                  </td>
                ))}
                <td class="number">{numberText(operation.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
