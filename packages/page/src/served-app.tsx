import type { LiveWhole, PageFolder, PageRun } from "@ape/core/report/page-data";
import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { App, useRoute } from "./app.tsx";
import { PageApi, RefusedError } from "./data/api.ts";
import type { PageState } from "./data/page-state.ts";

/** The page of a server: a live run, or the runs of a folder. */
export function ServedApp(): VNode {
  const route = useRoute();
  const { token = "" } = route;
  const api = useMemo(() => new PageApi(token), [token]);
  const [folder, setFolder] = useState<PageFolder>();
  const [run, setRun] = useState<PageRun | LiveWhole>();
  const [live, setLive] = useState<PageState["live"]>("no");
  const [trouble, setTrouble] = useState<Error>();
  const failed = (error: Error): void => setTrouble(error);
  useEffect(() => {
    api.folder().then(setFolder, failed);
  }, [api]);
  const wanted = route.run ?? folder?.current;
  const isLive = folder?.live === true && wanted === folder.current;
  useEffect(() => {
    if (wanted === undefined) return undefined;
    if (!isLive) {
      setLive("no");
      api.run(wanted).then(setRun, failed);
      return undefined;
    }
    return api.follow(setRun, setLive);
  }, [api, wanted, isLive]);
  if (run !== undefined) return <App run={run} api={api} folder={folder} live={live} />;
  return (
    <main class="alone">
      {trouble !== undefined ? (
        <Trouble error={trouble} />
      ) : folder !== undefined && wanted === undefined ? (
        <p>
          There are no runs in this folder yet: start one with <code>ape-test start</code>.
        </p>
      ) : (
        <p role="status">Loading…</p>
      )}
    </main>
  );
}

/** Why the page has no data, and what to do about it. */
function Trouble({ error }: { error: Error }): VNode {
  if (!(error instanceof RefusedError && error.status === 401)) return <p role="alert">{error.message}</p>;
  return (
    <div role="alert">
      <h1>The token of this page is missing or wrong</h1>
      <p>
        Open the whole address, with its end <code>#token=…</code>. For a running run{" "}
        <code>ape-test status</code> prints it; for finished runs <code>ape-test page</code> prints a new one
        each time that it starts.
      </p>
    </div>
  );
}
