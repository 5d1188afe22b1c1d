import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { linkTo } from "../data/route.ts";
import { msText, numberText, percentText } from "../format.ts";
import { Scroll } from "../parts/scroll.tsx";

/** The runs of the folder, newest first. */
export function RunsView(): VNode {
  const { folder, route, run } = usePage();
  const runs = folder?.runs ?? [];
  return (
    <section class="card wide" aria-labelledby="runs">
      <h2 id="runs">Runs of this folder</h2>
      {(folder?.of ?? 0) > runs.length ? (
        <p class="note">
          The newest {numberText(runs.length)} of {numberText(folder?.of)}; <code>ape-test page RUN</code>{" "}
          shows any other one.
        </p>
      ) : null}
      <Scroll label="Runs, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Status</th>
              <th scope="col" class="number">
                Exit
              </th>
              <th scope="col" class="number">
                Agents
              </th>
              <th scope="col" class="number">
                Time
              </th>
              <th scope="col" class="number">
                Sessions
              </th>
              <th scope="col" class="number">
                Succeeded
              </th>
              <th scope="col">Compare</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ id, status, exitCode, agents, durationMs, ended, succeeded }) => (
              <tr key={id} class={id === run.report.run ? "open" : ""}>
                <th scope="row">
                  <a href={linkTo({ ...route, run: id }, { view: "overview" })}>{id}</a>
                </th>
                <td class={exitCode === 0 || status === "running" ? "" : "bad-text"}>{status}</td>
                <td class="number">{exitCode ?? "–"}</td>
                <td class="number">{numberText(agents)}</td>
                <td class="number">{msText(durationMs)}</td>
                <td class="number">{numberText(ended)}</td>
                <td class="number">
                  {ended === null || ended === 0 ? "–" : percentText((succeeded ?? 0) / ended)}
                </td>
                <td>
                  {id === run.report.run || status === "running" ? null : (
                    <a
                      aria-label={`Compare ${id} with the shown run`}
                      href={linkTo(route, { view: "compare", a: id, b: run.report.run })}
                    >
                      with the shown run
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
