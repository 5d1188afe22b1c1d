import type { LiveWhole, PageFolder, PageRun } from "@ape/core/report/page-data";
import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { App, useRoute } from "./app.tsx";
import { PageApi, RefusedError } from "./data/api.ts";
import type { PageState } from "./data/page-state.ts";
import { routeHash } from "./data/route.ts";

/** The page of a server: a live run, or the runs of a folder. */
export function ServedApp(): VNode {
  const route = useRoute();
  const { token = "" } = route;
  const api = useMemo(() => new PageApi(token), [token]);
  const [folder, setFolder] = useState<PageFolder>();
  const [shown, setShown] = useState<{ id: string; run: PageRun | LiveWhole }>();
  const [live, setLive] = useState<PageState["live"]>("no");
  const [trouble, setTrouble] = useState<Error>();
  useEffect(() => {
    setTrouble(undefined);
    return currentOnly((isCurrent) => {
      api.folder().then(isCurrent(setFolder), isCurrent(setTrouble));
    });
  }, [api]);
  const wanted = route.run ?? folder?.current;
  const isLive = folder?.live === true && wanted === folder.current;
  useEffect(() => {
    if (wanted === undefined || folder === undefined) return undefined;
    setTrouble(undefined);
    const show = (run: PageRun | LiveWhole): void => {
      setShown({ id: wanted, run });
      setTrouble(undefined);
    };
    if (isLive) return api.follow(show, setLive, setTrouble);
    setLive("no");
    return currentOnly((isCurrent) => {
      api.run(wanted).then(isCurrent(show), isCurrent(setTrouble));
    });
  }, [api, wanted, isLive, folder === undefined]);
  // Never the figures of one run under the address of another.
  const run = shown !== undefined && shown.id === wanted ? shown.run : undefined;
  if (run !== undefined) return <App run={run} api={api} folder={folder} live={live} />;
  return (
    <main class="alone">
      {trouble !== undefined ? (
        <Trouble error={trouble} isLive={isLive} />
      ) : folder !== undefined && wanted === undefined ? (
        <NoFinishedRun running={folder.runs.find(({ status }) => status === "running")?.id} />
      ) : (
        <p role="status">Loading…</p>
      )}
      {trouble !== undefined && folder?.current !== undefined && wanted !== folder.current ? (
        <p>
          <a href={routeHash({ token, view: "runs" })}>All runs of this folder</a>
        </p>
      ) : null}
    </main>
  );
}

function NoFinishedRun({ running }: { running: string | undefined }): VNode {
  if (running === undefined)
    return (
      <p>
        There are no finished runs in this folder yet: start one with <code>ape-test start</code>.
      </p>
    );
  return (
    <p>
      No run of this folder has finished yet. {running} is running: <code>ape-test page {running}</code>{" "}
      prints the address of its live page.
    </p>
  );
}

/** Ends what was begun for an earlier address: its answers are not shown. */
function currentOnly(
  begin: (isCurrent: <T>(use: (value: T) => void) => (value: T) => void) => void,
): () => void {
  let ended = false;
  begin((use) => (value) => {
    if (!ended) use(value);
  });
  return () => {
    ended = true;
  };
}

/** Why the page has no data, and what to do about it. */
function Trouble({ error, isLive }: { error: Error; isLive: boolean }): VNode {
  if (!(error instanceof RefusedError && error.status === 401))
    return (
      <p role="alert">
        {error.message}
        {isLive ? ". The page tries again every second." : ""}
      </p>
    );
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
