import type { PageRun } from "@ape/core/report/page-data";
import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { PageApi } from "./data/api.ts";
import { PageProvider, type PageState } from "./data/page-state.ts";
import { type PageRoute, parseRoute, routeHash } from "./data/route.ts";
import { Header } from "./parts/header.tsx";
import { LostHint } from "./parts/lost-hint.tsx";
import { CompareView } from "./views/compare/compare.tsx";
import { FailuresView } from "./views/failures/failures.tsx";
import { OperationsView } from "./views/operations/operations.tsx";
import { OverviewView } from "./views/overview.tsx";
import { PathsView } from "./views/paths/paths.tsx";
import { RunsView } from "./views/runs.tsx";
import { SessionsView } from "./views/sessions/sessions.tsx";
import { SERVED_VIEWS, VIEW_NAMES, type ViewName } from "./views/view-names.ts";

interface AppProps {
  run: PageRun;
  api?: PageApi | undefined;
  folder?: PageState["folder"];
  live?: PageState["live"];
}

/** The fragment of the address, as it changes. */
export function useRoute(): PageRoute {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = (): void => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

/** The page of one run. */
export function App({ run, api, folder, live = "no" }: AppProps): VNode {
  const route = useRoute();
  const hasFolder = folder !== undefined && !folder.live;
  const views = VIEW_NAMES.filter((name) => hasFolder || !SERVED_VIEWS.includes(name));
  const current = views.find((name) => name === route.view) ?? "overview";
  const context = useMemo(
    (): PageState => ({
      route,
      go: (to) => {
        location.hash = routeHash({ ...route, ...to });
      },
      run,
      api,
      folder,
      live,
    }),
    [route, run, api, folder, live],
  );
  useEffect(() => {
    document.title = `APE: ${current}, ${run.report.run}`;
  }, [current, run.report.run]);
  return (
    <PageProvider value={context}>
      <button type="button" class="skip" onClick={focusContent}>
        Skip to the content
      </button>
      <Header views={views} current={current} />
      <main id="main" tabIndex={-1}>
        <LostHint />
        <View name={current} api={api} />
      </main>
      <footer class="note">
        APE {run.manifest.versions.ape}, Node {run.manifest.versions.node}; run started{" "}
        {run.summary.run.startedAt}; the same figures are in <code>summary.json</code> and{" "}
        <code>report.json</code>.
      </footer>
    </PageProvider>
  );
}

function focusContent(): void {
  document.getElementById("main")?.focus();
}

function View({ name, api }: { name: ViewName; api: PageApi | undefined }): VNode {
  if (name === "operations") return <OperationsView />;
  if (name === "failures") return <FailuresView />;
  if (name === "sessions") return <SessionsView />;
  if (name === "paths") return <PathsView />;
  if (name === "compare" && api !== undefined) return <CompareView api={api} />;
  if (name === "runs") return <RunsView />;
  return <OverviewView />;
}
