import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { usePage } from "../data/page-state.ts";

/** A connection that is cut for less than this comes back by itself. */
const PATIENCE_MS = 3_000;

/** What to do about a live run that does not answer any more. */
export function LostHint(): VNode | null {
  const { live, run } = usePage();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (live !== "lost") return undefined;
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [live]);
  if (live !== "lost" || !isLong) return null;
  const { run: id } = run.report;
  return (
    <section class="card lost" role="alert">
      <h2>The run does not answer</h2>
      <p>
        The page tries again every second and shows what it knew last. If the run's engine has ended,{" "}
        <code>ape-test report {id}</code> computes the results of what it has recorded, and{" "}
        <code>ape-test page {id}</code> shows them here; <code>ape-test status</code> says whether it is
        running.
      </p>
    </section>
  );
}
