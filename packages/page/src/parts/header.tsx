import type { LiveWhole } from "@ape/core/report/page-data";
import type { VNode } from "preact";
import { usePage } from "../data/page-state.ts";
import { linkTo } from "../data/route.ts";
import { keyText, offsetText } from "../format.ts";
import type { ViewName } from "../views/view-names.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

/** Name and state of the run, and the way to every view. */
export function Header({ views, current }: { views: readonly ViewName[]; current: ViewName }): VNode {
  const { run, route, live } = usePage();
  const { status } = run.summary.run;
  const state =
    live === "live" && "progress" in run
      ? (run as LiveWhole).progress.phase
      : live === "lost"
        ? "connection lost, trying again"
        : `${keyText(status)}${run.summary.run.exitCode === 0 ? "" : `, exit code ${run.summary.run.exitCode}`}`;
  // Beside the status: a screen reader would read it out every second.
  const elapsed = live === "live" && "progress" in run ? (run as LiveWhole).progress.elapsedMs : undefined;
  const good = live === "live" || run.summary.run.exitCode === 0;
  return (
    <header class="top">
      <div class="title">
        <h1>
          <span class="logo" aria-hidden="true">
            ◆
          </span>{" "}
          APE <span class="note run-id">{run.report.run}</span>
        </h1>
        <span class={`state ${live === "live" ? "live" : good ? "good" : "bad"}`}>
          <span role="status">{state}</span>
          {elapsed === undefined ? null : <span role="timer">, {offsetText(elapsed)}</span>}
        </span>
        <ThemeSwitch />
      </div>
      <nav aria-label="Views">
        <ul class="tabs">
          {views.map((name) => (
            <li key={name}>
              <a href={linkTo(route, { view: name })} aria-current={name === current ? "page" : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}
