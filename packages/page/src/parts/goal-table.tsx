import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { linkTo } from "../data/route.ts";
import { numberText, percentText } from "../format.ts";
import { Scroll } from "./scroll.tsx";

interface Row {
  kind: "goal" | "persona";
  name: string;
  ended: number;
  succeeded: number;
  gaveUp: number | undefined;
}

/** Success by goal and by persona; each leads to its sessions. */
export function GoalTable(): VNode | null {
  const { run, route } = usePage();
  const { byGoal, byPersona } = run.summary.sessions;
  const rows: Row[] = [
    ...Object.entries(byGoal).map(([name, of]): Row => ({ kind: "goal", name, ...of, gaveUp: undefined })),
    ...Object.entries(byPersona).map(([name, of]): Row => ({ kind: "persona", name, ...of })),
  ];
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby="goals">
      <h3 id="goals">Goals and personas</h3>
      <Scroll label="Goals and personas, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="number">
                Ended
              </th>
              <th scope="col" class="number">
                Succeeded
              </th>
              <th scope="col" class="number">
                Gave up
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ kind, name, ended, succeeded, gaveUp }) => (
              <tr key={`${kind} ${name}`}>
                <th scope="row">
                  <a href={linkTo(route, { view: "sessions", [kind]: name })}>
                    <span class="clamped">{name}</span>
                  </a>{" "}
                  <span class="note">{kind}</span>
                </th>
                <td class="number">{numberText(ended)}</td>
                <td class="number" title={`${numberText(succeeded)} of ${numberText(ended)}`}>
                  {ended === 0 ? "–" : percentText(succeeded / ended)}
                </td>
                <td class="number">{numberText(gaveUp)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
