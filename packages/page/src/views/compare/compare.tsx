import type { VNode } from "preact";
import type { PageApi } from "../../data/api.ts";
import { usePage } from "../../data/page-state.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import { CompareRuns } from "./compare-runs.tsx";
import { ComparisonTable } from "./comparison-table.tsx";

/** Two runs of the folder: what changed, with how much certainty. */
export function CompareView({ api }: { api: PageApi }): VNode {
  const { folder, route, go, run } = usePage();
  const ids = (folder?.runs ?? []).filter(({ status }) => status !== "running").map(({ id }) => id);
  const after = route.b ?? (ids.includes(run.report.run) ? run.report.run : ids[0]);
  const others = ids.filter((id) => id !== after);
  const before = route.a ?? others.find((id) => after !== undefined && id < after) ?? others[0];
  const key = before === undefined || after === undefined ? undefined : `${before} ${after}`;
  const loaded = useLoaded(key, async () => ({
    comparison: await api.compare(before ?? "", after ?? ""),
    runs: [await api.run(before ?? ""), await api.run(after ?? "")] as const,
  }));
  const choice = (label: string, name: "a" | "b", value: string | undefined): VNode => (
    <label>
      {label}{" "}
      <select value={value ?? ""} onChange={(event) => go({ [name]: event.currentTarget.value })}>
        {ids.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="card wide" aria-labelledby="compare">
      <div class="bar-line">
        <h2 id="compare">Compare</h2>
        {choice("before", "a", before)}
        {choice("after", "b", after)}
      </div>
      {key === undefined ? (
        <p>A comparison needs two runs that have ended in this folder.</p>
      ) : loaded.state === "loading" ? (
        <p role="status">Comparing the events of both runs…</p>
      ) : loaded.state === "failed" ? (
        <p role="alert" class="bad-text">
          {loaded.message}
        </p>
      ) : (
        <>
          <ComparisonTable comparison={loaded.value.comparison} />
          <CompareRuns runs={loaded.value.runs} />
        </>
      )}
    </section>
  );
}
